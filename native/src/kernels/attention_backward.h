// attentionBackward: with P the probabilities (computed again from lse), M the dropout factors, δ = rowsum(dy ∘ y):
//   dV = (P ∘ M)ᵀ · dy;  dS = P ∘ (M ∘ (dy · Vᵀ) − δ) · scale;  dQ = dS · K;  dK = dSᵀ · Q.
// One task does one head of one span, keys outside, queries inside, so that every sum has one order.

struct BackwardMemory {
  float *keys, *keysTurned, *valuesTurned, *dK, *dV, *scores, *slopes;  // of a block
  float *queries, *upstream, *dQ, *delta, *logs;                        // of all queries
  static size_t floatsNeeded(int64_t D, int64_t padded, int64_t queries) {
    return (size_t)(2 * D * keyBlock + 3 * keyBlock * padded + 2 * queryBlock * keyBlock + 3 * queries * padded + 2 * queries);
  }
  BackwardMemory(float* at, int64_t D, int64_t padded, int64_t count) {
    keys = at;
    dK = keys + keyBlock * padded;
    dV = dK + keyBlock * padded;
    keysTurned = dV + keyBlock * padded;
    valuesTurned = keysTurned + D * keyBlock;
    scores = valuesTurned + D * keyBlock;
    slopes = scores + queryBlock * keyBlock;
    queries = slopes + queryBlock * keyBlock;
    upstream = queries + count * padded;
    dQ = upstream + count * padded;
    delta = dQ + count * padded;
    logs = delta + count;
  }
};

struct AttentionGradients {
  float *dq, *dk, *dv;  // at the first head's first column, laid out as q, k, v
  int64_t dqStride, dkStride, dvStride;
  const float *dy, *y, *lse;
};

// Rows of scores become P ∘ M, rows of dy · Vᵀ become dS / scale. `log` is lse · log₂ e. What the query does not see becomes 0.
static void slopesOfRow(const Attention& a, const Span& s, int64_t h, int64_t i, int64_t j0, int64_t cols, float log, float delta,
                        float* scores, float* slopes) {
  const Range see = visible(a, s, i);
  const int64_t from = most(0, least(see.from - j0, cols)), to = log == minusInfinity ? from : most(from, least(cols, see.to - j0));
  const F scale = splat(a.binaryScale());
  auto finish = [&](int64_t j, F factor, I keep) {
    if (j + W <= from || j >= to) {
      store(scores + j, F{});
      store(slopes + j, F{});
      return;
    }
    F p = vexp2(fma(load(scores + j), scale, splat(-log)));
    F slope = p * (select(keep, load(slopes + j) * factor, F{}) - delta);
    p = select(keep, p * factor, F{});
    if (j < from || j + W > to) {
      p = inRange(j, from, to, p, F{});
      slope = inRange(j, from, to, slope, F{});
    }
    store(scores + j, p);
    store(slopes + j, slope);
  };
  if (a.p > 0) {
    const Philox stream = {a.seed, a.step, (uint32_t)(i + s.keys - s.queries), s.sequence, a.op * 256 + (uint32_t)h};
    const F factor = splat((float)(1 / (1 - a.p)));
    keptColumns(stream, dropThreshold(a.p), j0, j0 + cols, [&](int64_t j, I keep, auto) { finish(j - j0, factor, keep); });
  } else {
    for (int64_t j = 0; j < cols; j += W) finish(j, splat(1), splatI(-1));
  }
}

// The three products where something is not finite: only pairs that see each other, so that no 0 · ∞ spreads.
static void multiplySeen(const Attention& a, const Span& s, int64_t i0, int64_t rows, int64_t j0, int64_t cols, const BackwardMemory& m) {
  for (int64_t r = 0; r < rows; r++) {
    const Range see = visible(a, s, i0 + r);
    for (int64_t j = most(0, see.from - j0); j < least(cols, see.to - j0); j++) {
      const F p = splat(m.scores[r * keyBlock + j]), slope = splat(m.slopes[r * keyBlock + j]);
      for (int64_t d = 0; d < a.padded; d += W) {
        auto add = [&](float* to, F by, const float* row) { store(to + d, fma(by, load(row + d), load(to + d))); };
        add(m.dV + j * a.padded, p, m.upstream + (i0 + r) * a.padded);
        add(m.dK + j * a.padded, slope, m.queries + (i0 + r) * a.padded);
        add(m.dQ + (i0 + r) * a.padded, slope, m.keys + j * a.padded);
      }
    }
  }
}

