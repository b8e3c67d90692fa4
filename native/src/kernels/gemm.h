// gemm and gemmPacked: y = f(alpha · op(a) · op(b) + bias) + residual (+ y).
//
// The product is cut into tiles; one task computes one tile over the whole depth, slice by slice, in scratch memory that stays in its cache, then
// finishes it with what follows the product. Factors that more than one tile reads are packed once beforehand, for all tasks;
// those of one tile alone are packed by its task.

struct Product {
  const float* a;
  const float* b;  // null where `packed` holds the right factor
  float* y;
  const float *bias, *residual;
  float* pre;
  int64_t M, N, K;
  bool transA, transB, accumulate;
  Activation f;
  float alpha;
  Packed packed;
  const float* rowFactors;  // integers: what one step of each row of a is worth
  bool past;                // y is stored past the caches
};

// Tiles are at most this large: with their packed factors they fit in 512 KiB. Where a has no more than twice as many rows, a tile has them all: then
// every number of b is packed by the task that multiplies it.
constexpr int64_t mostTileRows = 128 / tileRows * tileRows, mostTileColumns = 192 / tileColumns * tileColumns;
// Up to so many rows a is read row by row as it lies.
constexpr int64_t fewRows = 2 * tileRows;
// Factors packed for all tasks take at most about this much each, 32 MiB; what is larger is packed in parts, one of them more than once.
constexpr int64_t sharedWords = 8 << 20;

// Results of so many numbers do not stay in the caches anyway: 4 MiB.
constexpr int64_t largeResult = 1 << 20;

struct Plan {
  int64_t rows, columns;     // of a tile
  int64_t words;             // of the depth
  bool byRows;               // a is read row by row: from `left` where not null, else from p.a
  const float *left, *right;  // packed for all tasks, from firstRow and firstColumn on; or null
  int64_t firstRow, firstColumn;
};

GERBERT_INLINE size_t tileBytes(const Plan& plan) {
  return (size_t)(plan.rows * plan.columns + sliceK * (roundUp(plan.rows, tileRows) + plan.columns)) * 4;
}

// What follows the product, for rows × columns at (i0, j0). The sums are integers where p.rowFactors is given.
static void finishTile(const Product& p, const float* sums, int64_t stride, int64_t i0, int64_t j0, int64_t rows, int64_t cols) {
  const F alpha = splat(p.alpha);
  for (int64_t i = 0; i < rows; i++) {
    const int64_t at = (i0 + i) * p.N + j0;
    columns(cols, [&](int64_t j, auto part) {
      F t;
      if (p.rowFactors) {
        const I sum = loadAs<I>(sums + i * stride + j) + (I)load((const float*)p.packed.shifts + j0 + j, part);
        t = __builtin_convertvector(sum, F) * p.rowFactors[i0 + i] * load(p.packed.factors + j0 + j, part) * alpha;
      } else {
        t = load(sums + i * stride + j) * alpha;
      }
      if (p.bias) t += load(p.bias + j0 + j, part);
      if (p.pre) store(p.pre + at + j, t, part);
      if (p.f != Activation::none) t = activate(p.f, t);
      if (p.residual) t += load(p.residual + at + j, part);
      if (p.accumulate) t += load(p.y + at + j, part);
      if (p.past && part.count == W) return storePast(p.y + at + j, t);
      store(p.y + at + j, t, part);
    });
  }
  if (p.past) storedPast();
}

// `rows` rows of op(a) from i on, `count` numbers of each from k on, packed for tiles.
template <class Numbers>
static void packLeft(const Product& p, float* to, int64_t panel, int64_t i, int64_t rows, int64_t k, int64_t count, const float* by) {
  packWords<Numbers, tileRows>(to, panel, p.transA ? p.a + k * p.M + i : p.a + i * p.K + k, p.transA ? p.M : p.K, p.transA, rows, count, by);
}

