// attention and attentionProbabilities: blocks of queries against blocks of keys, the softmax kept up with as keys come (Milakov & Gimelshein 2018;
// Dao et al. 2022). Blocks that no query of the block sees are skipped.

// Scratch of one task, in floats.
struct ForwardMemory {
  float *scores, *keys, *values, *sums, *greatest, *totals;
  static size_t floatsNeeded(int64_t D, int64_t padded) {
    return (size_t)(queryBlock * keyBlock + D * keyBlock + keyBlock * padded + queryBlock * padded + 2 * queryBlock);
  }
  ForwardMemory(float* at, int64_t D, int64_t padded) {
    scores = at;
    keys = scores + queryBlock * keyBlock;
    values = keys + D * keyBlock;
    sums = values + keyBlock * padded;
    greatest = sums + queryBlock * padded;
    totals = greatest + queryBlock;
  }
};

// One row of scores becomes probabilities under the greatest score so far; returns by how much earlier sums shrink. Always over the whole block, so
// that the order of the sum does not depend on how many keys there are.
GERBERT_INLINE float softmaxBlock(float* scores, int64_t from, int64_t to, float scale, float* greatest, float* total) {
  F best = splat(minusInfinity);
  for (int64_t j = 0; j < keyBlock; j += W) {
    const F s = inRange(j, from, to, load(scores + j) * scale, splat(minusInfinity));
    store(scores + j, s);
    best = maximum(s, best);
  }
  const float before = *greatest, blockBest = maximumLanes(best), now = blockBest > before ? blockBest : before;
  const float finite = now == minusInfinity ? 0 : now;
  const float sum = sumColumns(keyBlock, [&](int64_t j, auto) {
    const F e = vexp(load(scores + j) - finite);
    store(scores + j, e);
    return e;
  });
  const float shrink = vexp(splat(before - finite))[0];
  *greatest = now;
  *total = *total * shrink + sum;
  return shrink;
}

GERBERT_INLINE void scaleRow(float* row, int64_t n, float by) {
  for (int64_t j = 0; j < n; j += W) store(row + j, load(row + j) * by);
}

static void attendBlock(const Attention& a, const Span& s, int64_t h, int64_t i0, int64_t rows, int64_t j0, const ForwardMemory& m) {
  const int64_t cols = least(keyBlock, s.keys - j0);
  turnKeys(m.keys, a.k + (s.key + j0) * a.kStride + h * a.D, a.kStride, cols, a.D);
  multiply(rows, cols, a.D, leftByRows(a.q + (s.query + i0) * a.qStride + h * a.D, a.qStride), right(m.keys, keyBlock), m.scores, keyBlock,
           false);
  for (int64_t r = 0; r < rows; r++) {
    const Range see = visible(a, s, i0 + r);
    const int64_t from = most(0, see.from - j0), to = least(cols, see.to - j0);
    float* row = m.scores + r * keyBlock;
    if (from >= to) {
      memset(row, 0, keyBlock * 4);
      continue;
    }
    const float shrink = softmaxBlock(row, from, to, a.scale, m.greatest + r, m.totals + r);
    scaleRow(m.sums + r * a.padded, a.padded, shrink);
    if (a.p > 0) {
      const Philox stream = {a.seed, a.step, (uint32_t)(i0 + r + s.keys - s.queries), s.sequence, a.op * 256 + (uint32_t)h};
      const float keepScale = (float)(1 / (1 - a.p));
      keptColumns(stream, dropThreshold(a.p), j0, j0 + cols, [&](int64_t j, I keep, auto) {
        store(row + j - j0, select(keep, load(row + j - j0) * keepScale, F{}));
      });
    }
  }
  const bool finite = copyRows(m.values, a.v + (s.key + j0) * a.vStride + h * a.D, a.vStride, cols, a.D, a.padded);
  if (finite) {
    multiply(rows, a.D, cols, leftByRows(m.scores, keyBlock), right(m.values, a.padded), m.sums, a.padded, true);
    return;
  }
  // A value that is not finite must not reach, times 0, a query that does not see it.
  for (int64_t r = 0; r < rows; r++) {
    const Range see = visible(a, s, i0 + r);
    const int64_t from = most(0, see.from - j0), to = least(cols, see.to - j0);
    if (from >= to) continue;
    multiply(1, a.D, to - from, leftByRows(m.scores + r * keyBlock + from, keyBlock), right(m.values + from * a.padded, a.padded),
             m.sums + r * a.padded, a.padded, true);
  }
}

