// What attention and its backward share: where a head's rows lie, which keys a query sees, and blocks of rows in scratch memory.

// Queries and keys go by fixed blocks counted from a span's first row: so a query's sums do not change when keys it does not see are added.
constexpr int64_t queryBlock = 128 / tileRows * tileRows, keyBlock = 144;
static_assert(keyBlock % tileColumns == 0 && keyBlock % W == 0 && keyBlock % 4 == 0, "whole tiles, whole vectors, whole counters");

struct Span {
  int64_t query, queries, key, keys;
  uint32_t sequence;
};

struct Attention {
  const float *q, *k, *v;  // at the first head's first column
  int64_t qStride, kStride, vStride;
  const int32_t* spans;
  int64_t B, H, D, padded;  // padded: D rounded up to whole vectors
  float scale;
  bool causal;
  int64_t window;
  double p;
  uint32_t seed, step, op;

  // A probability is 2^(this · q·k − greatest).
  float binaryScale() const { return (float)((double)scale * 1.4426950408889634); }
  Span span(int64_t b) const {
    const int32_t* s = spans + 5 * b;
    return {s[0], s[1], s[2], s[3], (uint32_t)s[4]};
  }
};

// The keys [from, to) that query i of a span sees.
struct Range {
  int64_t from, to;
};
GERBERT_INLINE Range visible(const Attention& a, const Span& s, int64_t i) {
  const int64_t at = i + s.keys - s.queries;
  const int64_t from = a.window > 0 ? most(0, at - a.window + 1) : 0;
  const int64_t to = a.causal ? at + 1 : a.window > 0 ? at + a.window : s.keys;
  return {from, most(from, least(to, s.keys))};
}

// The queries [from, to) that see key j.
GERBERT_INLINE Range seers(const Attention& a, const Span& s, int64_t j) {
  const int64_t at = j - (s.keys - s.queries);
  const int64_t from = a.causal ? at : a.window > 0 ? at - a.window + 1 : 0;
  const int64_t to = a.window > 0 ? least(at + a.window, s.queries) : s.queries;
  return {most(0, from), most(0, to)};
}

// Copies rows of D floats side by side, each padded with zeros to whole vectors; tells whether all are finite.
static bool copyRows(float* to, const float* from, int64_t stride, int64_t rows, int64_t D, int64_t padded) {
  F strange = {};
  for (int64_t i = 0; i < rows; i++) {
    columns(D, [&](int64_t j, auto part) {
      const F x = load(from + i * stride + j, part);
      strange += x - x;  // 0, or NaN where x is not finite
      store(to + i * padded + j, x);
    });
  }
  return sumLanes(strange) == 0;
}

// Copies a block of keys turned, so that each row of the copy is one column of all keys; zeros up to a whole tile.
static void turnKeys(float* to, const float* from, int64_t stride, int64_t rows, int64_t D) {
  transpose(to, keyBlock, from, stride, rows, roundUp(rows, tileColumns), D);
}

GERBERT_INLINE F inRange(int64_t j, int64_t from, int64_t to, F inside, F outside) {
  const I at = iota() + (int32_t)j;
  return select((at >= (int32_t)from) & (at < (int32_t)to), inside, outside);
}

struct AttentionShape {
  int64_t qAt, kAt, vAt, heads, headSize, window;
};

// v null: there is none. `backward`: no key row in two spans either.
static void checkAttention(const char* kernel, const View& q, const View& k, const View* v, const View& spans, const AttentionShape& shape,
                           bool backward) {
  needDType(kernel, "q", &q, DType::f32);
  needDType(kernel, "k", &k, DType::f32);
  needDType(kernel, "v", v, DType::f32);
  needRank(kernel, "q", &q, 2);
  needRank(kernel, "k", &k, 2);
  needRank(kernel, "v", v, 2);
  const int64_t heads = shape.heads, headSize = shape.headSize;
  if (heads < 1 || headSize < 1 || heads > (1 << 24) || headSize > (1 << 24)) {
    fail(kernel, "%lld heads of size %lld: both must be at least 1", (long long)heads, (long long)headSize);
  }
  needColumns(kernel, "q", shape.qAt, heads * headSize, q.dims[1]);
  needColumns(kernel, "k", shape.kAt, heads * headSize, k.dims[1]);
  if (v) needColumns(kernel, "v", shape.vAt, heads * headSize, v->dims[1]);
  if (v && v->dims[0] != k.dims[0]) {
    fail(kernel, "v has %lld rows, but k has %lld", (long long)v->dims[0], (long long)k.dims[0]);
  }
  if (shape.window < 0 || shape.window > INT32_MAX) fail(kernel, "window is %lld", (long long)shape.window);
  needSpans(kernel, spans, q.dims[0], k.dims[0], v != nullptr, backward);
}
