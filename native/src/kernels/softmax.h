// softmax, log-softmax and their backward, one row at a time.

constexpr float minusInfinity = -__builtin_inff();

// The greatest of x[0 … n), −∞ where there is none. A NaN is passed over here, and comes out of the sum that follows.
GERBERT_INLINE float maximumOf(const float* x, int64_t n) {
  F best = splat(minusInfinity);
  columns(n, [&](int64_t j, auto part) {
    F v = load(x + j, part);
    if (part.count < W) v = select(iota() < part.count, v, best);
    best = maximum(v, best);
  });
  return maximumLanes(best);
}

// Σ exp(x − m). A row of −∞ alone has m = −∞ and is given m = 0 by the callers, so that its sum is 0 and not NaN.
GERBERT_INLINE float sumOfExponentials(const float* x, int64_t n, float m) {
  return sumColumns(n, [&](int64_t j, auto part) {
    F e = vexp(load(x + j, part) - m);
    return part.count < W ? select(iota() < part.count, e, F{}) : e;
  });
}

// y = e^(x − m) / Σ. y may be x.
GERBERT_INLINE void softmaxRow(float* y, const float* x, int64_t n) {
  float m = maximumOf(x, n);
  if (m == minusInfinity) m = 0;
  const float total = sumColumns(n, [&](int64_t j, auto part) {
    F e = vexp(load(x + j, part) - m);
    store(y + j, e, part);
    return part.count < W ? select(iota() < part.count, e, F{}) : e;
  });
  const float scale = total == 0 ? 0 : 1 / total;
  columns(n, [&](int64_t j, auto part) { store(y + j, load(y + j, part) * scale, part); });
}

// y = (x − m) − log Σ e^(x − m); all −∞ where x is. y may be x.
GERBERT_INLINE void logSoftmaxRow(float* y, const float* x, int64_t n) {
  const float m = maximumOf(x, n), finite = m == minusInfinity ? 0 : m;
  const float total = sumOfExponentials(x, n, finite);
  const float log = total == 0 ? 0 : logf(total);
  columns(n, [&](int64_t j, auto part) { store(y + j, (load(x + j, part) - finite) - log, part); });
}

static void kernel_softmax(const View& y, const View& x, Flag log) {
  needRank("softmax", "x", &x, 2);
  const int64_t N = x.dims[0], C = x.dims[1];
  needMatrix("softmax", "x", &x, N, C);
  needMatrix("softmax", "y", &y, N, C);
  parallelRows(N, C, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      if (log == Flag::on) {
        logSoftmaxRow(floats(y) + n * C, floats(x) + n * C, C);
      } else {
        softmaxRow(floats(y) + n * C, floats(x) + n * C, C);
      }
    }
  });
}

// dx = y · (dy − Σ dy · y), or dy − e^y · Σ dy when log.
static void kernel_softmaxBackward(const View& dx, const View& dy, const View& y, Flag log) {
  needRank("softmaxBackward", "y", &y, 2);
  const int64_t N = y.dims[0], C = y.dims[1];
  needMatrix("softmaxBackward", "y", &y, N, C);
  needMatrix("softmaxBackward", "dy", &dy, N, C);
  needMatrix("softmaxBackward", "dx", &dx, N, C);
  parallelRows(N, C, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      const float *up = floats(dy) + n * C, *out = floats(y) + n * C;
      float* down = floats(dx) + n * C;
      if (log == Flag::on) {
        const float total = sumColumns(C, [&](int64_t j, auto part) { return load(up + j, part); });
        columns(C, [&](int64_t j, auto part) { store(down + j, load(up + j, part) - vexp(load(out + j, part)) * total, part); });
      } else {
        const float total = sumColumns(C, [&](int64_t j, auto part) { return load(up + j, part) * load(out + j, part); });
        columns(C, [&](int64_t j, auto part) { store(down + j, load(out + j, part) * (load(up + j, part) - total), part); });
      }
    }
  });
}
