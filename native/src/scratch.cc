#include <stdlib.h>

#include <atomic>

#include "huge_pages.h"
#include "runtime.h"
#include "scratch.h"

namespace gerbert {

namespace {

std::atomic<uint64_t> allocations{0};

struct ThreadScratch {
  Scratch slots[scratchSlots];
};

thread_local ThreadScratch own;

}  // namespace

Scratch::~Scratch() { free(data); }

void* Scratch::reserve(size_t bytes) {
  if (bytes <= capacity) return data;
  // A quarter more than asked for, in whole huge pages where it is large, so that slowly growing sizes do not allocate at every step.
  size_t unit = bytes >= hugePage ? hugePage : 4096;
  size_t size = (bytes + bytes / 4 + unit - 1) / unit * unit;
  free(data);
  data = nullptr;
  capacity = 0;
  if (size < bytes || posix_memalign(&data, unit, size) != 0) {
    data = nullptr;
    failMemory(bytes);
  }
  if (size >= hugePage) adviseHugePages(static_cast<char*>(data), size);
  capacity = size;
  allocations.fetch_add(1, std::memory_order_relaxed);
  return data;
}

void* scratch(ScratchSlot slot, size_t bytes) { return own.slots[slot].reserve(bytes); }

uint64_t scratchAllocations() { return allocations.load(std::memory_order_relaxed); }

}  // namespace gerbert
