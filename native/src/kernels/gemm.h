// gemm: y = f(alpha · op(a) · op(b) + bias) + residual (+ y).
//
// The product is cut into tiles; one task computes one tile over the whole depth, slice by slice, in scratch memory that stays in its cache, then
// finishes it with what follows the product. Factors that more than one tile reads are packed once beforehand, for all tasks;
// those of one tile alone are packed by its task.

struct Product {
  const float *a, *b;
  float* y;
  const float *bias, *residual;
  float* pre;
  int64_t M, N, K;
  bool transA, transB, accumulate;
  Activation f;
  float alpha;
};

// Tiles are at most this large: with their packed factors they fit in 512 KiB.
constexpr int64_t mostTileRows = 128 / tileRows * tileRows, mostTileColumns = 192 / tileColumns * tileColumns;
// Factors packed for all tasks take about this much, so that they stay in the last-level cache.
constexpr int64_t sharedFloats = 4 << 20;

struct Plan {
  int64_t rows, columns;         // of a tile
  bool directA;                  // few rows: a is read where it lies
  const float *sharedA, *sharedB;  // packed for all tasks, from firstRow and firstColumn on; or null
  int64_t firstRow, firstColumn;
};

GERBERT_INLINE size_t tileBytes(const Plan& plan) {
  return (size_t)(plan.rows * plan.columns + sliceK * (roundUp(plan.rows, tileRows) + plan.columns)) * 4;
}

// What follows the product, for rows × columns at (i0, j0).
static void finishTile(const Product& p, const float* sums, int64_t stride, int64_t i0, int64_t j0, int64_t rows, int64_t cols) {
  const F alpha = splat(p.alpha);
  for (int64_t i = 0; i < rows; i++) {
    const int64_t at = (i0 + i) * p.N + j0;
    columns(cols, [&](int64_t j, auto part) {
      F t = load(sums + i * stride + j) * alpha;
      if (p.bias) t += load(p.bias + j0 + j, part);
      if (p.pre) store(p.pre + at + j, t, part);
      if (p.f != Activation::none) t = activate(p.f, t);
      if (p.residual) t += load(p.residual + at + j, part);
      if (p.accumulate) t += load(p.y + at + j, part);
      store(p.y + at + j, t, part);
    });
  }
}

static Factor leftSlice(const Product& p, const Plan& plan, int64_t i0, int64_t rows, int64_t k, int64_t depth, float* own) {
  if (plan.directA) return p.transA ? leftByColumns(p.a + k * p.M + i0, p.M) : leftByRows(p.a + i0 * p.K + k, p.K);
  if (plan.sharedA) return {plan.sharedA + (i0 - plan.firstRow) * p.K + k * tileRows, tileRows, p.K * tileRows, false};
  pack<tileRows>(own, depth * tileRows, p.transA ? p.a + k * p.M + i0 : p.a + i0 * p.K + k, p.transA ? p.M : p.K, p.transA, rows, depth);
  return {own, tileRows, depth * tileRows, false};
}

static Factor rightSlice(const Product& p, const Plan& plan, int64_t j0, int64_t cols, int64_t k, int64_t depth, float* own) {
  if (plan.sharedB) return {plan.sharedB + (j0 - plan.firstColumn) * p.K + k * tileColumns, tileColumns, p.K * tileColumns, false};
  const bool depthFirst = !p.transB;
  pack<tileColumns>(own, depth * tileColumns, depthFirst ? p.b + k * p.N + j0 : p.b + j0 * p.K + k, depthFirst ? p.N : p.K, depthFirst,
                    cols, depth);
  return {own, tileColumns, depth * tileColumns, false};
}

static void computeTile(const Product& p, const Plan& plan, int64_t i0, int64_t j0, float* memory) {
  const int64_t rows = least(plan.rows, p.M - i0), cols = least(plan.columns, p.N - j0);
  float* sums = memory;
  float* ownB = sums + plan.rows * plan.columns;
  float* ownA = ownB + sliceK * plan.columns;
  if (p.K == 0) memset(sums, 0, (size_t)(plan.rows * plan.columns) * 4);
  for (int64_t k = 0; k < p.K; k += sliceK) {
    const int64_t depth = least(sliceK, p.K - k);
    const Factor a = leftSlice(p, plan, i0, rows, k, depth, ownA), b = rightSlice(p, plan, j0, cols, k, depth, ownB);
    multiplySlice(rows, cols, depth, a, b, sums, plan.columns, k > 0);
  }
  finishTile(p, sums, plan.columns, i0, j0, rows, cols);
}

// Smaller tiles where there would be too few for the threads. They change the speed alone.
static Plan planTiles(const Product& p, int64_t batch) {
  Plan plan = {};
  plan.rows = least(mostTileRows, roundUp(p.M, tileRows));
  plan.columns = least(mostTileColumns, roundUp(p.N, tileColumns));
  plan.directA = p.M <= 2 * tileRows;
  auto tiles = [&] { return batch * ceilDivide(p.M, plan.rows) * ceilDivide(p.N, plan.columns); };
  const int64_t wanted = threads() == 1 ? 1 : 3 * threads();
  while (tiles() < wanted && plan.columns > tileColumns) plan.columns = roundUp(plan.columns / 2, tileColumns);
  while (tiles() < wanted && plan.rows > 4 * tileRows) plan.rows = roundUp(plan.rows / 2, tileRows);
  return plan;
}

