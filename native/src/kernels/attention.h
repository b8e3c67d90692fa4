// attention: blocks of queries against blocks of keys, the softmax kept up with as keys come (Milakov & Gimelshein 2018; Dao et al. 2022).
//
// Scores lie turned, a key a row and the queries in the lanes: greatest scores and sums are then taken lane by lane, keys are read where they
// lie, and only the queries are turned, once. They are multiplied by scale · log₂ e meanwhile, so that a probability is 2^(score − greatest).
// What no query of a vector sees is not computed; what some of its queries do not see is masked.

constexpr int64_t forwardQueries = 288 / tileColumns * tileColumns, forwardKeys = (128 + tileRows - 1) / tileRows * tileRows;
static_assert(forwardKeys <= sliceK, "a block's keys are one slice");

// Scratch of one task, in floats. Queries and scores lie in panels of tileColumns queries.
struct ForwardMemory {
  float *queries, *scores, *values, *sums, *greatest, *totals;
  static size_t floatsNeeded(int64_t D, int64_t padded) {
    return (size_t)(forwardQueries * D + forwardKeys * tileColumns + forwardKeys * padded + forwardQueries * padded + 2 * forwardQueries);
  }
  ForwardMemory(float* at, int64_t D, int64_t padded) {
    queries = at;
    scores = queries + forwardQueries * D;
    values = scores + forwardKeys * tileColumns;
    sums = values + forwardKeys * padded;
    greatest = sums + forwardQueries * padded;
    totals = greatest + forwardQueries;
  }
};

// Keys of a block, counted from its first: [from, to) are seen by some query of a vector, [allFrom, allTo) by every one.
struct Seen {
  int64_t from, to, allFrom, allTo;
};

static Seen seenBy(const Attention& a, const Span& s, int64_t i, int64_t j0, int64_t cols) {
  const Range first = visible(a, s, i), last = visible(a, s, least(i + W, s.queries) - 1);
  auto within = [&](int64_t j) { return most(0, least(j - j0, cols)); };
  Seen see = {within(first.from), within(last.to), within(last.from), within(first.to)};
  see.allFrom = least(see.allFrom, see.to);
  see.allTo = most(see.allTo, see.allFrom);
  return see;
}

// Turns scores into probabilities under the greatest score so far, for the queries i … in the lanes; returns by how much earlier sums shrink.
static F softmaxVector(const Attention& a, const Span& s, int64_t i, int64_t j0, const Seen& see, float* scores, float* greatest, float* total) {
  // Lane r sees the keys from first + r, and those before end + r, where there is a window or causality.
  constexpr int64_t far = 1 << 30;
  const int64_t at = i + s.keys - s.queries - j0;
  const I lanes = iota(), none = I{};
  const I from = a.window > 0 ? lanes + (int32_t)most(-far, least(far, at - a.window + 1)) : none - (int32_t)far;
  const I to = a.causal ? lanes + (int32_t)most(-far, least(far, at + 1))
               : a.window > 0 ? lanes + (int32_t)most(-far, least(far, at + a.window)) : none + (int32_t)far;
  auto masked = [&](int64_t j, F inside, float outside) {
    const I key = splatI((int32_t)j);
    return select((key >= from) & (key < to), inside, splat(outside));
  };
  const F before = load(greatest);
  F best = before;
  for (int64_t j = see.from; j < see.allFrom; j++) best = maximum(masked(j, load(scores + j * tileColumns), minusInfinity), best);
  for (int64_t j = see.allFrom; j < see.allTo; j++) best = maximum(load(scores + j * tileColumns), best);
  for (int64_t j = see.allTo; j < see.to; j++) best = maximum(masked(j, load(scores + j * tileColumns), minusInfinity), best);

  const F finite = select(best == minusInfinity, F{}, best);
  F sum = {};
  auto finish = [&](int64_t j, auto mask) {
    float* at = scores + j * tileColumns;
    F e = vexp2(load(at) - finite);
    if (mask) e = masked(j, e, 0);
    store(at, e);
    sum += e;
  };
  for (int64_t j = see.from; j < see.allFrom; j++) finish(j, true);
  for (int64_t j = see.allFrom; j < see.allTo; j++) finish(j, false);
  for (int64_t j = see.allTo; j < see.to; j++) finish(j, true);
  const F shrink = select(before == minusInfinity, splat(1), vexp2(before - finite));  // before the first key there is nothing to shrink
  store(greatest, best);
  store(total, fma(load(total), shrink, sum));
  return shrink;
}

