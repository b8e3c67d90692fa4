// How the factors of a matrix product are multiplied, 32 bits at a time.
//
// A word of the left factor holds `depth` successive k of one row, and is spread over a vector; a word of the right factor holds the same k of
// one column, and a vector of them is loaded. `rightBytes` is what such a word takes in memory: where that is less than four, it is widened when it is loaded.
// The sums are f32, or i32 where the factors are integers.

#define GERBERT_MEMBER static inline __attribute__((always_inline))

// f32 by f32.
struct MultiplyF32 {
  typedef F Sums;
  static constexpr int depth = 1, rightBytes = 4;
  GERBERT_MEMBER F left(const char* p) { return splat(loadAs<float>(p)); }
  GERBERT_MEMBER F right(const char* p) { return load((const float*)p); }
  GERBERT_MEMBER F step(F left, F right, F sums) { return fma(left, right, sums); }
};

#ifdef GERBERT_DOT

// Pairs of bf16. Both products are added to the sum, the later one first; subnormal numbers count as 0.
struct MultiplyBf16 {
  typedef F Sums;
  static constexpr int depth = 2, rightBytes = 4;
  GERBERT_MEMBER I left(const char* p) { return splatI(loadAs<int32_t>(p)); }
  GERBERT_MEMBER I right(const char* p) { return loadAs<I>(p); }
  GERBERT_MEMBER F step(I left, I right, F sums) { return (F)_mm512_dpbf16_ps((__m512)sums, (__m512bh)left, (__m512bh)right); }
};

// Four integers: left 0 … 255, which is the number itself plus `leftShift`; right −127 … 127. A sum of 32 bits never saturates
// for the depths that are allowed.
struct MultiplyInt8 {
  typedef I Sums;
  static constexpr int depth = 4, rightBytes = 4, leftShift = 128;
  typedef uint8_t Left;
  GERBERT_MEMBER I left(const char* p) { return splatI(loadAs<int32_t>(p)); }
  GERBERT_MEMBER I right(const char* p) { return loadAs<I>(p); }
  GERBERT_MEMBER I step(I left, I right, I sums) { return (I)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)left, (__m512i)right); }
};

#else

// The compiler's own widening of whole vectors goes by halves (GCC 12): where there is one instruction, it is named.
typedef uint16_t HalfWords __attribute__((vector_size(W * 2)));
typedef int8_t HalfBytes __attribute__((vector_size(W * 2)));
typedef int16_t Shorts __attribute__((vector_size(W * 4)));

// bf16 where the processor has no instruction for it: f32 whose lower half is 0, stored without that half.
struct MultiplyBf16 {
  typedef F Sums;
  static constexpr int depth = 1, rightBytes = 2;
  GERBERT_MEMBER F left(const char* p) { return splat(loadAs<float>(p)); }
  GERBERT_MEMBER F right(const char* p) {
#if GERBERT_WIDTH == 16
    return (F)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)p)), 16);
#elif GERBERT_WIDTH == 8
    return (F)_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i*)p)), 16);
#else
    return (F)(__builtin_convertvector(loadAs<HalfWords>(p), U) << 16);
#endif
  }
  GERBERT_MEMBER F step(F left, F right, F sums) { return fma(left, right, sums); }
};

// a0·b0 + a1·b1 in each pair of 16-bit integers.
GERBERT_INLINE I multiplyPairs(Shorts a, Shorts b) {
#if GERBERT_WIDTH == 16
  return (I)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif GERBERT_WIDTH == 8
  return (I)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif defined(GERBERT_NEON)
  const int16x8_t x = (int16x8_t)a, y = (int16x8_t)b;
  return (I)vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y));
#elif defined(__SSE2__)
  return (I)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  // The halves of each word, with their signs.
  const I x = (I)a, y = (I)b;
  return (x >> 16) * (y >> 16) + ((x << 16) >> 16) * ((y << 16) >> 16);
#endif
}

// Pairs of integers −127 … 127, left with 16 bits each, right with 8. Nothing saturates, neither within 16 bits.
struct MultiplyInt8 {
  typedef I Sums;
  static constexpr int depth = 2, rightBytes = 2, leftShift = 0;
  typedef int16_t Left;
  GERBERT_MEMBER Shorts left(const char* p) { return (Shorts)splatI(loadAs<int32_t>(p)); }
  GERBERT_MEMBER Shorts right(const char* p) {
#if GERBERT_WIDTH == 16
    return (Shorts)_mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i*)p));
#elif GERBERT_WIDTH == 8
    return (Shorts)_mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i*)p));
#else
    return __builtin_convertvector(loadAs<HalfBytes>(p), Shorts);
#endif
  }
  GERBERT_MEMBER I step(Shorts left, Shorts right, I sums) { return sums + multiplyPairs(left, right); }
};

#endif

GERBERT_INLINE F addSums(F a, F b) { return a + b; }
GERBERT_INLINE I addSums(I a, I b) { return a + b; }
