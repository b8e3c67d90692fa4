// exp, tanh, the normal distribution and the activations, on vectors. The polynomials come from native/lab/polynomials.py;
// native/test/functions.test.ts measures the errors stated here against f64.

// e^x within 1 ULP, results below 2⁻¹²⁶ included; exactly 1 at 0; ∞, 0 and NaN as in IEEE 754. Where TwoParts, e^(x + more), for an exponent that
// does not fit into one f32: `more` is its small part.
template <bool TwoParts>
GERBERT_INLINE F vexpOf(F x, F more) {
  x = select(x > 90.0f, splat(90), x);
  x = select(x < -105.0f, splat(-105), x);
  // x = n ln 2 + r with |r| ≤ ln 2 / 2. The first part of ln 2 has so few bits that its product with n is exact.
  const F shift = splat(12582912.0f);  // 1.5 · 2²³: adding it rounds to an integer, which then stands in the low bits
  F shifted = (TwoParts ? x + more : x) * 1.44269504f + shift;
  F n = shifted - shift;
  F r = fma(n, splat(-0.693359375f), x);
  r = fma(n, splat(2.12194440e-4f), r);
  if (TwoParts) r += more;
  F p = splat(0.00138131424f);
  p = fma(p, r, splat(0.00836941879f));
  p = fma(p, r, splat(0.041668456f));
  p = fma(p, r, splat(0.166665152f));
  p = fma(p, r, splat(0.49999994f));
  p = fma(p, r * r, r) + 1.0f;
#if GERBERT_WIDTH == 16
  return (F)_mm512_scalef_ps((__m512)p, (__m512)n);
#else
  // 2ⁿ in two factors: one alone would overflow where the result does not.
  I k = (I)shifted - 0x4b400000;
  I first = k >> 1;
  return p * (F)((first + 127) << 23) * (F)((k - first + 127) << 23);
#endif
}
GERBERT_INLINE F vexp(F x) { return vexpOf<false>(x, x); }

// 1 / (1 + e⁻ˣ) within 3 ULP. With e^−|x|, which does not overflow.
GERBERT_INLINE F vsigmoid(F x) {
  const F e = vexp((F)((I)x | (int32_t)0x80000000));
  const F s = 1.0f / (1.0f + e);
  return select(x < 0.0f, e * s, s);
}

// tanh within 3 ULP: an odd polynomial near 0, 1 − 2 / (e²ˣ + 1) elsewhere.
GERBERT_INLINE F vtanh(F x) {
  F s = x * x;
  F p = splat(-0.00570497848f);
  p = fma(p, s, splat(0.0206390787f));
  p = fma(p, s, splat(-0.0537397116f));
  p = fma(p, s, splat(0.133314416f));
  p = fma(p, s, splat(-0.333332807f));
  F small = fma(p * s, x, x);
  F a = magnitude(x);
  F large = 1.0f - 2.0f / (vexp(a + a) + 1.0f);
  F big = (F)(((I)x & (int32_t)0x80000000) | (I)large);
  return select(a < 0.625f, small, big);
}

struct Normal {
  F cdf;      // Φ(x)
  F density;  // φ(x)
};

// Φ(x) = ½ erfc(−x / √2), within 6 ULP also far below 0, where ½ (1 + erf) would cancel; and φ(x).
GERBERT_INLINE Normal vnormal(F x) {
  F a = magnitude(x);
  a = select(a > 15.0f, splat(15), a);  // Φ(−15) < 2⁻¹⁴⁹
  // e^(−a²/2), with a² in two parts of which the first is exact.
  F high = (F)((I)a & (int32_t)0xfffff000);
  F e = vexpOf<true>(high * high * -0.5f, (high - a) * (high + a) * 0.5f);
  // (1 − Φ(a)) e^(a²/2) = t · p(t)
  F t = 1.0f / fma(a, splat(0.25f), splat(1));
  F p = splat(0.0171772707f);
  p = fma(p, t, splat(-0.066119656f));
  p = fma(p, t, splat(0.0596941188f));
  p = fma(p, t, splat(0.017383473f));
  p = fma(p, t, splat(0.0222140644f));
  p = fma(p, t, splat(0.081366986f));
  p = fma(p, t, splat(0.0739028379f));
  p = fma(p, t, splat(0.0950895697f));
  p = fma(p, t, splat(0.0995463505f));
  p = fma(p, t, splat(0.0997449905f));
  F tail = e * (t * p);
  return {select(x < 0.0f, tail, 1.0f - tail), e * 0.398942280f};
}

// f(x)
GERBERT_INLINE F activate(Activation kind, F x) {
  switch (kind) {
    case Activation::gelu:
      return x * vnormal(x).cdf;
    case Activation::geluTanh:  // ½ (1 + tanh u) = σ(2u)
      return x * vsigmoid(x * fma(x * x, splat(0.0713548163f), splat(1.59576912f)));
    case Activation::relu:
      return select(x <= 0.0f, F{}, x);
    case Activation::tanh:
      return vtanh(x);
    case Activation::sigmoid:
      return vsigmoid(x);
    case Activation::silu:
      return x * vsigmoid(x);
    default:
      return x;
  }
}

// f′(x)
GERBERT_INLINE F slope(Activation kind, F x) {
  switch (kind) {
    case Activation::gelu: {
      Normal n = vnormal(x);
      return fma(select(magnitude(x) > 15.0f, F{}, x), n.density, n.cdf);
    }
    case Activation::geluTanh: {
      F inner = select(magnitude(x) > 30.0f, F{}, x);  // where σ′ is 0 already
      F square = x * x;
      F s = vsigmoid(x * fma(square, splat(0.0713548163f), splat(1.59576912f)));
      return fma(inner * s * (1.0f - s), fma(inner * inner, splat(0.214064449f), splat(1.59576912f)), s);
    }
    case Activation::relu:
      return select(x > 0.0f, splat(1), F{});
    case Activation::tanh: {
      F t = vtanh(x);
      return 1.0f - t * t;
    }
    case Activation::sigmoid: {
      F s = vsigmoid(x);
      return s * (1.0f - s);
    }
    case Activation::silu: {
      F s = vsigmoid(x);
      return s * fma(x, 1.0f - s, splat(1));
    }
    default:
      return splat(1);
  }
}
