// layerNorm and its backward (Ba, Kiros, Hinton 2016), one row at a time; the mean first, then the variance around it.

static void kernel_layerNorm(const View& y, const View* mean, const View* rstd, const View* sum, const View& x, const View* residual,
                             const View& gamma, const View& beta, double eps) {
  const char* const name = "layerNorm";
  needRank(name, "x", &x, 2);
  const int64_t N = x.dims[0], C = x.dims[1];
  needMatrix(name, "x", &x, N, C);
  needMatrix(name, "y", &y, N, C);
  needMatrix(name, "sum", sum, N, C);
  needMatrix(name, "residual", residual, N, C);
  needVector(name, "mean", mean, N);
  needVector(name, "rstd", rstd, N);
  needVector(name, "gamma", &gamma, C);
  needVector(name, "beta", &beta, C);
  needNotNegative(name, "eps", eps);

  parallelRows(N, C, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      const float* s = floats(x) + n * C;
      float* out = floats(y) + n * C;
      if (residual) {
        const float *a = s, *b = floats(residual) + n * C;
        float* kept = sum ? floats(sum) + n * C : out;
        columns(C, [&](int64_t j, auto part) { store(kept + j, load(a + j, part) + load(b + j, part), part); });
        s = kept;
      } else if (sum && floats(sum) != floats(x)) {
        memmove(floats(sum) + n * C, s, (size_t)C * 4);
      }
      const float m = sumColumns(C, [&](int64_t j, auto part) { return load(s + j, part); }) / (float)C;
      const float squares = sumColumns(C, [&](int64_t j, auto part) {
        F d = load(s + j, part) - m;
        if (part.count < W) d = select(iota() < part.count, d, F{});
        return d * d;
      });
      const float r = 1 / sqrtf(squares / (float)C + (float)eps);
      columns(C, [&](int64_t j, auto part) {
        F normal = (load(s + j, part) - m) * r;
        store(out + j, fma(normal, load(floats(gamma) + j, part), load(floats(beta) + j, part)), part);
      });
      if (mean) floats(mean)[n] = m;
      if (rstd) floats(rstd)[n] = r;
    }
  });
}

constexpr int64_t layerNormBlock = 32;  // rows whose shares of dgamma and dbeta make one partial sum

// With x̂ = (s − mean) · rstd and g = dy · gamma: dx = rstd · (g − mean(g) − x̂ · mean(g · x̂)); dgamma += Σ dy · x̂; dbeta += Σ dy.
static void kernel_layerNormBackward(const View& dx, const View* dgamma, const View* dbeta, const View& dy, const View& s,
                                     const View& mean, const View& rstd, const View& gamma) {
  const char* const name = "layerNormBackward";
  needRank(name, "s", &s, 2);
  const int64_t N = s.dims[0], C = s.dims[1];
  needMatrix(name, "s", &s, N, C);
  needMatrix(name, "dx", &dx, N, C);
  needMatrix(name, "dy", &dy, N, C);
  needVector(name, "mean", &mean, N);
  needVector(name, "rstd", &rstd, N);
  needVector(name, "gamma", &gamma, C);
  needVector(name, "dgamma", dgamma, C);
  needVector(name, "dbeta", dbeta, C);

  const int64_t blocks = ceilDivide(N, layerNormBlock);
  const bool parameters = dgamma || dbeta;
  float* partial = parameters ? (float*)scratch(scratchPartial, (size_t)most(1, blocks * 2 * C) * 4) : nullptr;
  const float* scale = floats(gamma);
  parallelBlocks(N, layerNormBlock, [&](int64_t from, int64_t to) {
    float *forGamma = parameters ? partial + from / layerNormBlock * 2 * C : nullptr, *forBeta = forGamma + C;
    if (parameters) memset(forGamma, 0, (size_t)(2 * C) * 4);
    for (int64_t n = from; n < to; n++) {
      const float *up = floats(dy) + n * C, *in = floats(s) + n * C;
      float* out = floats(dx) + n * C;
      const float m = floats(mean)[n], r = floats(rstd)[n];
      const float first = sumColumns(C, [&](int64_t j, auto part) { return load(up + j, part) * load(scale + j, part); }) / (float)C;
      const float second = sumColumns(C, [&](int64_t j, auto part) {
        F product = load(up + j, part) * load(scale + j, part) * ((load(in + j, part) - m) * r);
        return part.count < W ? select(iota() < part.count, product, F{}) : product;
      }) / (float)C;
      columns(C, [&](int64_t j, auto part) {
        const F d = load(up + j, part), normal = (load(in + j, part) - m) * r;
        if (parameters) {
          store(forGamma + j, fma(d, normal, load(forGamma + j, part)), part);
          store(forBeta + j, d + load(forBeta + j, part), part);
        }
        store(out + j, (d * load(scale + j, part) - first - normal * second) * r, part);
      });
    }
  });
  if (dgamma) sumPartials(floats(dgamma), partial, blocks, 2 * C, C, true);
  if (dbeta) sumPartials(floats(dbeta), partial + C, blocks, 2 * C, C, true);
}
