// clipFactor and adamw (Loshchilov & Hutter 2019), one pass over the parameters.

static void kernel_clipFactor(const View& factor, const View& squares, double maxNorm, double scale) {
  needOne("clipFactor", "factor", &factor);
  needOne("clipFactor", "squares", &squares);
  needNotNegative("clipFactor", "maxNorm", maxNorm);
  double f = scale;
  if (maxNorm != 0) {
    const double share = maxNorm / (scale * sqrt((double)*floats(squares)) + 1e-6);
    f = share < 1 || share != share ? scale * share : scale;
  }
  *floats(factor) = (float)f;
}

static void kernel_adamw(const View& w, const View& g, const View& m, const View& v, const View& factor, double lr, double beta1,
                         double beta2, double eps, double decay, double correction1, double correction2) {
  needDType("adamw", "w", &w, DType::f32);
  needSize("adamw", "g", &g, "w", w);
  needSize("adamw", "m", &m, "w", w);
  needSize("adamw", "v", &v, "w", w);
  needOne("adamw", "factor", &factor);
  const float f = *floats(factor);
  const F keep1 = splat((float)beta1), take1 = splat((float)(1 - beta1)), keep2 = splat((float)beta2), take2 = splat((float)(1 - beta2));
  const F rate = splat((float)(lr / correction1)), shrink = splat((float)(1 - lr * decay));
  const F root = splat((float)(1 / sqrt(correction2))), epsilon = splat((float)eps);
  parallelElements(w.size, [&](int64_t from, int64_t to) {
    float *ws = floats(w) + from, *ms = floats(m) + from, *vs = floats(v) + from;
    const float* gs = floats(g) + from;
    columns(to - from, [&](int64_t j, auto part) {
      const F gradient = load(gs + j, part) * f;
      const F first = fma(keep1, load(ms + j, part), take1 * gradient);
      const F second = fma(keep2, load(vs + j, part), take2 * gradient * gradient);
      store(ms + j, first, part);
      store(vs + j, second, part);
      const F step = first / fma(squareRoot(second), root, epsilon);
      store(ws + j, fma(load(ws + j, part), shrink, -rate * step), part);
    });
  });
}
