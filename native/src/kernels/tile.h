// The register tile of the matrix product. Everything that multiplies matrices goes through `multiplySlice`.
//
// Every element of a product is summed in one pattern: k ascends within slices of sliceK words, each summed from 0 with one step of `How` per word, and
// the sums of the slices are added in ascending order. Neither the size of the matrices, nor a tile's place, nor threads change it.

constexpr int tileRows = GERBERT_TILE_ROWS, tileVectors = GERBERT_TILE_VECTORS, tileColumns = tileVectors * W;
constexpr int64_t sliceK = 256;

// How a product's left or right factor lies in memory, counted in words (see dot.h; of f32 a word is one number). Left: the word of row i and depth k at
// [i % tileRows + k·stride] of panel i / tileRows, or, by rows, at [i·stride + k]. Right: the word of depth k and column j at
// [k·stride + j % tileColumns] of panel j / tileColumns. `panel` words lie between panels.
struct Factor {
  const void* data;
  int64_t stride, panel;
  bool byRows;
};

GERBERT_INLINE Factor leftByRows(const void* data, int64_t stride) { return {data, stride, tileRows * stride, true}; }
// From an array that holds the transposed: the word of row i and depth k at data[k·stride + i].
GERBERT_INLINE Factor leftByColumns(const void* data, int64_t stride) { return {data, stride, tileRows, false}; }
GERBERT_INLINE Factor right(const void* data, int64_t stride) { return {data, stride, tileColumns, false}; }

// What the next slice will read, to be fetched into the second cache while this one is multiplied: after every aheadSteps steps so many lines
// of 64 bytes of each factor.
struct Ahead {
  const char *a, *b;
  int64_t aLines, bLines;
};
constexpr int64_t aheadSteps = 16;

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

// c[M, N·W] = (c +) a · b over depth `k`, in M·N registers. Strides are in bytes.
template <class How, int M, int N, bool ByRows>
static void registerTile(int64_t depth, const char* a, int64_t aStride, const char* b, int64_t bStride, char* c, int64_t cStride, bool add,
                         Ahead ahead) {
  typedef typename How::Sums Sums;
  Sums sums[M][N] = {};
  for (int64_t k = 0; k < depth;) {
    for (int64_t l = 0; l < ahead.aLines; l++, ahead.a += 64) __builtin_prefetch(ahead.a, 0, 2);
    for (int64_t l = 0; l < ahead.bLines; l++, ahead.b += 64) __builtin_prefetch(ahead.b, 0, 2);
    for (const int64_t end = least(depth, k + aheadSteps); k < end; k++) {
      decltype(How::right(b)) row[N];
#pragma GCC unroll 8
      for (int v = 0; v < N; v++) row[v] = How::right(b + k * bStride + v * W * How::rightBytes);
#if defined(GERBERT_NEON)
      if constexpr (__is_same(How, MultiplyF32) && !ByRows && M % 4 == 0) {
#pragma GCC unroll 2
        for (int i = 0; i < M; i += 4) addFourRows<N>(sums + i, row, (const float*)(a + k * aStride + i * 4));
        continue;
      }
#endif
#pragma GCC unroll 16
      for (int i = 0; i < M; i++) {
        const auto x = How::left(ByRows ? a + i * aStride + k * 4 : a + k * aStride + i * 4);
#pragma GCC unroll 8
        for (int v = 0; v < N; v++) sums[i][v] = How::step(x, row[v], sums[i][v]);
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < M; i++) {
#pragma GCC unroll 8
    for (int v = 0; v < N; v++) {
      char* at = c + i * cStride + v * W * 4;
      Sums before = {};
      if (add) __builtin_memcpy(&before, at, sizeof before);
      const Sums now = add ? addSums(before, sums[i][v]) : sums[i][v];
      __builtin_memcpy(at, &now, sizeof now);
    }
  }
}

typedef void (*RegisterTile)(int64_t, const char*, int64_t, const char*, int64_t, char*, int64_t, bool, Ahead);

template <class How>
struct RegisterTiles {
  RegisterTile at[2][tileRows + 1][tileVectors + 1];

  template <int M, int N>
  constexpr void fill() {
    at[0][M][N] = registerTile<How, M, N, false>;
    at[1][M][N] = registerTile<How, M, N, true>;
    if constexpr (N > 1) {
      fill<M, N - 1>();
    } else if constexpr (M > 1) {
      fill<M - 1, tileVectors>();
    }
  }
  constexpr RegisterTiles() : at() { fill<tileRows, tileVectors>(); }
};

template <class How>
static constexpr RegisterTiles<How> registerTiles;

// c[m, n] = (c +) a · b over `depth` ≤ sliceK words. Rows of c, which are words too, and of each panel of b must have room for n rounded up to whole vectors.
// Where `more`, both factors are packed and go on behind this slice in every panel: that is fetched meanwhile.
template <class How>
static void multiplySlice(int64_t m, int64_t n, int64_t depth, const Factor& a, const Factor& b, void* c, int64_t cStride, bool add,
                          bool more = false) {
  // Every tile fetches its share of the panels that it reads.
  const int64_t aShare = roundUp(depth * tileRows * 4 / ceilDivide(n, tileColumns), 64);
  const int64_t bShare = roundUp(depth * tileColumns * How::rightBytes / ceilDivide(m, tileRows), 64);
  Ahead ahead = {};
  if (more) {
    ahead.aLines = ceilDivide(aShare * aheadSteps, depth * 64);
    ahead.bLines = ceilDivide(bShare * aheadSteps, depth * 64);
  }
  for (int64_t j = 0; j < n; j += tileColumns) {
    const char* right = (const char*)b.data + j / tileColumns * b.panel * How::rightBytes;
    const int64_t vectors = ceilDivide(least(tileColumns, n - j), W);
    for (int64_t i = 0; i < m; i += tileRows) {
      const char* left = (const char*)a.data + i / tileRows * a.panel * 4;
      ahead.a = left + depth * tileRows * 4 + j / tileColumns * aShare;
      ahead.b = right + depth * tileColumns * How::rightBytes + i / tileRows * bShare;
      registerTiles<How>.at[a.byRows][least(tileRows, m - i)][vectors](depth, left, a.stride * 4, right, b.stride * How::rightBytes,
                                                                       (char*)c + (i * cStride + j) * 4, cStride * 4, add, ahead);
    }
  }
}

// The same of f32 over any depth, in slices.
static void multiply(int64_t m, int64_t n, int64_t depth, Factor a, Factor b, float* c, int64_t cStride, bool add) {
  for (int64_t k = 0; k < depth; k += sliceK) {
    multiplySlice<MultiplyF32>(m, n, least(sliceK, depth - k), a, b, c, cStride, add || k > 0);
    a.data = (const float*)a.data + (a.byRows ? sliceK : sliceK * a.stride);
    b.data = (const float*)b.data + sliceK * b.stride;
  }
  if (depth == 0 && !add) {
    for (int64_t i = 0; i < m; i++) memset(c + i * cStride, 0, (size_t)n * 4);
  }
}