template <class Numbers>
static void packRight(const Product& p, float* to, int64_t panel, int64_t j, int64_t cols, int64_t k, int64_t count) {
  packWords<Numbers, tileColumns>(to, panel, p.transB ? p.b + j * p.K + k : p.b + k * p.N + j, p.transB ? p.K : p.N, !p.transB, cols, count,
                                  nullptr);
}

// Words [k, k + depth) of a tile's rows.
template <class Numbers>
static Factor leftSlice(const Product& p, const Plan& plan, int64_t i0, int64_t rows, int64_t k, int64_t depth, float* own) {
  if (plan.byRows) {
    if (plan.left) return leftByRows(plan.left + i0 * plan.words + k, plan.words);
    return p.transA ? leftByColumns(p.a + k * p.M + i0, p.M) : leftByRows(p.a + i0 * p.K + k, p.K);
  }
  if (plan.left) return {plan.left + (i0 - plan.firstRow) * plan.words + k * tileRows, tileRows, plan.words * tileRows, false};
  const int64_t first = k * Numbers::depth, count = least(depth * Numbers::depth, p.K - first);
  packLeft<Numbers>(p, own, depth * tileRows, i0, rows, first, count, nullptr);
  return {own, tileRows, depth * tileRows, false};
}

template <class Numbers>
static Factor rightSlice(const Product& p, const Plan& plan, int64_t j0, int64_t cols, int64_t k, int64_t depth, float* own) {
  if (plan.right) return {plan.right + (j0 - plan.firstColumn) * plan.words + k * tileColumns, tileColumns, plan.words * tileColumns, false};
  const int64_t first = k * Numbers::depth, count = least(depth * Numbers::depth, p.K - first);
  packRight<Numbers>(p, own, depth * tileColumns, j0, cols, first, count);
  return {own, tileColumns, depth * tileColumns, false};
}

// The same from a packed array, as it lies there or, where it is stored in fewer bytes than it is multiplied in, `widened`.
template <class Numbers>
static Factor storedSlice(const Product& p, const Plan& plan, int64_t j0, int64_t cols, int64_t k, int64_t depth, float* widened) {
  typedef typename Numbers::Stored Stored;
  const int64_t panel = plan.words * tileColumns;
  const char* at = p.packed.panels + (j0 * plan.words + k * tileColumns) * Stored::rightBytes;
  if (!widened) return {at, tileColumns, panel, false};
  for (int64_t j = 0; j < cols; j += tileColumns) {
    widenBlock(widened + j * depth, (const uint16_t*)(at + j * plan.words * Stored::rightBytes), depth * tileColumns);
  }
  return {widened, tileColumns, depth * tileColumns, false};
}

template <class Numbers>
static void computeTile(const Product& p, const Plan& plan, int64_t i0, int64_t j0, float* memory) {
  typedef typename Numbers::Multiply Multiply;
  typedef typename Numbers::Stored Stored;
  const int64_t rows = least(plan.rows, p.M - i0), cols = least(plan.columns, p.N - j0);
  float* sums = memory;
  float* ownB = sums + plan.rows * plan.columns;
  float* ownA = ownB + sliceK * plan.columns;
  if (plan.words == 0) memset(sums, 0, (size_t)(plan.rows * plan.columns) * 4);
  const bool widen = !__is_same(Multiply, Stored) && !plan.byRows;
  for (int64_t k = 0; k < plan.words; k += sliceK) {
    const int64_t depth = least(sliceK, plan.words - k);
    const Factor a = leftSlice<Numbers>(p, plan, i0, rows, k, depth, ownA);
    const bool more = plan.left && !plan.byRows && (plan.right || !p.b) && !widen && k + depth < plan.words;
    if (p.b) {
      const Factor b = rightSlice<Numbers>(p, plan, j0, cols, k, depth, ownB);
      multiplySlice<Multiply>(rows, cols, depth, a, b, sums, plan.columns, k > 0, more);
    } else {
      const Factor b = storedSlice<Numbers>(p, plan, j0, cols, k, depth, widen ? ownB : nullptr);
      if (widen) {
        multiplySlice<Multiply>(rows, cols, depth, a, b, sums, plan.columns, k > 0);
      } else {
        multiplySlice<Stored>(rows, cols, depth, a, b, sums, plan.columns, k > 0, more);
      }
    }
  }
  finishTile(p, sums, plan.columns, i0, j0, rows, cols);
}

