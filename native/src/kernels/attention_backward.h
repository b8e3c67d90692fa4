// attentionBackward: with P the probabilities (computed again from lse), M the dropout factors, δ = rowsum(dy ∘ y):
//   dV = (P ∘ M)ᵀ · dy;  dS = P ∘ (M ∘ (dy · Vᵀ) − δ) · scale;  dQ = dS · K;  dK = dSᵀ · Q.
// One task does one head of one span, keys outside, queries inside, so that every sum has one order.

struct BackwardMemory {
  float *keys, *keysTurned, *valuesTurned, *queries, *upstream, *scores, *slopes, *dQ, *dK, *dV, *delta;
  static size_t floatsNeeded(int64_t D, int64_t padded, int64_t queries) {
    return (size_t)(2 * D * keyBlock + 3 * keyBlock * padded + 2 * queryBlock * padded + 2 * queryBlock * keyBlock + queries * padded +
                    roundUp(queries, W));
  }
  BackwardMemory(float* at, int64_t D, int64_t padded, int64_t count) {
    keys = at;
    dK = keys + keyBlock * padded;
    dV = dK + keyBlock * padded;
    keysTurned = dV + keyBlock * padded;
    valuesTurned = keysTurned + D * keyBlock;
    queries = valuesTurned + D * keyBlock;
    upstream = queries + queryBlock * padded;
    scores = upstream + queryBlock * padded;
    slopes = scores + queryBlock * keyBlock;
    dQ = slopes + queryBlock * keyBlock;
    delta = dQ + count * padded;
  }
};

struct AttentionGradients {
  float *dq, *dk, *dv;  // at the first head's first column, laid out as q, k, v
  int64_t dqStride, dkStride, dvStride;
  const float *dy, *y, *lse;
};

// Rows of scores become P ∘ M, rows of dy · Vᵀ become dS.
static void slopesOfRow(const Attention& a, const Span& s, int64_t h, int64_t i, int64_t j0, int64_t cols, float lse, float delta,
                        float* scores, float* slopes) {
  const Range see = visible(a, s, i);
  const int64_t from = most(0, least(see.from - j0, cols)), to = lse == minusInfinity ? from : most(from, least(cols, see.to - j0));
  auto finish = [&](int64_t j, F factor, I keep) {
    const F p = vexp(load(scores + j) * a.scale - lse);
    const F upstream = select(keep, load(slopes + j) * factor, F{});
    store(slopes + j, inRange(j, from, to, p * (upstream - delta) * a.scale, F{}));
    store(scores + j, inRange(j, from, to, select(keep, p * factor, F{}), F{}));
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
        add(m.dV + j * a.padded, p, m.upstream + r * a.padded);
        add(m.dK + j * a.padded, slope, m.queries + r * a.padded);
        add(m.dQ + (i0 + r) * a.padded, slope, m.keys + j * a.padded);
      }
    }
  }
}

// `finite`: of the keys copied.
static void backwardBlock(const Attention& a, const AttentionGradients& g, const Span& s, int64_t h, int64_t i0, int64_t rows, int64_t j0,
                          int64_t cols, bool finite, const BackwardMemory& m) {
  const int64_t width = a.H * a.D, first = s.query + i0;
  finite &= copyRows(m.queries, a.q + first * a.qStride + h * a.D, a.qStride, rows, a.D, a.padded);
  finite &= copyRows(m.upstream, g.dy + first * width + h * a.D, width, rows, a.D, a.padded);
  multiply(rows, cols, a.D, leftByRows(m.queries, a.padded), right(m.keysTurned, keyBlock), m.scores, keyBlock, false);
  multiply(rows, cols, a.D, leftByRows(m.upstream, a.padded), right(m.valuesTurned, keyBlock), m.slopes, keyBlock, false);
  for (int64_t r = 0; r < rows; r++) {
    slopesOfRow(a, s, h, i0 + r, j0, cols, g.lse[(first + r) * a.H + h], m.delta[i0 + r], m.scores + r * keyBlock, m.slopes + r * keyBlock);
  }
  if (!finite) return multiplySeen(a, s, i0, rows, j0, cols, m);
  multiply(cols, a.D, rows, leftByColumns(m.scores, keyBlock), right(m.upstream, a.padded), m.dV, a.padded, true);
  multiply(cols, a.D, rows, leftByColumns(m.slopes, keyBlock), right(m.queries, a.padded), m.dK, a.padded, true);
  multiply(rows, a.D, cols, leftByRows(m.slopes, keyBlock), right(m.keys, a.padded), m.dQ + i0 * a.padded, a.padded, true);
}

static void writeBack(float* to, int64_t stride, const float* from, int64_t rows, int64_t D, int64_t padded) {
  for (int64_t i = 0; i < rows; i++) memcpy(to + i * stride, from + i * padded, (size_t)D * 4);
}

static void backwardHead(const Attention& a, const AttentionGradients& g, int64_t b, int64_t h, float* memory) {
  const Span s = a.span(b);
  const int64_t width = a.H * a.D;
  const BackwardMemory m(memory, a.D, a.padded, s.queries);
  memset(m.dQ, 0, (size_t)(s.queries * a.padded) * 4);
  for (int64_t i = 0; i < s.queries; i++) {
    const float *up = g.dy + (s.query + i) * width + h * a.D, *out = g.y + (s.query + i) * width + h * a.D;
    m.delta[i] = sumColumns(a.D, [&](int64_t j, auto part) { return load(up + j, part) * load(out + j, part); });
  }
  for (int64_t j0 = 0; j0 < s.keys; j0 += keyBlock) {
    const int64_t cols = least(keyBlock, s.keys - j0);
    const float* k = a.k + (s.key + j0) * a.kStride + h * a.D;
    const bool finite = copyRows(m.keys, k, a.kStride, cols, a.D, a.padded);
    turnKeys(m.keysTurned, k, a.kStride, cols, a.D);
    turnKeys(m.valuesTurned, a.v + (s.key + j0) * a.vStride + h * a.D, a.vStride, cols, a.D);
    memset(m.dK, 0, (size_t)(2 * keyBlock * a.padded) * 4);  // and dV, which follows it
    for (int64_t i0 = 0; i0 < s.queries; i0 += queryBlock) {
      const int64_t rows = least(queryBlock, s.queries - i0);
      if (visible(a, s, i0).from >= j0 + cols || visible(a, s, i0 + rows - 1).to <= j0) continue;
      backwardBlock(a, g, s, h, i0, rows, j0, cols, finite, m);
    }
    writeBack(g.dk + (s.key + j0) * g.dkStride + h * a.D, g.dkStride, m.dK, cols, a.D, a.padded);
    writeBack(g.dv + (s.key + j0) * g.dvStride + h * a.D, g.dvStride, m.dV, cols, a.D, a.padded);
  }
  writeBack(g.dq + s.query * g.dqStride + h * a.D, g.dqStride, m.dQ, s.queries, a.D, a.padded);
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
