// The memory JavaScript has told this instance of the addon about: the backing stores of its ArrayBuffers, under numbers.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gerbert {

// One per environment: every worker thread has its own.
class MemoryTable {
 public:
  struct Slot {
    char* data = nullptr;  // the first aligned byte
    size_t bytes = 0;      // from there on
    uint64_t generation = 0;
    napi_ref reference = nullptr;  // keeps the ArrayBuffer from being collected; null when the slot is free
  };

  // The number is generation · 2²⁰ + slot: exact in a double, and never used twice.
  static constexpr uint64_t slotBits = 20;
  static constexpr uint64_t mostSlots = uint64_t(1) << slotBits;
  static constexpr uint64_t mostGenerations = uint64_t(1) << (52 - slotBits);

  // Throws gerbert::Error when there is no number left.
  uint64_t adopt(char* data, size_t bytes, napi_ref reference);
  // Null when the number is not in use.
  const Slot* find(double handle) const;
  // Gives the number back and returns its reference; null when it is not in use.
  napi_ref release(double handle);

 private:
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace gerbert
