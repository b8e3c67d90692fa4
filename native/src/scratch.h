// Memory that only grows, for the packed panels and tiles of one thread.
#pragma once

#include <stddef.h>

namespace gerbert {

struct Scratch {
  void* data = nullptr;
  size_t capacity = 0;
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();
  // At least `bytes`, aligned to a page; the old content is lost when it grows. Throws OUT_OF_MEMORY.
  void* reserve(size_t bytes);
};

}  // namespace gerbert