// Smaller tiles where there would be too few for the threads, and where the work is to read b. They change the speed alone.
static Plan planTiles(const Product& p, int64_t batch, int64_t depth) {
  Plan plan = {};
  plan.rows = p.M <= 2 * mostTileRows ? roundUp(p.M, tileRows) : mostTileRows;
  plan.columns = least(mostTileColumns, roundUp(p.N, tileColumns));
  plan.words = ceilDivide(p.K, depth);
  if (p.packed.panels && p.M <= fewRows) plan.columns = tileColumns;
  auto tiles = [&] { return batch * ceilDivide(p.M, plan.rows) * ceilDivide(p.N, plan.columns); };
  const int64_t wanted = threads() == 1 ? 1 : 3 * threads();
  while (tiles() < wanted && plan.columns > tileColumns) plan.columns = roundUp(plan.columns / 2, tileColumns);
  while (tiles() < wanted && plan.rows > 4 * tileRows) plan.rows = roundUp(plan.rows / 2, tileRows);
  return plan;
}

// Packs rows [firstRow, …) of a and columns [firstColumn, …) of b for all tasks, a panel a task.
template <class Numbers>
static void packShared(const Product& p, const Plan& plan, float* a, int64_t rows, float* b, int64_t cols) {
  const int64_t aPanels = a ? ceilDivide(rows, tileRows) : 0, bPanels = b ? ceilDivide(cols, tileColumns) : 0;
  parallelTasks(aPanels + bPanels, 0, [=, &p, &plan](int64_t task, void*) {
    if (task < bPanels) {
      const int64_t j = plan.firstColumn + task * tileColumns;
      packRight<Numbers>(p, b + task * tileColumns * plan.words, 0, j, least(tileColumns, p.N - j), 0, p.K);
    } else {
      const int64_t panel = task - bPanels, i = plan.firstRow + panel * tileRows;
      float by[tileRows];
      for (int64_t r = 0; p.rowFactors && r < tileRows && i + r < p.M; r++) by[r] = inverseFactor(p.rowFactors[i + r]);
      packLeft<Numbers>(p, a + panel * tileRows * plan.words, 0, i, least(tileRows, p.M - i), 0, p.K, p.rowFactors ? by : nullptr);
    }
  });
}

// Few rows, turned into words one after the other.
template <class Numbers>
static void turnRows(const Product& p, const Plan& plan, float* to) {
  parallelTasks(p.M, 0, [=, &p, &plan](int64_t i, void*) {
    Numbers::row(to + i * plan.words, p.a + i * p.K, p.K, p.rowFactors ? inverseFactor(p.rowFactors[i]) : 1);
  });
}