// Packs rows [firstRow, …) of a and columns [firstColumn, …) of b for all tasks, a panel a task.
static void packShared(const Product& p, float* a, int64_t firstRow, int64_t rows, float* b, int64_t firstColumn, int64_t cols) {
  const int64_t aPanels = a ? ceilDivide(rows, tileRows) : 0, bPanels = b ? ceilDivide(cols, tileColumns) : 0;
  parallelTasks(aPanels + bPanels, 0, [=, &p](int64_t task, void*) {
    if (task < bPanels) {
      const int64_t j = firstColumn + task * tileColumns;
      pack<tileColumns>(b + task * tileColumns * p.K, 0, p.transB ? p.b + j * p.K : p.b + j, p.transB ? p.K : p.N, !p.transB,
                        least(tileColumns, p.N - j), p.K);
    } else {
      const int64_t i = firstRow + (task - bPanels) * tileRows;
      pack<tileRows>(a + (task - bPanels) * tileRows * p.K, 0, p.transA ? p.a + i : p.a + i * p.K, p.transA ? p.M : p.K, p.transA,
                     least(tileRows, p.M - i), p.K);
    }
  });
}

static void multiplyOne(const Product& p) {
  Plan plan = planTiles(p, 1);
  const bool shareA = !plan.directA && plan.columns < p.N, shareB = plan.rows < p.M;
  auto chunk = [&](bool share, int64_t all, int64_t tile) {
    return share ? least(roundUp(all, tile), most(1, sharedFloats / most(1, p.K) / tile) * tile) : most(1, all);
  };
  const int64_t rowChunk = chunk(shareA, p.M, plan.rows), columnChunk = chunk(shareB, p.N, plan.columns);
  float* a = shareA ? (float*)scratch(scratchA, (size_t)most(1, rowChunk * p.K) * 4) : nullptr;
  float* b = shareB ? (float*)scratch(scratchB, (size_t)most(1, columnChunk * p.K) * 4) : nullptr;
  plan.sharedA = a;
  plan.sharedB = b;
  for (int64_t j = 0; j < p.N; j += columnChunk) {
    const int64_t cols = least(columnChunk, p.N - j), across = ceilDivide(cols, plan.columns);
    for (int64_t i = 0; i < p.M; i += rowChunk) {
      const int64_t rows = least(rowChunk, p.M - i), down = ceilDivide(rows, plan.rows);
      const bool newA = a && (j == 0 || rowChunk < p.M), newB = b && i == 0;
      plan.firstRow = i;
      plan.firstColumn = j;
      if (newA || newB) packShared(p, newA ? a : nullptr, i, rows, newB ? b : nullptr, j, cols);
      parallelTasks(down * across, tileBytes(plan), [&](int64_t task, void* memory) {
        computeTile(p, plan, i + task / across * plan.rows, j + task % across * plan.columns, (float*)memory);
      });
    }
  }
}

// One task per tile of every product of the batch.
static void multiplyBatch(const Product& first, int64_t batch) {
  const Plan plan = planTiles(first, batch);
  const int64_t across = ceilDivide(first.N, plan.columns), each = across * ceilDivide(first.M, plan.rows);
  parallelTasks(batch * each, tileBytes(plan), [&](int64_t task, void* memory) {
    Product p = first;
    const int64_t n = task / each, tile = task % each;
    p.a += n * p.M * p.K;
    p.b += n * p.K * p.N;
    p.y += n * p.M * p.N;
    if (p.residual) p.residual += n * p.M * p.N;
    if (p.pre) p.pre += n * p.M * p.N;
    computeTile(p, plan, tile / across * plan.rows, tile % across * plan.columns, (float*)memory);
  });
}

static void kernel_gemm(const View& y, const View& a, const View& b, const View* bias, const View* residual, const View* pre,
                        Flag transA, Flag transB, Activation activation, double alpha, Flag accumulate) {
  needDType("gemm", "y", &y, DType::f32);
  needDType("gemm", "a", &a, DType::f32);
  needDType("gemm", "b", &b, DType::f32);
  const int rank = y.rank == 3 ? 3 : 2;
  needRank("gemm", "y", &y, rank);
  needRank("gemm", "a", &a, rank);
  needRank("gemm", "b", &b, rank);
  const int64_t batch = rank == 3 ? y.dims[0] : 1, M = y.dims[rank - 2], N = y.dims[rank - 1];
  const int64_t *ad = a.dims + rank - 2, *bd = b.dims + rank - 2;
  const int64_t K = ad[transA == Flag::on ? 0 : 1];
  if (ad[transA == Flag::on ? 1 : 0] != M || bd[transB == Flag::on ? 1 : 0] != K || bd[transB == Flag::on ? 0 : 1] != N ||
      (rank == 3 && (a.dims[0] != batch || b.dims[0] != batch))) {
    fail("gemm", "y is %lld x %lld, but a is %lld x %lld%s and b %lld x %lld%s%s", (long long)M, (long long)N, (long long)ad[0],
         (long long)ad[1], transA == Flag::on ? " transposed" : "", (long long)bd[0], (long long)bd[1],
         transB == Flag::on ? " transposed" : "", rank == 3 ? ", or their batches differ" : "");
  }
  needVector("gemm", "bias", bias, N);
  needLike("gemm", "residual", residual, "y", y);
  needLike("gemm", "pre", pre, "y", y);
  if (y.size == 0) return;
  const Product p = {floats(a),
                     floats(b),
                     floats(y),
                     floats(bias),
                     floats(residual),
                     floats(pre),
                     M,
                     N,
                     K,
                     transA == Flag::on,
                     transB == Flag::on,
                     accumulate == Flag::on,
                     activation,
                     (float)alpha};
  if (batch == 1) {
    multiplyOne(p);
  } else {
    multiplyBatch(p, batch);
  }
}
