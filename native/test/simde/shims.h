// What SIMDe 0.7.4 lacks of AVX-512, or gives otherwise than the processor: lane by lane, after the operations in Intel's Software Developer's
// Manual, volume 2. shims.cc compares each with the instruction itself. Included by immintrin.h, for the build over SIMDe alone.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t __mmask8;
typedef uint16_t __mmask16;
typedef uint32_t __mmask32;
typedef uint64_t __mmask64;

// Names for which SIMDe's alias is missing, or takes other arguments.
#define _MM_FROUND_NO_EXC SIMDE_MM_FROUND_NO_EXC
#undef _mm512_madd_epi16
#define _mm512_madd_epi16(a, b) simde_mm512_madd_epi16(a, b)

// Other versions of SIMDe may have some of them.
#undef _mm512_maskz_loadu_ps
#undef _mm512_mask_storeu_ps
#undef _mm256_maskz_loadu_ps
#undef _mm256_mask_storeu_ps
#undef _mm512_maskz_loadu_epi32
#undef _mm512_mask_storeu_epi32
#undef _mm512_maskz_loadu_epi16
#undef _mm512_mask_storeu_epi16
#undef _mm512_maskz_loadu_epi8
#undef _mm512_mask_storeu_epi8
#undef _mm256_maskz_loadu_epi16
#undef _mm256_mask_storeu_epi16
#undef _mm256_maskz_loadu_epi8
#undef _mm256_mask_storeu_epi8
#undef _mm_maskz_loadu_epi8
#undef _mm_mask_storeu_epi8
#undef _mm512_cvtepi32_ps
#undef _mm512_cvtepi8_epi32
#undef _mm512_cvtepu8_epi32
#undef _mm512_cvtepi16_epi32
#undef _mm512_cvtepu16_epi32
#undef _mm512_cvtepu8_epi16
#undef _mm512_cvtps_pd
#undef _mm512_cvtpd_ps
#undef _mm512_cvtpbh_ps
#undef _mm512_cvtepi32_epi8
#undef _mm512_cvtepi32_epi16
#undef _mm512_cvtusepi32_epi8
#undef _mm512_cvtusepi32_epi16
#undef _mm512_cvtps_epi32
#undef _mm512_cvttps_epi32
#undef _mm512_cvtneps_pbh
#undef _mm256_cvtneps_pbh
#undef _mm256_maskload_ps
#undef _mm512_cvtne2ps_pbh
#undef _mm512_scalef_ps
#undef _mm512_dpbf16_ps
#undef _mm512_srai_epi32
#undef _mm512_stream_ps
#undef _mm256_cvtne2ps_pbh
#undef _mm512_reduce_add_ps
#undef _mm512_reduce_max_ps
#undef _mm512_reduce_add_epi32

#define GERBERT_SHIM static inline __attribute__((always_inline, unused))

// ---- loads and stores under a mask: nothing else may be touched, not even read

// Vector name(mask, from) and void store(to, mask, vector), of `lanes` elements.
#define GERBERT_MASKED(name, store, Vector, Element, Mask, lanes)              \
  GERBERT_SHIM Vector name(Mask mask, const void* from) {                      \
    Element each[lanes] = {};                                                  \
    for (int i = 0; i < lanes; i++) {                                          \
      if (mask >> i & 1) memcpy(each + i, (const Element*)from + i, sizeof *each); \
    }                                                                          \
    Vector v;                                                                  \
    memcpy(&v, each, sizeof v);                                                \
    return v;                                                                  \
  }                                                                            \
  GERBERT_SHIM void store(void* to, Mask mask, Vector v) {                     \
    Element each[lanes];                                                       \
    memcpy(each, &v, sizeof v);                                                \
    for (int i = 0; i < lanes; i++) {                                          \
      if (mask >> i & 1) memcpy((Element*)to + i, each + i, sizeof *each);     \
    }                                                                          \
  }
