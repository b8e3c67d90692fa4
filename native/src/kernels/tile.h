// The register tile of the matrix product, and packing for it. Everything that multiplies matrices goes through `multiplySlice`.
//
// Every element of a product is summed in one pattern: k ascends within slices of sliceK, each summed from 0 with one multiply-add per k, and the
// sums of the slices are added in ascending order. Neither the size of the matrices, nor a tile's place, nor threads change it.

constexpr int tileRows = GERBERT_TILE_ROWS, tileVectors = GERBERT_TILE_VECTORS, tileColumns = tileVectors * W;
constexpr int64_t sliceK = 256;

// How a product's left or right factor lies in memory. Left: element (i, k) at data[i % tileRows + k·stride] of panel i / tileRows, or, by rows, at
// data[i·stride + k]. Right: element (k, j) at data[k·stride + j % tileColumns] of panel j / tileColumns. `panel` floats lie between panels.
struct Factor {
  const float* data;
  int64_t stride, panel;
  bool byRows;
};

GERBERT_INLINE Factor leftByRows(const float* data, int64_t stride) { return {data, stride, tileRows * stride, true}; }
// From an array that holds the transposed: element (i, k) at data[k·stride + i].
GERBERT_INLINE Factor leftByColumns(const float* data, int64_t stride) { return {data, stride, tileRows, false}; }
GERBERT_INLINE Factor right(const float* data, int64_t stride) { return {data, stride, tileColumns, false}; }

#if defined(GERBERT_NEON)
// sums[i] += a[i] · row for four i, whose factors stand in one register: in four they would push sums out of theirs.
template <int N>
GERBERT_INLINE void addFourRows(F (*sums)[N], const F* row, const float* a) {
  const float32x4_t four = vld1q_f32(a);
#pragma GCC unroll 8
  for (int v = 0; v < N; v++) {
    const float32x4_t x = (float32x4_t)row[v];
    sums[0][v] = (F)vfmaq_laneq_f32((float32x4_t)sums[0][v], x, four, 0);
    sums[1][v] = (F)vfmaq_laneq_f32((float32x4_t)sums[1][v], x, four, 1);
    sums[2][v] = (F)vfmaq_laneq_f32((float32x4_t)sums[2][v], x, four, 2);
    sums[3][v] = (F)vfmaq_laneq_f32((float32x4_t)sums[3][v], x, four, 3);
  }
}
#endif

