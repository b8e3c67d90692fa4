// The operations that shims.cc compares: those of shims.h, and those that the kernels use as SIMDe has them.
#pragma once
#include <stddef.h>

struct Operation {
  const char* name;
  // out, a, b, c: 64 bytes each
  void (*run)(unsigned char* out, const unsigned char* a, const unsigned char* b, const unsigned char* c);
};

namespace simulated {
const Operation* operations(size_t* count);
}
namespace genuine {
const Operation* operations(size_t* count);
}