// `finite`: of the keys, queries and dy.
static void backwardBlock(const Attention& a, const Span& s, int64_t h, int64_t i0, int64_t rows, int64_t j0, int64_t cols, bool finite,
                          const BackwardMemory& m) {
  const float *queries = m.queries + i0 * a.padded, *upstream = m.upstream + i0 * a.padded;
  const Range first = visible(a, s, i0), last = visible(a, s, i0 + rows - 1);
  // What all see goes at once, else a few rows or columns at a time, with what some of them see.
  const bool whole = last.from <= j0 && first.to >= j0 + cols;
  const int64_t rowStep = whole ? rows : tileRows, columnStep = whole ? cols : tileRows;
  auto seen = [&](int64_t r, int64_t count) -> Range {
    return {most(0, visible(a, s, i0 + r).from - j0), least(cols, visible(a, s, i0 + r + count - 1).to - j0)};
  };
  for (int64_t r = 0; r < rows; r += rowStep) {
    const int64_t count = least(rowStep, rows - r);
    const Range see = seen(r, count);
    const int64_t from = see.from / W * W, at = r * keyBlock + from;
    if (see.from < see.to) {
      multiply(count, see.to - from, a.D, leftByRows(queries + r * a.padded, a.padded), right(m.keysTurned + from, keyBlock), m.scores + at,
               keyBlock, false);
      multiply(count, see.to - from, a.D, leftByRows(upstream + r * a.padded, a.padded), right(m.valuesTurned + from, keyBlock),
               m.slopes + at, keyBlock, false);
    }
    for (int64_t n = r; n < r + count; n++) {
      slopesOfRow(a, s, h, i0 + n, j0, cols, m.logs[i0 + n], m.delta[i0 + n], m.scores + n * keyBlock, m.slopes + n * keyBlock);
    }
  }
  if (!finite) return multiplySeen(a, s, i0, rows, j0, cols, m);
  for (int64_t j = 0; j < cols; j += columnStep) {
    const int64_t count = least(columnStep, cols - j);
    const int64_t from = most(0, seers(a, s, j0 + j).from - i0), to = least(rows, seers(a, s, j0 + j + count - 1).to - i0);
    if (from >= to) continue;
    const int64_t at = from * keyBlock + j;
    multiply(count, a.D, to - from, leftByColumns(m.scores + at, keyBlock), right(upstream + from * a.padded, a.padded), m.dV + j * a.padded,
             a.padded, true);
    multiply(count, a.D, to - from, leftByColumns(m.slopes + at, keyBlock), right(queries + from * a.padded, a.padded), m.dK + j * a.padded,
             a.padded, true);
  }
  for (int64_t r = 0; r < rows; r += rowStep) {
    const int64_t count = least(rowStep, rows - r);
    const Range see = seen(r, count);
    if (see.from >= see.to) continue;
    multiply(count, a.D, see.to - see.from, leftByRows(m.slopes + r * keyBlock + see.from, keyBlock), right(m.keys + see.from * a.padded, a.padded),
             m.dQ + (i0 + r) * a.padded, a.padded, true);
  }
}

static void writeBack(float* to, int64_t stride, const float* from, int64_t rows, int64_t D, int64_t padded, float scale) {
  for (int64_t i = 0; i < rows; i++) {
    columns(D, [&](int64_t j, auto part) { store(to + i * stride + j, load(from + i * padded + j) * scale, part); });
  }
}

// Copies the queries and dy; fills δ and lse · log₂ e.
static bool backwardQueries(const Attention& a, const AttentionGradients& g, const Span& s, int64_t h, const BackwardMemory& m) {
  const int64_t width = a.H * a.D;
  const float *up = g.dy + s.query * width + h * a.D, *out = g.y + s.query * width + h * a.D;
  bool finite = copyRows(m.queries, a.q + s.query * a.qStride + h * a.D, a.qStride, s.queries, a.D, a.padded);
  finite &= copyRows(m.upstream, up, width, s.queries, a.D, a.padded);
  for (int64_t i = 0; i < s.queries; i++) {
    m.delta[i] = sumColumns(a.D, [&](int64_t j, auto part) { return load(m.upstream + i * a.padded + j) * load(out + i * width + j, part); });
    m.logs[i] = g.lse[(s.query + i) * a.H + h] * 1.44269504f;
  }
  memset(m.dQ, 0, (size_t)(s.queries * a.padded) * 4);
  return finite;
}