GERBERT_MASKED(_mm512_maskz_loadu_ps, _mm512_mask_storeu_ps, __m512, float, __mmask16, 16)
GERBERT_MASKED(_mm256_maskz_loadu_ps, _mm256_mask_storeu_ps, __m256, float, __mmask8, 8)
GERBERT_MASKED(_mm512_maskz_loadu_epi32, _mm512_mask_storeu_epi32, __m512i, int32_t, __mmask16, 16)
GERBERT_MASKED(_mm512_maskz_loadu_epi16, _mm512_mask_storeu_epi16, __m512i, int16_t, __mmask32, 32)
GERBERT_MASKED(_mm512_maskz_loadu_epi8, _mm512_mask_storeu_epi8, __m512i, int8_t, __mmask64, 64)
GERBERT_MASKED(_mm256_maskz_loadu_epi16, _mm256_mask_storeu_epi16, __m256i, int16_t, __mmask16, 16)
GERBERT_MASKED(_mm256_maskz_loadu_epi8, _mm256_mask_storeu_epi8, __m256i, int8_t, __mmask32, 32)
GERBERT_MASKED(_mm_maskz_loadu_epi8, _mm_mask_storeu_epi8, __m128i, int8_t, __mmask16, 16)
#undef GERBERT_MASKED

// SIMDe's reads the whole vector.
GERBERT_SHIM __m256 _mm256_maskload_ps(const float* from, __m256i mask) {
  int32_t wanted[8];
  float each[8] = {};
  memcpy(wanted, &mask, sizeof mask);
  for (int i = 0; i < 8; i++) {
    if (wanted[i] < 0) each[i] = from[i];
  }
  __m256 v;
  memcpy(&v, each, sizeof v);
  return v;
}

// ---- conversions. To is as the result's lanes, From as the argument's.

#define GERBERT_CONVERT(name, Result, To, Argument, From, lanes, expression) \
  GERBERT_SHIM Result name(Argument v) {                                     \
    From from[lanes];                                                        \
    To to[lanes];                                                            \
    memcpy(from, &v, sizeof from);                                           \
    for (int i = 0; i < lanes; i++) {                                        \
      const From x = from[i];                                                \
      to[i] = (To)(expression);                                              \
    }                                                                        \
    Result result;                                                           \
    memcpy(&result, to, sizeof result);                                      \
    return result;                                                           \
  }
GERBERT_CONVERT(_mm512_cvtepi32_ps, __m512, float, __m512i, int32_t, 16, x)
GERBERT_CONVERT(_mm512_cvtepi8_epi32, __m512i, int32_t, __m128i, int8_t, 16, x)
GERBERT_CONVERT(_mm512_cvtepu8_epi32, __m512i, int32_t, __m128i, uint8_t, 16, x)
GERBERT_CONVERT(_mm512_cvtepi16_epi32, __m512i, int32_t, __m256i, int16_t, 16, x)
GERBERT_CONVERT(_mm512_cvtepu16_epi32, __m512i, int32_t, __m256i, uint16_t, 16, x)
GERBERT_CONVERT(_mm512_cvtepu8_epi16, __m512i, int16_t, __m256i, uint8_t, 32, x)
GERBERT_CONVERT(_mm512_cvtps_pd, __m512d, double, __m256, float, 8, x)
GERBERT_CONVERT(_mm512_cvtpd_ps, __m256, float, __m512d, double, 8, x)
GERBERT_CONVERT(_mm512_cvtpbh_ps, __m512, uint32_t, __m256bh, uint16_t, 16, (uint32_t)x << 16)
GERBERT_CONVERT(_mm512_cvtepi32_epi8, __m128i, uint8_t, __m512i, uint32_t, 16, x)
GERBERT_CONVERT(_mm512_cvtepi32_epi16, __m256i, uint16_t, __m512i, uint32_t, 16, x)
GERBERT_CONVERT(_mm512_cvtusepi32_epi8, __m128i, uint8_t, __m512i, uint32_t, 16, x > 255 ? 255 : x)
GERBERT_CONVERT(_mm512_cvtusepi32_epi16, __m256i, uint16_t, __m512i, uint32_t, 16, x > 65535 ? 65535 : x)

// What does not fit into an integer, NaN too, becomes its least.
GERBERT_SHIM int32_t gerbertInteger(float rounded) {
  return rounded >= -2147483648.0f && rounded < 2147483648.0f ? (int32_t)rounded : INT32_MIN;
}
GERBERT_CONVERT(_mm512_cvtps_epi32, __m512i, int32_t, __m512, float, 16, gerbertInteger(nearbyintf(x)))
GERBERT_CONVERT(_mm512_cvttps_epi32, __m512i, int32_t, __m512, float, 16, gerbertInteger(truncf(x)))

