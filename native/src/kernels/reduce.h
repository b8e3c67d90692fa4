// sum, sumRows, sumSquares, argmaxRows. Long sums go by fixed blocks, whose partial sums are then added in ascending order.

// Σ term(x) over all elements, accumulated in f64.
template <class Term>
static double sumElements(const View& x, Term term) {
  const int64_t blocks = ceilDivide(x.size, elementBlock);
  double* partial = (double*)scratch(scratchPartial, (size_t)most(1, blocks) * sizeof(double));
  parallelElements(x.size, [&](int64_t from, int64_t to) {
    const float* in = floats(x);
    D s0 = {}, s1 = {};
    int64_t i = from;
    for (; i + W <= to; i += W) {
      HalfF low, high;
      __builtin_memcpy(&low, in + i, sizeof low);
      __builtin_memcpy(&high, in + i + W / 2, sizeof high);
      s0 += term(__builtin_convertvector(low, D));
      s1 += term(__builtin_convertvector(high, D));
    }
    double total = sumLanes(s0 + s1);
    for (; i < to; i++) total += term((double)in[i]);
    partial[from / elementBlock] = total;
  });
  double total = 0;
  for (int64_t i = 0; i < blocks; i++) total += partial[i];
  return total;
}

static void kernel_sum(const View& y, const View& x) {
  needDType("sum", "x", &x, DType::f32);
  needOne("sum", "y", &y);
  *floats(y) = (float)sumElements(x, [](auto v) { return v; });
}

static void kernel_sumSquares(const View& y, const View& x, Flag accumulate) {
  needDType("sumSquares", "x", &x, DType::f32);
  needOne("sumSquares", "y", &y);
  const double total = sumElements(x, [](auto v) { return v * v; });
  *floats(y) = (float)(accumulate == Flag::on ? total + *floats(y) : total);
}

// y[c] (+)= Σ over blocks of partial[block, c], in ascending order.
static void sumPartials(float* y, const float* partial, int64_t blocks, int64_t stride, int64_t C, bool accumulate) {
  columns(C, [&](int64_t j, auto part) {
    F total = {};
    for (int64_t b = 0; b < blocks; b++) total += load(partial + b * stride + j, part);
    store(y + j, accumulate ? load(y + j, part) + total : total, part);
  });
}

constexpr int64_t sumRowsBlock = 64, sumColumnsBlock = 1024;

static void kernel_sumRows(const View& y, const View& x, Flag accumulate) {
  needRank("sumRows", "x", &x, 2);
  const int64_t N = x.dims[0], C = x.dims[1];
  needMatrix("sumRows", "x", &x, N, C);
  needVector("sumRows", "y", &y, C);
  const int64_t rowBlocks = ceilDivide(N, sumRowsBlock), columnBlocks = ceilDivide(C, sumColumnsBlock);
  float* partial = (float*)scratch(scratchPartial, (size_t)most(1, rowBlocks * C) * 4);
  parallelTasks(rowBlocks * columnBlocks, 0, [&](int64_t task, void*) {
    const int64_t block = task / columnBlocks, j0 = task % columnBlocks * sumColumnsBlock;
    const int64_t from = block * sumRowsBlock, to = least(N, from + sumRowsBlock);
    const int64_t width = least(sumColumnsBlock, C - j0);
    // Several columns of vectors at once: a row's cache lines are then read one after the other.
    constexpr int64_t together = 8;
    const float* in = floats(x) + j0;
    float* out = partial + block * C + j0;
    int64_t j = 0;
    for (; j + together * W <= width; j += together * W) {
      F totals[together] = {};
      for (int64_t n = from; n < to; n++) {
        for (int64_t v = 0; v < together; v++) totals[v] += load(in + n * C + j + v * W);
      }
      for (int64_t v = 0; v < together; v++) store(out + j + v * W, totals[v]);
    }
    columns(width - j, [&](int64_t k, auto part) {
      F total = {};
      for (int64_t n = from; n < to; n++) total += load(in + n * C + j + k, part);
      store(out + j + k, total, part);
    });
  });
  sumPartials(floats(y), partial, rowBlocks, C, C, accumulate == Flag::on);
}

// The first place of the greatest; of the first NaN where there is one. Every lane keeps its own, in one pass.
static int64_t argmaxRow(const float* x, int64_t C) {
  F best = splat(-__builtin_inff());
  I place = splatI(-1);  // of the lane's best, in vectors
  columns(C, [&](int64_t j, auto part) {
    const F v = load(x + j, part);
    I better = ((v > best) | (v != v)) & (best == best);
    if (part.count < W) better &= iota() < part.count;
    best = select(better, v, best);
    place = better ? splatI((int32_t)(j / W)) : place;
  });
  int64_t first = 0;
  for (int lane = 0; lane < W; lane++) {
    if (place[lane] < 0) continue;
    const int64_t at = (int64_t)place[lane] * W + lane;
    const float v = x[at], greatest = x[first];
    if (v != v ? greatest == greatest || at < first : v > greatest || (v == greatest && at < first)) first = at;
  }
  return first;
}

static void kernel_argmaxRows(const View& y, const View& x) {
  needRank("argmaxRows", "x", &x, 2);
  const int64_t N = x.dims[0], C = x.dims[1];
  needMatrix("argmaxRows", "x", &x, N, C);
  needDType("argmaxRows", "y", &y, DType::i32);
  if (y.rank != 1 || y.dims[0] != N) fail("argmaxRows", "y must have shape [%lld]", (long long)N);
  if (C < 1) fail("argmaxRows", "x has rows of no elements");
  parallelRows(N, C, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) ints(y)[n] = (int32_t)argmaxRow(floats(x) + n * C, C);
  });
}