// Drops among the probabilities of the queries i … in the lanes.
static void dropVector(const Attention& a, const Span& s, int64_t h, int64_t i, int64_t j0, int64_t from, int64_t to, float* scores) {
  const Philox stream = {a.seed, a.step, (uint32_t)(i + s.keys - s.queries), s.sequence, a.op * 256 + (uint32_t)h};
  const F factor = splat((float)(1 / (1 - a.p)));
  const uint32_t threshold = dropThreshold(a.p);
  for (int64_t j = from / 4 * 4; j < to; j += 4) {
    I keep[4];
    keptRows(stream, threshold, j0 + j, keep);
    for (int64_t c = most(from, j); c < least(to, j + 4); c++) {
      float* at = scores + c * tileColumns;
      store(at, select(keep[c - j], load(at) * factor, F{}));
    }
  }
}

// The scores of a panel: vector v of its queries against keys [see[v].from, see[v].to), as much of it together as sees the same keys.
static void panelScores(const Attention& a, const float* k, const float* queries, const Seen* see, int64_t vectors, float* scores) {
  const int64_t end = see[vectors - 1].to;
  for (int64_t j = see[0].from, next; j < end; j = next) {
    int64_t low = 0, high = vectors - 1;
    while (low < vectors && see[low].to <= j) low++;
    while (high >= 0 && see[high].from > j) high--;
    next = end;
    for (int64_t v = 0; v < vectors; v++) {
      if (see[v].from > j) next = least(next, see[v].from);
      if (see[v].to > j) next = least(next, see[v].to);
    }
    if (low > high) continue;
    multiply(next - j, (high - low + 1) * W, a.D, leftByRows(k + j * a.kStride, a.kStride), right(queries + low * W, tileColumns),
             scores + j * tileColumns + low * W, tileColumns, false);
  }
}

// The same for one query alone, as when a token is generated: keys turned, so that they are in the lanes; then its scores go where panels
// have them. What other queries would take of the memory is free.
static void scoresOfOne(const Attention& a, const float* k, const Seen& see, const ForwardMemory& m) {
  constexpr int64_t stride = (forwardKeys + tileColumns - 1) / tileColumns * tileColumns;
  static_assert(stride <= forwardQueries - tileColumns, "the turned keys find room");
  const int64_t count = see.to - see.from;
  float *turned = m.queries + tileColumns * a.D, *row = m.sums + a.padded;
  transpose(turned, stride, k + see.from * a.kStride, a.kStride, count, roundUp(count, W), a.D);
  multiply(1, count, a.D, leftByColumns(m.queries, tileColumns), right(turned, stride), row, stride, false);
  for (int64_t j = 0; j < count; j++) store(m.scores + (see.from + j) * tileColumns, splat(row[j]));
}

// Where a block's values lie.
struct Values {
  const float* data;
  int64_t stride;
  bool finite;
};

// Adds to the sums of `rows` queries from i on what the keys of a block give: their probabilities times the values.
static void addValues(const Attention& a, const Span& s, int64_t i, int64_t rows, int64_t j0, int64_t cols, int64_t step, const float* scores,
                      const Values& values, float* sums) {
  for (int64_t r = 0; r < rows; r += step) {
    const int64_t count = least(step, rows - r);
    const int64_t from = most(0, visible(a, s, i + r).from - j0), to = least(cols, visible(a, s, i + r + count - 1).to - j0);
    if (from >= to) continue;
    multiply(count, a.D, to - from, leftByColumns(scores + from * tileColumns + r, tileColumns), right(values.data + from * values.stride, values.stride),
             sums + r * a.padded, a.padded, true);
  }
}

static void attendPanel(const Attention& a, const Span& s, int64_t h, int64_t i0, int64_t at, int64_t rows, int64_t j0, int64_t cols,
                        const Values& values, const ForwardMemory& m) {
  const int64_t i = i0 + at, vectors = ceilDivide(rows, W);
  float* sums = m.sums + at * a.padded;
  Seen see[tileVectors];
  for (int64_t v = 0; v < vectors; v++) see[v] = seenBy(a, s, i + v * W, j0, cols);
  const int64_t from = see[0].from, to = see[vectors - 1].to;
  if (from >= to) return;
  const float* k = a.k + (s.key + j0) * a.kStride + h * a.D;
  if (rows == 1 && at == 0) {
    scoresOfOne(a, k, see[0], m);
  } else {
    panelScores(a, k, m.queries + at * a.D, see, vectors, m.scores);
  }
  bool whole = true;
  for (int64_t v = 0; v < vectors; v++) {
    float* scores = m.scores + v * W;
    float shrinks[W];
    store(shrinks, softmaxVector(a, s, i + v * W, j0, see[v], scores, m.greatest + at + v * W, m.totals + at + v * W));
    for (int64_t r = 0; r < least(W, rows - v * W); r++) {
      if (shrinks[r] == 1) continue;
      float* row = sums + (v * W + r) * a.padded;
      for (int64_t d = 0; d < a.padded; d += W) store(row + d, load(row + d) * shrinks[r]);
    }
    if (a.p > 0) dropVector(a, s, h, i + v * W, j0, see[v].from, see[v].to, scores);
    for (int64_t j = from; j < see[v].from; j++) store(scores + j * tileColumns, F{});
    for (int64_t j = see[v].to; j < to; j++) store(scores + j * tileColumns, F{});
    whole &= see[v].allFrom <= from && see[v].allTo >= to;
  }
  // A value that is not finite must not reach, times 0, a query that does not see it.
  addValues(a, s, i, rows, j0, cols, whole ? rows : values.finite ? tileRows : 1, m.scores, values, sums);
}

