#include "memory.h"

#include "error.h"

namespace gerbert {

uint64_t MemoryTable::adopt(char* data, size_t bytes, napi_ref reference) {
  uint32_t at;
  if (!free_.empty()) {
    at = free_.back();
    free_.pop_back();
  } else {
    if (slots_.size() >= mostSlots) throw Error("OUT_OF_MEMORY", "more than a million buffers are in use at once");
    at = uint32_t(slots_.size());
    free_.reserve(slots_.size() + 1);
    slots_.emplace_back();
  }
  Slot& slot = slots_[at];
  slot.data = data;
  slot.bytes = bytes;
  slot.reference = reference;
  return slot.generation << slotBits | at;
}

const MemoryTable::Slot* MemoryTable::find(double handle) const {
  if (!(handle >= 0 && handle < 4503599627370496.0)) return nullptr;  // 2⁵²; NaN is none either
  const uint64_t number = uint64_t(handle);
  if (double(number) != handle) return nullptr;
  const uint64_t at = number & (mostSlots - 1);
  if (at >= slots_.size()) return nullptr;
  const Slot& slot = slots_[at];
  return slot.reference && slot.generation == number >> slotBits ? &slot : nullptr;
}

napi_ref MemoryTable::release(double handle) {
  Slot* slot = const_cast<Slot*>(find(handle));
  if (!slot) return nullptr;
  const napi_ref reference = slot->reference;
  const uint64_t next = slot->generation + 1;
  *slot = Slot();
  slot->generation = next;
  // A slot whose numbers have all been used stays out of use.
  if (next < mostGenerations) free_.push_back(uint32_t(slot - slots_.data()));
  return reference;
}

}  // namespace gerbert
