// binary, affine, activation and its backward: blocks of elements.

struct Add {
  static inline __attribute__((always_inline)) F of(F a, F b) { return a + b; }
};
struct Subtract {
  static inline __attribute__((always_inline)) F of(F a, F b) { return a - b; }
};
struct Multiply {
  static inline __attribute__((always_inline)) F of(F a, F b) { return a * b; }
};
struct Divide {
  static inline __attribute__((always_inline)) F of(F a, F b) { return a / b; }
};

// use(Add{}) and so on.
template <class Use>
GERBERT_INLINE void withOperator(Binary op, Use use) {
  switch (op) {
    case Binary::add: return use(Add{});
    case Binary::subtract: return use(Subtract{});
    case Binary::multiply: return use(Multiply{});
    default: return use(Divide{});
  }
}

// Elements [from, to) of y = a ∘ b, where b has `period` elements and repeats.
template <class Op>
static void binaryBlock(float* y, const float* a, const float* b, int64_t period, int64_t from, int64_t to) {
  if (period == 1) {
    const F one = splat(b[0]);
    return columns(to - from, [&](int64_t j, auto part) { store(y + from + j, Op::of(load(a + from + j, part), one), part); });
  }
  for (int64_t i = from; i < to;) {
    const int64_t at = i % period, n = least(period - at, to - i);
    columns(n, [&](int64_t j, auto part) {
      store(y + i + j, Op::of(load(a + i + j, part), load(b + at + j, part)), part);
    });
    i += n;
  }
}

static void kernel_binary(const View& y, const View& a, const View& b, Binary op) {
  needDType("binary", "a", &a, DType::f32);
  needDType("binary", "b", &b, DType::f32);
  needLike("binary", "y", &y, "a", a);
  bool trailing = b.rank <= a.rank;
  for (int i = 1; trailing && i <= b.rank; i++) trailing = b.dims[b.rank - i] == a.dims[a.rank - i];
  if (!trailing && b.size != 1) {
    fail("binary", "b, of %lld elements, is neither shaped like the trailing dimensions of a nor one element", (long long)b.size);
  }
  if (y.size == 0) return;
  withOperator(op, [&](auto how) {
    parallelElements(y.size, [&](int64_t from, int64_t to) {
      binaryBlock<decltype(how)>(floats(y), floats(a), floats(b), b.size, from, to);
    });
  });
}

static void kernel_affine(const View& y, const View& x, double scale, double shift) {
  needDType("affine", "x", &x, DType::f32);
  needSize("affine", "y", &y, "x", x);
  const F a = splat((float)scale), b = splat((float)shift);
  parallelElements(y.size, [&](int64_t from, int64_t to) {
    const float* in = floats(x) + from;
    float* out = floats(y) + from;
    columns(to - from, [&](int64_t j, auto part) { store(out + j, fma(load(in + j, part), a, b), part); });
  });
}

// use(a constant of the kind): the choice is made once, not for every vector.
template <class Use>
GERBERT_INLINE void withActivation(Activation kind, Use use) {
  switch (kind) {
    case Activation::gelu: return use([] { return Activation::gelu; });
    case Activation::geluTanh: return use([] { return Activation::geluTanh; });
    case Activation::relu: return use([] { return Activation::relu; });
    case Activation::tanh: return use([] { return Activation::tanh; });
    case Activation::sigmoid: return use([] { return Activation::sigmoid; });
    case Activation::silu: return use([] { return Activation::silu; });
    default: return use([] { return Activation::none; });
  }
}

static void kernel_activation(const View& y, const View& x, Activation kind) {
  needDType("activation", "x", &x, DType::f32);
  needSize("activation", "y", &y, "x", x);
  parallelElements(y.size, [&](int64_t from, int64_t to) {
    const float* in = floats(x) + from;
    float* out = floats(y) + from;
    withActivation(kind, [&](auto constant) {
      columns(to - from, [&](int64_t j, auto part) { store(out + j, activate(constant(), load(in + j, part)), part); });
    });
  });
}

static void kernel_activationBackward(const View& dx, const View& dy, const View& x, Activation kind) {
  needDType("activationBackward", "x", &x, DType::f32);
  needSize("activationBackward", "dy", &dy, "x", x);
  needSize("activationBackward", "dx", &dx, "x", x);
  parallelElements(dx.size, [&](int64_t from, int64_t to) {
    const float *in = floats(x) + from, *up = floats(dy) + from;
    float* out = floats(dx) + from;
    withActivation(kind, [&](auto constant) {
      columns(to - from, [&](int64_t j, auto part) { store(out + j, load(up + j, part) * slope(constant(), load(in + j, part)), part); });
    });
  });
}