static void attendQueries(const Attention& a, int64_t b, int64_t h, int64_t i0, float* y, float* lse, float* memory) {
  const Span s = a.span(b);
  const int64_t rows = least(queryBlock, s.queries - i0);
  const ForwardMemory m(memory, a.D, a.padded);
  memset(m.sums, 0, (size_t)(rows * a.padded) * 4);
  for (int64_t r = 0; r < rows; r++) {
    m.greatest[r] = minusInfinity;
    m.totals[r] = 0;
  }
  // Both ends of what a query sees move forward with the query.
  const int64_t from = visible(a, s, i0).from / keyBlock * keyBlock, to = visible(a, s, i0 + rows - 1).to;
  for (int64_t j = from; j < to; j += keyBlock) attendBlock(a, s, h, i0, rows, j, m);
  for (int64_t r = 0; r < rows; r++) {
    const float total = m.totals[r], by = total == 0 ? 0 : 1 / total;
    const float* sums = m.sums + r * a.padded;
    float* out = y + (s.query + i0 + r) * a.H * a.D + h * a.D;
    columns(a.D, [&](int64_t j, auto part) { store(out + j, load(sums + j) * by, part); });
    if (lse) lse[(s.query + i0 + r) * a.H + h] = total == 0 ? minusInfinity : m.greatest[r] + logf(total);
  }
}

// Calls work(span, head, first query, memory) for every block of queries.
template <class Work>
static void parallelQueries(const Attention& a, size_t scratchBytes, Work work) {
  int64_t* first = (int64_t*)scratch(scratchPartial, (size_t)(a.B + 1) * sizeof(int64_t));  // the first task of each span
  first[0] = 0;
  for (int64_t b = 0; b < a.B; b++) first[b + 1] = first[b] + a.H * ceilDivide(a.span(b).queries, queryBlock);
  parallelTasks(first[a.B], scratchBytes, [&](int64_t task, void* memory) {
    int64_t low = 0, high = a.B;  // the span with first[low] ≤ task < first[low + 1]
    while (high - low > 1) {
      const int64_t middle = (low + high) / 2;
      if (first[middle] <= task) {
        low = middle;
      } else {
        high = middle;
      }
    }
    const int64_t within = task - first[low];
    work(low, within % a.H, within / a.H * queryBlock, (float*)memory);
  });
}

static void kernel_attention(const View& y, const View* lse, const View& q, const View& k, const View& v, const View& spans, int64_t qAt,
                             int64_t kAt, int64_t vAt, int64_t heads, int64_t headSize, double scale, Flag causal, int64_t window, double p,
                             uint32_t seed, uint32_t step, uint32_t op) {
  checkAttention("attention", q, k, &v, spans, {qAt, kAt, vAt, heads, headSize, window}, false);
  needDropout("attention", p, op, heads);
  needMatrix("attention", "y", &y, q.dims[0], heads * headSize);
  needMatrix("attention", "lse", lse, q.dims[0], heads);
  const Attention a = {floats(q) + qAt, floats(k) + kAt,     floats(v) + vAt,        q.dims[1], k.dims[1],
                       v.dims[1],       ints(spans),         spans.dims[0],          heads,     headSize,
                       roundUp(headSize, W), (float)scale,   causal == Flag::on,     window,    p,
                       seed,            step,                op};
  const size_t bytes = ForwardMemory::floatsNeeded(a.D, a.padded) * 4;
  parallelQueries(a, bytes, [&](int64_t b, int64_t h, int64_t i0, float* memory) {
    attendQueries(a, b, h, i0, floats(y), floats(lse), memory);
  });
}

static void probabilitiesOfQueries(const Attention& a, int64_t b, int64_t h, int64_t i0, float* out, float* memory) {
  const Span s = a.span(b);
  const int64_t rows = least(queryBlock, s.queries - i0);
  const ForwardMemory m(memory, a.D, a.padded);
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
  parallelQueries(a, ForwardMemory::floatsNeeded(a.D, a.padded) * 4, [&](int64_t b, int64_t h, int64_t i0, float* memory) {
    const Span s = a.span(b);
    probabilitiesOfQueries(a, b, h, i0, floats(probabilities) + starts[b] + (h * s.queries + i0) * s.keys, memory);
  });
}