template <class Numbers>
static void multiplyOne(const Product& p) {
  Plan plan = planTiles(p, 1, Numbers::depth);
  constexpr bool asItIs = __is_same(Numbers, NumbersF32);
  plan.byRows = p.M <= fewRows && (asItIs || !p.transA);
  const bool shareA = plan.byRows ? !asItIs : p.rowFactors || plan.columns < p.N, shareB = p.b && plan.rows < p.M;
  auto chunk = [&](bool share, int64_t all, int64_t tile) {
    return share ? least(roundUp(all, tile), most(1, sharedWords / most(1, plan.words) / tile) * tile) : most(1, all);
  };
  const int64_t rowChunk = chunk(shareA, p.M, plan.rows), columnChunk = chunk(shareB, p.N, plan.columns);
  float* a = shareA ? (float*)scratch(scratchA, (size_t)most(1, rowChunk * plan.words) * 4) : nullptr;
  float* b = shareB ? (float*)scratch(scratchB, (size_t)most(1, columnChunk * plan.words) * 4) : nullptr;
  plan.left = a;
  plan.right = b;
  if (plan.byRows && a) turnRows<Numbers>(p, plan, a);
  for (int64_t j = 0; j < p.N; j += columnChunk) {
    const int64_t cols = least(columnChunk, p.N - j), across = ceilDivide(cols, plan.columns);
    for (int64_t i = 0; i < p.M; i += rowChunk) {
      const int64_t rows = least(rowChunk, p.M - i), down = ceilDivide(rows, plan.rows);
      const bool newA = a && !plan.byRows && (j == 0 || rowChunk < p.M), newB = b && i == 0;
      plan.firstRow = i;
      plan.firstColumn = j;
      if (newA || newB) packShared<Numbers>(p, plan, newA ? a : nullptr, rows, newB ? b : nullptr, cols);
      parallelTasks(down * across, tileBytes(plan), [&](int64_t task, void* memory) {
        computeTile<Numbers>(p, plan, i + task / across * plan.rows, j + task % across * plan.columns, (float*)memory);
      });
    }
  }
}

// One task per tile of every product of the batch.
template <class Numbers>
static void multiplyBatch(const Product& first, int64_t batch) {
  Plan plan = planTiles(first, batch, Numbers::depth);
  plan.byRows = first.M <= fewRows && __is_same(Numbers, NumbersF32);
  const int64_t across = ceilDivide(first.N, plan.columns), each = across * ceilDivide(first.M, plan.rows);
  parallelTasks(batch * each, tileBytes(plan), [&](int64_t task, void* memory) {
    Product p = first;
    const int64_t n = task / each, tile = task % each;
    p.a += n * p.M * p.K;
    p.b += n * p.K * p.N;
    p.y += n * p.M * p.N;
    if (p.residual) p.residual += n * p.M * p.N;
    if (p.pre) p.pre += n * p.M * p.N;
    computeTile<Numbers>(p, plan, tile / across * plan.rows, tile % across * plan.columns, (float*)memory);
  });
}

struct ProductSize {
  int64_t M, N, K;
};

// A product of checked arguments, its right factor and transposes apart.
static Product productOf(const View& y, const View& a, const View* bias, const View* residual, const View* pre, const ProductSize& size,
                         Activation activation, double alpha, Flag accumulate) {
  Product p = {};
  p.a = floats(a);
  p.y = floats(y);
  p.bias = floats(bias);
  p.residual = floats(residual);
  p.pre = floats(pre);
  p.M = size.M;
  p.N = size.N;
  p.K = size.K;
  p.accumulate = accumulate == Flag::on;
  p.f = activation;
  p.alpha = (float)alpha;
  return p;
}

static void kernel_gemm(const View& y, const View& a, const View& b, const View* bias, const View* residual, const View* pre,
                        Flag transA, Flag transB, Activation activation, double alpha, Flag accumulate, Precision precision) {
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
  if (precision == Precision::int8) fail("gemm", "integers need a packed right factor: pack it, and call gemmPacked");
  if (y.size == 0) return;
  Product p = productOf(y, a, bias, residual, pre, {M, N, K}, activation, alpha, accumulate);
  p.b = floats(b);
  p.transA = transA == Flag::on;
  p.transB = transB == Flag::on;
  // A product with aᵀ is a weight's gradient: when it is large, it is read long after, by the optimiser.
  p.past = p.transA && !p.accumulate && y.size >= largeResult && N % W == 0 && (uintptr_t)p.y % (W * 4) == 0;
  if (precision == Precision::bf16) {
    batch == 1 ? multiplyOne<NumbersBf16>(p) : multiplyBatch<NumbersBf16>(p, batch);
  } else {
    batch == 1 ? multiplyOne<NumbersF32>(p) : multiplyBatch<NumbersF32>(p, batch);
  }
}