// To bfloat16, to nearest, ties to even; what is subnormal becomes 0.
GERBERT_SHIM uint16_t gerbertNarrow(uint32_t bits) {
  const uint32_t size = bits & 0x7fffffff;
  if (size < 0x00800000) return (uint16_t)(bits >> 16 & 0x8000);
  if (size > 0x7f800000) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
GERBERT_CONVERT(_mm512_cvtneps_pbh, __m256bh, uint16_t, __m512, uint32_t, 16, gerbertNarrow(x))
GERBERT_CONVERT(_mm256_cvtneps_pbh, __m128bh, uint16_t, __m256, uint32_t, 8, gerbertNarrow(x))
#undef GERBERT_CONVERT

GERBERT_SHIM __m512bh _mm512_cvtne2ps_pbh(__m512 high, __m512 low) {
  const __m256bh halves[2] = {_mm512_cvtneps_pbh(low), _mm512_cvtneps_pbh(high)};
  __m512bh v;
  memcpy(&v, halves, sizeof v);
  return v;
}

GERBERT_SHIM __m256bh _mm256_cvtne2ps_pbh(__m256 high, __m256 low) {
  const __m128bh halves[2] = {_mm256_cvtneps_pbh(low), _mm256_cvtneps_pbh(high)};
  __m256bh v;
  memcpy(&v, halves, sizeof v);
  return v;
}

// ---- stores past the caches: there are none to tell apart

GERBERT_SHIM void _mm512_stream_ps(void* to, __m512 v) { memcpy(to, &v, sizeof v); }

// ---- arithmetic

// a · 2^⌊b⌋. SIMDe's takes subnormal results, and subnormal arguments, for 0.
GERBERT_SHIM float gerbertScale(float a, float b) {
  uint32_t bits;
  memcpy(&bits, &a, sizeof a);
  const bool signalling = a != a && !(bits & 0x00400000);
  if (isinf(b) && !signalling) {
    if (a != a) return b > 0 ? b : 0;
    return b > 0 ? a * b : isinf(a) ? NAN : copysignf(0, a);
  }
  if (a != a || b != b) return a + b;
  return ldexpf(a, (int)(b > 1000 ? 1000 : b < -1000 ? -1000 : floorf(b)));
}
GERBERT_SHIM __m512 _mm512_scalef_ps(__m512 a, __m512 b) {
  for (int i = 0; i < 16; i++) a[i] = gerbertScale(a[i], b[i]);
  return a;
}

// Subnormal numbers count as 0, arguments and results.
GERBERT_SHIM float gerbertFlush(float x) { return fabsf(x) < 0x1p-126f ? copysignf(0, x) : x; }
GERBERT_SHIM float gerbertWiden(uint16_t x) {
  const uint32_t bits = (uint32_t)x << 16;
  float wide;
  memcpy(&wide, &bits, sizeof wide);
  return gerbertFlush(wide);
}
// sum + a₁ · b₁ + a₀ · b₀, in this order, each product added with one rounding.
GERBERT_SHIM __m512 _mm512_dpbf16_ps(__m512 sum, __m512bh a, __m512bh b) {
  uint16_t left[32], right[32];
  memcpy(left, &a, sizeof a);
  memcpy(right, &b, sizeof b);
  for (int i = 0; i < 16; i++) {
    float total = gerbertFlush(sum[i]);
    for (int k = 2 * i + 1; k >= 2 * i; k--) total = gerbertFlush(fmaf(gerbertWiden(left[k]), gerbertWiden(right[k]), total));
    sum[i] = total;
  }
  return sum;
}

GERBERT_SHIM __m512i _mm512_srai_epi32(__m512i v, unsigned by) {
  int32_t each[16];
  memcpy(each, &v, sizeof v);
  for (int i = 0; i < 16; i++) each[i] >>= by > 31 ? 31 : by;
  memcpy(&v, each, sizeof v);
  return v;
}

GERBERT_SHIM float _mm512_reduce_add_ps(__m512 v) {
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) v[i] += v[i + half];
  }
  return v[0];
}
GERBERT_SHIM float _mm512_reduce_max_ps(__m512 v) {
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) v[i] = v[i] > v[i + half] ? v[i] : v[i + half];
  }
  return v[0];
}
GERBERT_SHIM int32_t _mm512_reduce_add_epi32(__m512i v) {
  uint32_t each[16], total = 0;
  memcpy(each, &v, sizeof v);
  for (int i = 0; i < 16; i++) total += each[i];
  return (int32_t)total;
}

#undef GERBERT_SHIM