static void backwardHead(const Attention& a, const AttentionGradients& g, int64_t b, int64_t h, float* memory) {
  const Span s = a.span(b);
  const BackwardMemory m(memory, a.D, a.padded, s.queries);
  const bool finiteQueries = backwardQueries(a, g, s, h, m);
  for (int64_t j0 = 0; j0 < s.keys; j0 += keyBlock) {
    const int64_t cols = least(keyBlock, s.keys - j0);
    const bool finite = copyRows(m.keys, a.k + (s.key + j0) * a.kStride + h * a.D, a.kStride, cols, a.D, a.padded) && finiteQueries;
    turnKeys(m.keysTurned, m.keys, a.padded, cols, a.D);
    turnKeys(m.valuesTurned, a.v + (s.key + j0) * a.vStride + h * a.D, a.vStride, cols, a.D);
    memset(m.dK, 0, (size_t)(cols * a.padded) * 4);
    memset(m.dV, 0, (size_t)(cols * a.padded) * 4);
    for (int64_t i0 = 0; i0 < s.queries; i0 += queryBlock) {
      const int64_t rows = least(queryBlock, s.queries - i0);
      if (visible(a, s, i0).from >= j0 + cols || visible(a, s, i0 + rows - 1).to <= j0) continue;
      backwardBlock(a, s, h, i0, rows, j0, cols, finite, m);
    }
    writeBack(g.dk + (s.key + j0) * g.dkStride + h * a.D, g.dkStride, m.dK, cols, a.D, a.padded, a.scale);
    writeBack(g.dv + (s.key + j0) * g.dvStride + h * a.D, g.dvStride, m.dV, cols, a.D, a.padded, 1);
  }
  writeBack(g.dq + s.query * g.dqStride + h * a.D, g.dqStride, m.dQ, s.queries, a.D, a.padded, a.scale);
}

static void kernel_attentionBackward(const View& dq, const View& dk, const View& dv, const View& dy, const View& y, const View& lse,
                                     const View& q, const View& k, const View& v, const View& spans, int64_t qAt, int64_t kAt, int64_t vAt,
                                     int64_t heads, int64_t headSize, double scale, Flag causal, int64_t window, double p, uint32_t seed,
                                     uint32_t step, uint32_t op) {
  const char* const name = "attentionBackward";
  checkAttention(name, q, k, &v, spans, {qAt, kAt, vAt, heads, headSize, window}, true);
  needDropout(name, p, op, heads);
  needLike(name, "dq", &dq, "q", q);
  needLike(name, "dk", &dk, "k", k);
  needLike(name, "dv", &dv, "v", v);
  needMatrix(name, "dy", &dy, q.dims[0], heads * headSize);
  needMatrix(name, "y", &y, q.dims[0], heads * headSize);
  needMatrix(name, "lse", &lse, q.dims[0], heads);
  const Attention a = {floats(q) + qAt, floats(k) + kAt,     floats(v) + vAt,        q.dims[1], k.dims[1],
                       v.dims[1],       ints(spans),         spans.dims[0],          heads,     headSize,
                       roundUp(headSize, W), (float)scale,   causal == Flag::on,     window,    p,
                       seed,            step,                op};
  const AttentionGradients g = {floats(dq) + qAt, floats(dk) + kAt, floats(dv) + vAt, dq.dims[1], dk.dims[1],
                                dv.dims[1],       floats(dy),       floats(y),        floats(lse)};
  int64_t longest = 0;
  for (int64_t b = 0; b < a.B; b++) longest = most(longest, a.span(b).queries);
  const size_t bytes = BackwardMemory::floatsNeeded(a.D, a.padded, longest) * 4;
  parallelTasks(a.B * a.H, bytes, [&](int64_t task, void* memory) { backwardHead(a, g, task / a.H, task % a.H, (float*)memory); });
}
