// Vectors of the chosen width, in the compiler's own vector types; intrinsics only where those have no word for it.
//
// The last, incomplete vector of a row is loaded and stored under a mask, never computed by other code than the full ones: so a value
// has the same bits wherever in a row or block it stands.

#define GERBERT_INLINE static inline __attribute__((always_inline, unused))

constexpr int W = GERBERT_WIDTH;

typedef float F __attribute__((vector_size(W * 4)));
typedef int32_t I __attribute__((vector_size(W * 4)));
typedef uint32_t U __attribute__((vector_size(W * 4)));
typedef float HalfF __attribute__((vector_size(W * 2)));  // half as many floats: what converts to one vector of doubles
typedef double D __attribute__((vector_size(W * 4)));

// How much of a vector is in use: all of it, or its first `count` lanes.
struct Full {
  static constexpr int count = W;
};
struct Part {
  int count;
};

// Minus 0 and not plus: −0 stays what it is, and nothing is left to compute.
GERBERT_INLINE F splat(float x) { return x - F{}; }
GERBERT_INLINE I splatI(int32_t x) { return I{} + x; }

// A vector of any kind from wherever it lies, and back.
template <class V>
GERBERT_INLINE V loadAs(const void* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
template <class V>
GERBERT_INLINE void storeAs(void* p, V v) {
  __builtin_memcpy(p, &v, sizeof v);
}

GERBERT_INLINE F load(const float* p, Full = {}) {
  F v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
GERBERT_INLINE void store(float* p, F v, Full = {}) { __builtin_memcpy(p, &v, sizeof v); }

// Lanes beyond the part load as 0 and are not stored.
#if GERBERT_WIDTH == 16
GERBERT_INLINE F load(const float* p, Part part) { return (F)_mm512_maskz_loadu_ps((__mmask16)((1u << part.count) - 1), p); }
GERBERT_INLINE void store(float* p, F v, Part part) { _mm512_mask_storeu_ps(p, (__mmask16)((1u << part.count) - 1), (__m512)v); }
#elif GERBERT_WIDTH == 8
GERBERT_INLINE __m256i maskOf(Part part) {
  static const int32_t lanes[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
  return _mm256_loadu_si256((const __m256i*)(lanes + 8 - part.count));
}
GERBERT_INLINE F load(const float* p, Part part) { return (F)_mm256_maskload_ps(p, maskOf(part)); }
GERBERT_INLINE void store(float* p, F v, Part part) { _mm256_maskstore_ps(p, maskOf(part), (__m256)v); }
#else
GERBERT_INLINE F load(const float* p, Part part) {
  float lanes[W] = {};
  for (int i = 0; i < part.count; i++) lanes[i] = p[i];
  return load(lanes);
}
GERBERT_INLINE void store(float* p, F v, Part part) {
  float lanes[W];
  store(lanes, v);
  for (int i = 0; i < part.count; i++) p[i] = lanes[i];
}
#endif

// Stores past the caches, where p lies at a multiple of a vector: for what is large and not read again soon, since the caches would first read
// what is overwritten. `storedPast` must come before another thread reads it.
GERBERT_INLINE void storePast(float* p, F v) {
#if GERBERT_WIDTH == 16
  _mm512_stream_ps(p, (__m512)v);
#elif GERBERT_WIDTH == 8
  _mm256_stream_ps(p, (__m256)v);
#else
  store(p, v);
#endif
}
GERBERT_INLINE void storedPast() {
#if GERBERT_WIDTH >= 8
  _mm_sfence();
#endif
}

// a · b + c, rounded once where the processor can.
GERBERT_INLINE F fma(F a, F b, F c) {
#if GERBERT_WIDTH == 16
  return (F)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif GERBERT_WIDTH == 8
  return (F)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(GERBERT_NEON)
  return (F)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
  return a * b + c;
#endif
}

GERBERT_INLINE F squareRoot(F x) {
#if GERBERT_WIDTH == 16
  return (F)_mm512_sqrt_ps((__m512)x);
#elif GERBERT_WIDTH == 8
  return (F)_mm256_sqrt_ps((__m256)x);
#elif defined(GERBERT_NEON)
  return (F)vsqrtq_f32((float32x4_t)x);
#else
  for (int i = 0; i < W; i++) x[i] = sqrtf(x[i]);
  return x;
#endif
}

// Where a comparison holds (its lanes −1), a, else b.
GERBERT_INLINE F select(I condition, F a, F b) { return condition ? a : b; }
// The greater; b where one is NaN.
GERBERT_INLINE F maximum(F a, F b) {
#if GERBERT_WIDTH == 16
  return (F)_mm512_max_ps((__m512)a, (__m512)b);
#elif GERBERT_WIDTH == 8
  return (F)_mm256_max_ps((__m256)a, (__m256)b);
#else
  return a > b ? a : b;
#endif
}
GERBERT_INLINE F magnitude(F x) { return (F)((I)x & 0x7fffffff); }

// x, but no more or less than a bound; NaN stays.
GERBERT_INLINE F atMost(F x, float bound) {
#if GERBERT_WIDTH == 16
  return (F)_mm512_min_ps((__m512)splat(bound), (__m512)x);
#elif GERBERT_WIDTH == 8
  return (F)_mm256_min_ps((__m256)splat(bound), (__m256)x);
#else
  return select(x > bound, splat(bound), x);
#endif
}
GERBERT_INLINE F atLeast(F x, float bound) {
#if GERBERT_WIDTH == 16
  return (F)_mm512_max_ps((__m512)splat(bound), (__m512)x);
#elif GERBERT_WIDTH == 8
  return (F)_mm256_max_ps((__m256)splat(bound), (__m256)x);
#else
  return select(x < bound, splat(bound), x);
#endif
}

// Whether a comparison holds in any lane.
GERBERT_INLINE bool anyLane(I condition) {
#if GERBERT_WIDTH == 16
  return _mm512_movepi32_mask((__m512i)condition) != 0;
#elif GERBERT_WIDTH == 8
  return _mm256_movemask_ps((__m256)condition) != 0;
#else
  return (condition[0] | condition[1] | condition[2] | condition[3]) != 0;
#endif
}

// 0, 1, 2, …
GERBERT_INLINE I iota() {
  I v;
  for (int i = 0; i < W; i++) v[i] = i;
  return v;
}

// The lanes brought to one as a tree: half onto half.
template <class V, class Join>
GERBERT_INLINE auto joinLanes(V v, Join join) {
  constexpr int lanes = sizeof v / sizeof v[0];
  if constexpr (lanes == 16) {
    return joinLanes(join(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)),
                     join);
  } else if constexpr (lanes == 8) {
    return joinLanes(join(__builtin_shufflevector(v, v, 0, 1, 2, 3), __builtin_shufflevector(v, v, 4, 5, 6, 7)), join);
  } else if constexpr (lanes == 4) {
    return joinLanes(join(__builtin_shufflevector(v, v, 0, 1), __builtin_shufflevector(v, v, 2, 3)), join);
  } else {
    return join(v, __builtin_shufflevector(v, v, 1, 1))[0];
  }
}
GERBERT_INLINE float sumLanes(F v) {
  return joinLanes(v, [](auto a, auto b) { return a + b; });
}
GERBERT_INLINE double sumLanes(D v) {
  return joinLanes(v, [](auto a, auto b) { return a + b; });
}
GERBERT_INLINE float maximumLanes(F v) {
  return joinLanes(v, [](auto a, auto b) { return a > b ? a : b; });
}

// body(j, Full or Part) for j = 0, W, 2W, … below n.
template <class Body>
GERBERT_INLINE void columns(int64_t n, Body body) {
  int64_t j = 0;
  for (; j + W <= n; j += W) body(j, Full{});
  if (j < n) body(j, Part{(int)(n - j)});
}

// Σ term(j, part) over the columns: four running vectors, then a tree. The order depends on n alone. A term must be 0 in lanes out of use.
template <class Term>
GERBERT_INLINE float sumColumns(int64_t n, Term term) {
  F s0 = {}, s1 = {}, s2 = {}, s3 = {};
  int64_t j = 0;
  for (; j + 4 * W <= n; j += 4 * W) {
    s0 += term(j, Full{});
    s1 += term(j + W, Full{});
    s2 += term(j + 2 * W, Full{});
    s3 += term(j + 3 * W, Full{});
  }
  for (; j + W <= n; j += W) s0 += term(j, Full{});
  if (j < n) s1 += term(j, Part{(int)(n - j)});
  return sumLanes((s0 + s1) + (s2 + s3));
}

GERBERT_INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
GERBERT_INLINE int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
GERBERT_INLINE int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }
GERBERT_INLINE int64_t roundUp(int64_t a, int64_t unit) { return ceilDivide(a, unit) * unit; }

GERBERT_INLINE float* floats(const View& v) { return (float*)v.data; }
GERBERT_INLINE float* floats(const View* v) { return v ? (float*)v->data : nullptr; }
GERBERT_INLINE int32_t* ints(const View& v) { return (int32_t*)v.data; }
GERBERT_INLINE int32_t* ints(const View* v) { return v ? (int32_t*)v->data : nullptr; }