// c[M, N·W] = (c +) a · b over depth `k`, in M·N registers.
template <int M, int N, bool ByRows>
static void registerTile(int64_t depth, const float* a, int64_t aStride, const float* b, int64_t bStride, float* c, int64_t cStride,
                         bool add) {
  F sums[M][N] = {};
  for (int64_t k = 0; k < depth; k++) {
    F row[N];
#pragma GCC unroll 8
    for (int v = 0; v < N; v++) row[v] = load(b + k * bStride + v * W);
#if defined(GERBERT_NEON)
    if constexpr (!ByRows && M % 4 == 0) {
#pragma GCC unroll 2
      for (int i = 0; i < M; i += 4) addFourRows<N>(sums + i, row, a + k * aStride + i);
      continue;
    }
#endif
#pragma GCC unroll 16
    for (int i = 0; i < M; i++) {
      const F x = splat(ByRows ? a[i * aStride + k] : a[k * aStride + i]);
#pragma GCC unroll 8
      for (int v = 0; v < N; v++) sums[i][v] = fma(x, row[v], sums[i][v]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < M; i++) {
#pragma GCC unroll 8
    for (int v = 0; v < N; v++) {
      float* at = c + i * cStride + v * W;
      store(at, add ? load(at) + sums[i][v] : sums[i][v]);
    }
  }
}

typedef void (*RegisterTile)(int64_t, const float*, int64_t, const float*, int64_t, float*, int64_t, bool);

struct RegisterTiles {
  RegisterTile at[2][tileRows + 1][tileVectors + 1];

  template <int M, int N>
  constexpr void fill() {
    at[0][M][N] = registerTile<M, N, false>;
    at[1][M][N] = registerTile<M, N, true>;
    if constexpr (N > 1) {
      fill<M, N - 1>();
    } else if constexpr (M > 1) {
      fill<M - 1, tileVectors>();
    }
  }
  constexpr RegisterTiles() : at() { fill<tileRows, tileVectors>(); }
};

static constexpr RegisterTiles registerTiles;

// c[m, n] = (c +) a · b over `depth` ≤ sliceK. Rows of c and of each panel of b must have room for n rounded up to whole vectors.
static void multiplySlice(int64_t m, int64_t n, int64_t depth, const Factor& a, const Factor& b, float* c, int64_t cStride, bool add) {
  for (int64_t j = 0; j < n; j += tileColumns) {
    const float* right = b.data + j / tileColumns * b.panel;
    const int64_t vectors = ceilDivide(least(tileColumns, n - j), W);
    for (int64_t i = 0; i < m; i += tileRows) {
      registerTiles.at[a.byRows][least(tileRows, m - i)][vectors](depth, a.data + i / tileRows * a.panel, a.stride, right, b.stride,
                                                                  c + i * cStride + j, cStride, add);
    }
  }
}

// The same over any depth, in slices.
static void multiply(int64_t m, int64_t n, int64_t depth, Factor a, Factor b, float* c, int64_t cStride, bool add) {
  for (int64_t k = 0; k < depth; k += sliceK) {
    multiplySlice(m, n, least(sliceK, depth - k), a, b, c, cStride, add || k > 0);
    a.data += a.byRows ? sliceK : sliceK * a.stride;
    b.data += sliceK * b.stride;
  }
  if (depth == 0 && !add) {
    for (int64_t i = 0; i < m; i++) memset(c + i * cStride, 0, (size_t)n * 4);
  }
}

// ---- packing

typedef float F4 __attribute__((vector_size(16)));

GERBERT_INLINE F4 load4(const float* p) {
  F4 v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
GERBERT_INLINE void store4(float* p, F4 v) { __builtin_memcpy(p, &v, sizeof v); }

// to[k·toStride + i] = from[i·fromStride + k] for four i and four k.
GERBERT_INLINE void transpose4(float* to, int64_t toStride, const float* from, int64_t fromStride) {
  const F4 r0 = load4(from), r1 = load4(from + fromStride), r2 = load4(from + 2 * fromStride), r3 = load4(from + 3 * fromStride);
  const F4 a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), b = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
  const F4 c = __builtin_shufflevector(r0, r1, 2, 6, 3, 7), d = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  store4(to, __builtin_shufflevector(a, b, 0, 1, 4, 5));
  store4(to + toStride, __builtin_shufflevector(a, b, 2, 3, 6, 7));
  store4(to + 2 * toStride, __builtin_shufflevector(c, d, 0, 1, 4, 5));
  store4(to + 3 * toStride, __builtin_shufflevector(c, d, 2, 3, 6, 7));
}

// to[k·toStride + i] = from[i·fromStride + k] for i < rows, k < depth; 0 for rows ≤ i < padded.
static void transpose(float* to, int64_t toStride, const float* from, int64_t fromStride, int64_t rows, int64_t padded, int64_t depth) {
  const int64_t whole = rows / 4 * 4;
  for (int64_t i = 0; i < whole; i += 4) {
    int64_t k = 0;
    for (; k + 4 <= depth; k += 4) {
      // The rows are short to a prefetcher: fetch the next four while these are turned.
      if (k % 16 == 0) {
        for (int64_t r = i + 4; r < i + 8; r++) __builtin_prefetch(from + r * fromStride + k);
      }
      transpose4(to + k * toStride + i, toStride, from + i * fromStride + k, fromStride);
    }
    for (; k < depth; k++) {
      for (int64_t r = i; r < i + 4; r++) to[k * toStride + r] = from[r * fromStride + k];
    }
  }
  if (whole == padded) return;
  for (int64_t k = 0; k < depth; k++) {
    for (int64_t i = whole; i < rows; i++) to[k * toStride + i] = from[i * fromStride + k];
    for (int64_t i = rows; i < padded; i++) to[k * toStride + i] = 0;
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