static void finishQueries(const Attention& a, const Span& s, int64_t h, int64_t i0, int64_t rows, const ForwardMemory& m, float* y,
                          float* lse) {
  for (int64_t r = 0; r < rows; r++) {
    const float total = m.totals[r], by = total == 0 ? 0 : 1 / total;
    const float* sums = m.sums + r * a.padded;
    float* out = y + (s.query + i0 + r) * a.H * a.D + h * a.D;
    columns(a.D, [&](int64_t j, auto part) { store(out + j, load(sums + j) * by, part); });
  }
  if (!lse) return;
  for (int64_t r = 0; r < rows; r += W) {
    const F total = load(m.totals + r);
    float logs[W];
    // A total of 0 is that of a query which sees no key, or −∞ alone.
    const F log = fma(load(m.greatest + r), splat(0.693147181f), vlog(total));
    store(logs, select(total == 0.0f, splat(minusInfinity), select(total == total, log, total)));
    for (int64_t n = 0; n < least(W, rows - r); n++) lse[(s.query + i0 + r + n) * a.H + h] = logs[n];
  }
}

static void attendQueries(const Attention& a, int64_t b, int64_t h, int64_t i0, int64_t rows, float* y, float* lse, float* memory) {
  const Span s = a.span(b);
  const ForwardMemory m(memory, a.D, a.padded);
  const F factor = splat(a.binaryScale());
  for (int64_t at = 0; at < rows; at += tileColumns) {
    const int64_t count = least(tileColumns, rows - at), vectors = ceilDivide(count, W);
    float* to = m.queries + at * a.D;
    transpose(to, tileColumns, a.q + (s.query + i0 + at) * a.qStride + h * a.D, a.qStride, count, vectors * W, a.D);
    for (int64_t d = 0; d < a.D; d++) {
      for (int64_t v = 0; v < vectors; v++) store(to + d * tileColumns + v * W, load(to + d * tileColumns + v * W) * factor);
    }
  }
  memset(m.sums, 0, (size_t)(rows * a.padded) * 4);
  for (int64_t r = 0; r < rows; r += W) {
    store(m.greatest + r, splat(minusInfinity));
    store(m.totals + r, F{});
  }
  // Both ends of what a query sees move forward with the query.
  const int64_t from = visible(a, s, i0).from / forwardKeys * forwardKeys, to = visible(a, s, i0 + rows - 1).to;
  for (int64_t j0 = from; j0 < to; j0 += forwardKeys) {
    const int64_t cols = least(forwardKeys, to - j0);
    const float* v = a.v + (s.key + j0) * a.vStride + h * a.D;
    // One query alone reads the values once, and sees all of them.
    const Values values = rows == 1 && a.D == a.padded ? Values{v, a.vStride, true}
                                                       : Values{m.values, a.padded, copyRows(m.values, v, a.vStride, cols, a.D, a.padded)};
    for (int64_t at = 0; at < rows; at += tileColumns) attendPanel(a, s, h, i0, at, least(tileColumns, rows - at), j0, cols, values, m);
  }
  finishQueries(a, s, h, i0, rows, m, y, lse);
}

// Calls work(span, head, first query, queries, memory) for every block of `block` queries, or of fewer where there would be too few blocks for
// the threads. A head's blocks follow each other, and its keys stay in a cache meanwhile; the last, which see most, come first.
template <class Work>
static void parallelQueries(const Attention& a, int64_t block, size_t scratchBytes, Work work) {
  int64_t* first = (int64_t*)scratch(scratchPartial, (size_t)(a.B + 1) * sizeof(int64_t));  // the first task of each span
  auto count = [&] {
    first[0] = 0;
    for (int64_t b = 0; b < a.B; b++) first[b + 1] = first[b] + a.H * ceilDivide(a.span(b).queries, block);
    return first[a.B];
  };
  while (count() < 3 * threads() && block > tileColumns && threads() > 1) block = roundUp(block / 2, tileColumns);
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
    const int64_t within = task - first[low], blocks = (first[low + 1] - first[low]) / a.H;
    const int64_t i0 = (blocks - 1 - within % blocks) * block;
    work(low, within / blocks, i0, least(block, a.span(low).queries - i0), (float*)memory);
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
  parallelQueries(a, forwardQueries, bytes, [&](int64_t b, int64_t h, int64_t i0, int64_t rows, float* memory) {
    attendQueries(a, b, h, i0, rows, floats(y), floats(lse), memory);
  });
}
