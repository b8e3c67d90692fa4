// gemmPacked: the product with a right factor that `pack` has laid out.

// What one step of a row's integers is worth: its greatest magnitude becomes 127. 0 where all are (nearly) 0, NaN where one is not finite.
GERBERT_INLINE float rowFactor(const float* row, int64_t n) {
  F greatest = {}, strange = {};
  columns(n, [&](int64_t j, auto part) {
    const F x = load(row + j, part);
    greatest = maximum(magnitude(x), greatest);
    strange += x - x;
  });
  const float most = maximumLanes(greatest), odd = sumLanes(strange);
  return odd != 0 || !(most > leastScaled) ? odd : most * (1.0f / 127);
}

template <class Numbers>
static void multiplyPacked(Product& p, const View& packed) {
  const PackedLayout<Numbers> layout = {p.N, p.K};
  p.packed = layout.read((const char*)packed.data);
  if (PackedLayout<Numbers>::integers) {
    float* factors = (float*)scratch(scratchPartial, (size_t)p.M * 4);
    parallelRows(p.M, p.K, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; i++) factors[i] = rowFactor(p.a + i * p.K, p.K);
    });
    p.rowFactors = factors;
  }
  multiplyOne<Numbers>(p);
}

static void kernel_gemmPacked(const View& y, const View& a, const View& packed, const View* bias, const View* residual, const View* pre,
                              Activation activation, double alpha, Flag accumulate) {
  const char* const name = "gemmPacked";
  needRank(name, "y", &y, 2);
  needRank(name, "a", &a, 2);
  const int64_t M = y.dims[0], N = y.dims[1], K = a.dims[1];
  needMatrix(name, "y", &y, M, N);
  needMatrix(name, "a", &a, M, K);
  needVector(name, "bias", bias, N);
  needLike(name, "residual", residual, "y", y);
  needLike(name, "pre", pre, "y", y);
  const Precision precision = precisionOf(name, packed, N, K);
  if (y.size == 0) return;
  Product p = productOf(y, a, bias, residual, pre, {M, N, K}, activation, alpha, accumulate);
  withNumbers(precision, [&](auto numbers) { multiplyPacked<decltype(numbers)>(p, packed); });
}
