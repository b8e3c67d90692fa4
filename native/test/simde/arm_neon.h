// Stands in for the compiler's header in the build over SIMDe: NEON's intrinsics in portable C, and the one that SIMDe 0.7.4 lacks.
#pragma once
#if defined(__ARM_NEON)
// The processor's own: SIMDe includes it too.
#include_next <arm_neon.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/arm/neon.h>

#undef vsqrtq_f32
static inline float32x4_t vsqrtq_f32(float32x4_t x) {
  for (int i = 0; i < 4; i++) x[i] = sqrtf(x[i]);
  return x;
}
#endif
