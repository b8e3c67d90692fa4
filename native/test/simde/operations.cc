// The operations as the compiler's header has them, and, with another <immintrin.h>, over SIMDe. GERBERT_OPERATIONS names the namespace.
#include "operations.h"

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

namespace {

template <class T>
T take(const unsigned char* from) {
  T v;
  memcpy(&v, from, sizeof v);
  return v;
}
template <class T>
void give(unsigned char* to, T v) {
  memcpy(to, &v, sizeof v);
}

}  // namespace

#define OPERATION(name, ...) {#name, [](unsigned char* out, const unsigned char* a, const unsigned char* b, const unsigned char* c) { \
  (void)a, (void)b, (void)c;                                                                                                      \
  __VA_ARGS__;                                                                                                                    \
}}
#define OF1(name, A) OPERATION(name, give(out, name(take<A>(a))))
#define OF2(name, A, B) OPERATION(name, give(out, name(take<A>(a), take<B>(b))))
#define OF3(name, A, B, C) OPERATION(name, give(out, name(take<A>(a), take<B>(b), take<C>(c))))
#define MASKED(load, store, Mask) \
  OPERATION(load, give(out, load(take<Mask>(b), a))), OPERATION(store, (memcpy(out, c, 64), store(out, take<Mask>(b), load((Mask)-1, a))))

namespace GERBERT_OPERATIONS {

const Operation* operations(size_t* count) {
  static const Operation all[] = {
      MASKED(_mm512_maskz_loadu_ps, _mm512_mask_storeu_ps, __mmask16),
      MASKED(_mm256_maskz_loadu_ps, _mm256_mask_storeu_ps, __mmask8),
      MASKED(_mm512_maskz_loadu_epi32, _mm512_mask_storeu_epi32, __mmask16),
      MASKED(_mm512_maskz_loadu_epi16, _mm512_mask_storeu_epi16, __mmask32),
      MASKED(_mm512_maskz_loadu_epi8, _mm512_mask_storeu_epi8, __mmask64),
      MASKED(_mm256_maskz_loadu_epi16, _mm256_mask_storeu_epi16, __mmask16),
      MASKED(_mm256_maskz_loadu_epi8, _mm256_mask_storeu_epi8, __mmask32),
      MASKED(_mm_maskz_loadu_epi8, _mm_mask_storeu_epi8, __mmask16),
      OPERATION(_mm256_maskload_ps, give(out, _mm256_maskload_ps((const float*)a, take<__m256i>(b)))),
      OPERATION(_mm256_maskstore_ps, memcpy(out, c, 64); _mm256_maskstore_ps((float*)out, take<__m256i>(b), take<__m256>(a))),
      OF1(_mm512_cvtepi32_ps, __m512i),
      OF1(_mm512_cvtepi8_epi32, __m128i),
      OF1(_mm512_cvtepu8_epi32, __m128i),
      OF1(_mm512_cvtepi16_epi32, __m256i),
      OF1(_mm512_cvtepu16_epi32, __m256i),
      OF1(_mm512_cvtepu8_epi16, __m256i),
      OF1(_mm512_cvtps_pd, __m256),
      OF1(_mm512_cvtpd_ps, __m512d),
      OF1(_mm512_cvtpbh_ps, __m256bh),
      OF1(_mm512_cvtepi32_epi8, __m512i),
      OF1(_mm512_cvtepi32_epi16, __m512i),
      OF1(_mm512_cvtusepi32_epi8, __m512i),
      OF1(_mm512_cvtusepi32_epi16, __m512i),
      OF1(_mm512_cvtps_epi32, __m512),
      OF1(_mm512_cvttps_epi32, __m512),
      OF1(_mm512_cvtneps_pbh, __m512),
      OF1(_mm256_cvtneps_pbh, __m256),
      OF2(_mm512_cvtne2ps_pbh, __m512, __m512),
      OF2(_mm256_cvtne2ps_pbh, __m256, __m256),
      OF2(_mm256_permutexvar_epi16, __m256i, __m256i),
      OF2(_mm512_scalef_ps, __m512, __m512),
      OPERATION(_mm512_scalef_ps_near, {
        __m512 n;
        for (int i = 0; i < 16; i++) n[i] = (float)(int8_t)b[i] * 1.5f;
        give(out, _mm512_scalef_ps(take<__m512>(a), n));
      }),
      OF3(_mm512_dpbf16_ps, __m512, __m512bh, __m512bh),
      OPERATION(_mm512_srai_epi32, give(out, _mm512_srai_epi32(take<__m512i>(a), 7))),
      OF1(_mm512_reduce_add_epi32, __m512i),
      OF2(_mm512_min_ps, __m512, __m512),
      OF2(_mm512_max_ps, __m512, __m512),
      OF2(_mm512_maddubs_epi16, __m512i, __m512i),
      OF2(_mm512_packs_epi32, __m512i, __m512i),
      OF2(_mm512_packus_epi16, __m512i, __m512i),
      OF2(_mm512_unpacklo_epi16, __m512i, __m512i),
      OF2(_mm512_unpackhi_epi16, __m512i, __m512i),
      OF2(_mm512_unpacklo_epi32, __m512i, __m512i),
      OF2(_mm512_unpackhi_epi32, __m512i, __m512i),
      OF2(_mm512_shuffle_epi8, __m512i, __m512i),
      OF3(_mm512_permutex2var_epi16, __m512i, __m512i, __m512i),
      OF3(_mm512_permutex2var_epi32, __m512i, __m512i, __m512i),
      OF1(_mm512_sqrt_ps, __m512),
      OF2(_mm512_mul_epu32, __m512i, __m512i),
      OF3(_mm512_dpbusd_epi32, __m512i, __m512i, __m512i),
      OF2(_mm512_madd_epi16, __m512i, __m512i),
      OF2(_mm512_permutexvar_epi16, __m512i, __m512i),
      OF1(_mm256_sqrt_ps, __m256),
      OF2(_mm256_mul_epu32, __m256i, __m256i),
      OF2(_mm256_min_ps, __m256, __m256),
      OF2(_mm256_max_ps, __m256, __m256),
      OF2(_mm256_madd_epi16, __m256i, __m256i),
      OF2(_mm256_maddubs_epi16, __m256i, __m256i),
      OF2(_mm256_packs_epi32, __m256i, __m256i),
      OF2(_mm256_packus_epi16, __m256i, __m256i),
      OF2(_mm256_permutevar8x32_epi32, __m256i, __m256i),
      OF1(_mm256_cvtepi8_epi16, __m128i),
      OF1(_mm256_cvtepu8_epi16, __m128i),
      OF1(_mm256_cvtepi32_ps, __m256i),
      OF1(_mm256_cvtps_epi32, __m256),
      OF1(_mm256_cvtph_ps, __m128i),
      // Of NaNs, the payload may differ.
      OPERATION(_mm256_cvtps_ph, {
        give(out, _mm256_cvtps_ph(take<__m256>(a), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
        for (int i = 0; i < 16; i += 2) {
          if ((take<uint16_t>(out + i) & 0x7fff) > 0x7c00) give(out + i, (uint16_t)0x7e00);
        }
      }),
  };
  *count = sizeof all / sizeof *all;
  return all;
}

}  // namespace GERBERT_OPERATIONS
