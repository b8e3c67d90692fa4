// Factors of a matrix product, copied into panels for the register tile (see tile.h), and rounded to the numbers they are multiplied as.

typedef float F4 __attribute__((vector_size(16)));

// to[k·toStride + i] = from[i·fromStride + k] for four i and four k.
GERBERT_INLINE void transpose4(float* to, int64_t toStride, const float* from, int64_t fromStride) {
  const F4 r0 = loadAs<F4>(from), r1 = loadAs<F4>(from + fromStride), r2 = loadAs<F4>(from + 2 * fromStride), r3 = loadAs<F4>(from + 3 * fromStride);
  const F4 a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), b = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
  const F4 c = __builtin_shufflevector(r0, r1, 2, 6, 3, 7), d = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  storeAs(to, __builtin_shufflevector(a, b, 0, 1, 4, 5));
  storeAs(to + toStride, __builtin_shufflevector(a, b, 2, 3, 6, 7));
  storeAs(to + 2 * toStride, __builtin_shufflevector(c, d, 0, 1, 4, 5));
  storeAs(to + 3 * toStride, __builtin_shufflevector(c, d, 2, 3, 6, 7));
}

#if GERBERT_WIDTH >= 8
typedef float F8 __attribute__((vector_size(32)));

// The same for eight: pairs of rows are interleaved, then fours, and at last the halves of vectors are exchanged.
GERBERT_INLINE void transpose8(float* to, int64_t toStride, const float* from, int64_t fromStride) {
  F8 rows[8], pairs[8], fours[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) rows[i] = loadAs<F8>(from + i * fromStride);
#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 4) {
    fours[i] = __builtin_shufflevector(pairs[i], pairs[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    fours[i + 1] = __builtin_shufflevector(pairs[i], pairs[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    fours[i + 2] = __builtin_shufflevector(pairs[i + 1], pairs[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
    fours[i + 3] = __builtin_shufflevector(pairs[i + 1], pairs[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) {
    storeAs(to + k * toStride, __builtin_shufflevector(fours[k], fours[k + 4], 0, 1, 2, 3, 8, 9, 10, 11));
    storeAs(to + (k + 4) * toStride, __builtin_shufflevector(fours[k], fours[k + 4], 4, 5, 6, 7, 12, 13, 14, 15));
  }
}
#endif

// to[k·toStride + i] = from[i·fromStride + k] for `count` rows, which `block` turns as many at a time as k.
template <int count, class Block>
GERBERT_INLINE void transposeRows(float* to, int64_t toStride, const float* from, int64_t fromStride, int64_t depth, Block block) {
  int64_t k = 0;
  for (; k + count <= depth; k += count) {
    // The rows are short to a prefetcher: fetch the next ones while these are turned.
    if (k % 16 == 0) {
      for (int r = count; r < 2 * count; r++) __builtin_prefetch(from + r * fromStride + k);
    }
    block(to + k * toStride, from + k);
  }
  for (; k < depth; k++) {
    for (int r = 0; r < count; r++) to[k * toStride + r] = from[r * fromStride + k];
  }
}

// to[k·toStride + i] = from[i·fromStride + k] for i < rows, k < depth; 0 for rows ≤ i < padded.
static void transpose(float* to, int64_t toStride, const float* from, int64_t fromStride, int64_t rows, int64_t padded, int64_t depth) {
  int64_t i = 0;
#if GERBERT_WIDTH >= 8
  for (; i + 8 <= rows; i += 8) {
    transposeRows<8>(to + i, toStride, from + i * fromStride, fromStride, depth,
                     [&](float* out, const float* in) { transpose8(out, toStride, in, fromStride); });
  }
#endif
  for (; i + 4 <= rows; i += 4) {
    transposeRows<4>(to + i, toStride, from + i * fromStride, fromStride, depth,
                     [&](float* out, const float* in) { transpose4(out, toStride, in, fromStride); });
  }
  if (i == padded) return;
  for (int64_t k = 0; k < depth; k++) {
    for (int64_t r = i; r < rows; r++) to[k * toStride + r] = from[r * fromStride + k];
    for (int64_t r = rows; r < padded; r++) to[k * toStride + r] = 0;
  }
}

// Packs `rows` × `depth` of an array into panels of `unit` rows, each [depth][unit], 0 beyond the last row. Where `depthFirst`, the array is
// [depth, rows] and rows are copied, else it is [rows, depth] and turned. `stride` is the array's, `panel` the distance of panels.
template <int unit>
static void pack(float* to, int64_t panel, const float* from, int64_t stride, bool depthFirst, int64_t rows, int64_t depth) {
  if (!depthFirst) {
    for (int64_t i = 0; i < rows; i += unit) {
      transpose(to + i / unit * panel, unit, from + i * stride, stride, least(unit, rows - i), unit, depth);
    }
    return;
  }
  for (int64_t k = 0; k < depth; k++) {
    const float* row = from + k * stride;
    float* out = to + k * unit;
    int64_t i = 0;
    for (; i + unit <= rows; i += unit, out += panel) __builtin_memcpy(out, row + i, unit * 4);
    if (i < rows) {
      for (int64_t r = 0; r < unit; r++) out[r] = i + r < rows ? row[i + r] : 0;
    }
  }
}

// ---- rounding

// x rounded to bf16, to nearest, ties to even, as the upper half of 32 bits; the lower half is 0.
GERBERT_INLINE uint32_t roundBf16(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
  return (bits & 0x7fffffff) > 0x7f800000 ? ((bits & 0x80000000) | 0x7fc00000) : rounded;
}

// Rows and columns whose greatest magnitude is not above this count as 0 when they become integers: its inverse would overflow.
constexpr float leastScaled = 1e-30f;

// By what numbers are multiplied to become integers, from what one step of theirs is worth (0 or NaN where they have none).
GERBERT_INLINE float inverseFactor(float factor) { return factor > 0 ? 1 / factor : 0; }

// The nearest integers, ties to even, of numbers between −2²² and 2²².
GERBERT_INLINE I nearest(F x) { return (I)(x + 12582912.0f) - 0x4b400000; }

// The numbers a product is computed in. `depth` of them make a word; tiles multiply by `Multiply`, and by `Stored` where the right factor is read from
// a packed array as it lies there. `row` turns n numbers of f32 into words, 0 up to a whole one; `by` is what they are multiplied with before.
struct NumbersF32 {
  typedef MultiplyF32 Multiply, Stored;
  static constexpr int depth = 1;
  GERBERT_MEMBER void row(void* to, const float* from, int64_t n, float) { memcpy(to, from, (size_t)n * 4); }
};

#ifdef GERBERT_DOT
struct NumbersBf16 {
  typedef MultiplyBf16 Multiply, Stored;
  static constexpr int depth = 2;
  GERBERT_MEMBER void row(void* to, const float* from, int64_t n, float) {
    uint16_t* out = (uint16_t*)to;
    int64_t i = 0;
    for (; i + 2 * W <= n; i += 2 * W) {
      const __m512bh both = _mm512_cvtne2ps_pbh((__m512)load(from + i + W), (__m512)load(from + i));
      __builtin_memcpy(out + i, &both, sizeof both);
    }
    for (; i < n; i++) out[i] = (uint16_t)(roundBf16(from[i]) >> 16);
    if (n % 2) out[n] = 0;
  }
};
#else
struct NumbersBf16 {
  typedef MultiplyF32 Multiply;
  typedef MultiplyBf16 Stored;
  static constexpr int depth = 1;
  GERBERT_MEMBER void row(void* to, const float* from, int64_t n, float) {
    uint32_t* out = (uint32_t*)to;
    for (int64_t i = 0; i < n; i++) out[i] = roundBf16(from[i]);
  }
};
#endif

struct NumbersInt8 {
  typedef MultiplyInt8 Multiply, Stored;
  static constexpr int depth = MultiplyInt8::depth;
  GERBERT_MEMBER void row(void* to, const float* from, int64_t n, float by) {
    typedef MultiplyInt8::Left Left;
    typedef Left Lefts __attribute__((vector_size(W * sizeof(Left))));
    Left* out = (Left*)to;
    if (by == 0) {
      for (int64_t i = 0; i < n; i++) out[i] = MultiplyInt8::leftShift;
    } else {
      columns(n, [&](int64_t i, auto part) {
        const Lefts numbers = __builtin_convertvector(nearest(load(from + i, part) * by) + MultiplyInt8::leftShift, Lefts);
        __builtin_memcpy(out + i, &numbers, part.count * sizeof(Left));
      });
    }
    for (int64_t i = n; i % depth; i++) out[i] = 0;
  }
};

// ---- words into panels

// Rows are turned into words piece by piece, so that the words are still in the first cache when they go to their panels.
constexpr int64_t pieceWords = 64;

// Words of bf16 out of numbers that lie above each other.
template <int unit>
GERBERT_INLINE void pairWords(float* to, const float* low, const float* high) {
#ifdef GERBERT_DOT
  if constexpr (unit % W == 0) {
    // The lower numbers' sixteen halves come first, then the upper ones': they are dealt out in turn.
    static const int16_t turns[32] = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    const __m512i inTurn = _mm512_loadu_si512(turns);
    for (int i = 0; i < unit; i += W) {
      const __m512i halves = (__m512i)_mm512_cvtne2ps_pbh((__m512)load(high + i), (__m512)load(low + i));
      store(to + i, (F)_mm512_permutexvar_epi16(inTurn, halves));
    }
    return;
  }
#endif
#ifdef GERBERT_DOT
  if constexpr (unit == W / 2) {
    static const int16_t turns[16] = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};
    const __m256i inTurn = _mm256_loadu_si256((const __m256i*)turns);
    const __m256i halves = (__m256i)_mm256_cvtne2ps_pbh((__m256)loadAs<F8>(high), (__m256)loadAs<F8>(low));
    return storeAs(to, (F8)_mm256_permutexvar_epi16(inTurn, halves));
  }
#endif
  uint32_t words[unit];
  for (int r = 0; r < unit; r++) words[r] = roundBf16(low[r]) >> 16 | roundBf16(high[r]);
  __builtin_memcpy(to, words, sizeof words);
}

// `pack` for the words of `Numbers`: of `rows` × `numbers` of an array. `stride` counts numbers, `panel` words. `by`: one factor per row, or null.
// Where depthFirst, `numbers` may not be integers.
template <class Numbers, int unit>
static void packWords(float* to, int64_t panel, const float* from, int64_t stride, bool depthFirst, int64_t rows, int64_t numbers,
                      const float* by) {
  if constexpr (Numbers::depth == 1) {
    pack<unit>(to, panel, from, stride, depthFirst, rows, numbers);
    if constexpr (!__is_same(Numbers, NumbersF32)) {
      for (int64_t i = 0; i < rows; i += unit) Numbers::row(to + i / unit * panel, to + i / unit * panel, numbers * unit, 1);
    }
    return;
  }
  if (depthFirst) {
    static const float nothing[unit] = {};
    for (int64_t k = 0; k < numbers; k += 2) {
      for (int64_t i = 0; i < rows; i += unit) {
        const float *low = from + k * stride + i, *high = k + 1 < numbers ? low + stride : nothing;
        float edge[2][unit] = {};
        if (i + unit > rows) {
          memcpy(edge[0], low, (size_t)(rows - i) * 4);
          if (k + 1 < numbers) memcpy(edge[1], high, (size_t)(rows - i) * 4);
          low = edge[0];
          high = edge[1];
        }
        pairWords<unit>(to + i / unit * panel + k / 2 * unit, low, high);
      }
    }
    return;
  }
  float words[unit * pieceWords];
  constexpr int64_t piece = pieceWords * Numbers::depth;
  for (int64_t i = 0; i < rows; i += unit) {
    const int64_t n = least(unit, rows - i);
    for (int64_t k = 0; k < numbers; k += piece) {
      const int64_t count = least(piece, numbers - k);
      for (int64_t r = 0; r < n; r++) Numbers::row(words + r * pieceWords, from + (i + r) * stride + k, count, by ? by[i + r] : 1);
      transpose(to + i / unit * panel + k / Numbers::depth * unit, unit, words, pieceWords, n, unit, ceilDivide(count, Numbers::depth));
    }
  }
}
