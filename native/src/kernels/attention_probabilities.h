// attentionProbabilities: the scores of blocks of queries and keys, written out; then a softmax of each row.

// Scratch of one task, in floats.
struct ProbabilityMemory {
  float *scores, *keys;
  static size_t floatsNeeded(int64_t D) { return (size_t)(queryBlock * keyBlock + D * keyBlock); }
  explicit ProbabilityMemory(float* at) : scores(at), keys(at + queryBlock * keyBlock) {}
};

static void probabilitiesOfQueries(const Attention& a, int64_t b, int64_t h, int64_t i0, int64_t rows, float* out, float* memory) {
  const Span s = a.span(b);
  const ProbabilityMemory m(memory);
  for (int64_t j0 = 0; j0 < s.keys; j0 += keyBlock) {
    const int64_t cols = least(keyBlock, s.keys - j0);
    turnKeys(m.keys, a.k + (s.key + j0) * a.kStride + h * a.D, a.kStride, cols, a.D);
    multiply(rows, cols, a.D, leftByRows(a.q + (s.query + i0) * a.qStride + h * a.D, a.qStride), right(m.keys, keyBlock), m.scores,
             keyBlock, false);
    for (int64_t r = 0; r < rows; r++) {
      const Range see = visible(a, s, i0 + r);
      const int64_t from = most(0, least(see.from - j0, cols)), to = most(from, least(cols, see.to - j0));
      columns(cols, [&](int64_t j, auto part) {
        const F score = load(m.scores + r * keyBlock + j) * a.scale;
        store(out + r * s.keys + j0 + j, inRange(j, from, to, score, splat(minusInfinity)), part);
      });
    }
  }
  for (int64_t r = 0; r < rows; r++) softmaxRow(out + r * s.keys, out + r * s.keys, s.keys);
}

static void kernel_attentionProbabilities(const View& probabilities, const View& q, const View& k, const View& spans, int64_t qAt,
                                          int64_t kAt, int64_t heads, int64_t headSize, double scale, Flag causal, int64_t window) {
  const char* const name = "attentionProbabilities";
  checkAttention(name, q, k, nullptr, spans, {qAt, kAt, 0, heads, headSize, window}, false);
  Attention a = {};
  a.q = floats(q) + qAt;
  a.k = floats(k) + kAt;
  a.qStride = q.dims[1];
  a.kStride = k.dims[1];
  a.spans = ints(spans);
  a.B = spans.dims[0];
  a.H = heads;
  a.D = headSize;
  a.padded = roundUp(headSize, W);
  a.scale = (float)scale;
  a.causal = causal == Flag::on;
  a.window = window;
  // Where each span's probabilities begin.
  int64_t* starts = (int64_t*)scratch(scratchA, (size_t)(a.B + 1) * sizeof(int64_t));
  starts[0] = 0;
  for (int64_t b = 0; b < a.B; b++) {
    int64_t size;
    if (__builtin_mul_overflow(a.H * a.span(b).queries, a.span(b).keys, &size) || __builtin_add_overflow(starts[b], size, &starts[b + 1])) {
      fail(name, "the spans hold more pairs than can be counted");
    }
  }
  needVector(name, "probabilities", &probabilities, starts[a.B]);
  parallelQueries(a, queryBlock, ProbabilityMemory::floatsNeeded(a.D) * 4, [&](int64_t b, int64_t h, int64_t i0, int64_t rows, float* memory) {
    const Span s = a.span(b);
    probabilitiesOfQueries(a, b, h, i0, rows, floats(probabilities) + starts[b] + (h * s.queries + i0) * s.keys, memory);
  });
}
