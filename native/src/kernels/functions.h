// exp, tanh, the normal distribution and the activations, on vectors. The polynomials come from native/lab/polynomials.py;
// native/test/functions.test.ts measures the errors stated here against f64.

// p · 2ⁿ for whole n.
GERBERT_INLINE F timesPowerOfTwo(F p, F n) {
#if GERBERT_WIDTH == 16
  return (F)_mm512_scalef_ps((__m512)p, (__m512)n);
#else
  // In two factors: one alone would overflow where the result does not.
  const I k = (I)(n + 12582912.0f) - 0x4b400000, first = k >> 1;
  return p * (F)((first + 127) << 23) * (F)((k - first + 127) << 23);
#endif
}

// e^x within 1 ULP, results below 2⁻¹²⁶ included; exactly 1 at 0; ∞, 0 and NaN as in IEEE 754. Where TwoParts, e^(x + more), for an exponent that
// does not fit into one f32: `more` is its small part.
template <bool TwoParts>
GERBERT_INLINE F vexpOf(F x, F more) {
  x = atMost(x, 90);
  x = atLeast(x, -105);
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
  return timesPowerOfTwo(p, n);
}
GERBERT_INLINE F vexp(F x) { return vexpOf<false>(x, x); }

// 2^r within 3 ULP for |r| ≤ ½, of which the polynomial is to blame for less than two; exactly 1 at 0.
GERBERT_INLINE F exp2Near0(F r) {
  F p = splat(0.00132633548f);
  p = fma(p, r, splat(0.00967258122f));
  p = fma(p, r, splat(0.0555074699f));
  p = fma(p, r, splat(0.24022226f));
  p = fma(p, r, splat(0.693146944f));
  return fma(p, r, splat(1));
}

// 2^x within 3 ULP, results below 2⁻¹²⁶ included; exactly 1 at 0; ∞, 0 and NaN as in IEEE 754.
// Cheaper than e^x: nothing is lost when n is taken off.
GERBERT_INLINE F vexp2(F x) {
  x = atLeast(atMost(x, 130), -152);
  const F shift = splat(12582912.0f);
  const F n = (x + shift) - shift;
  return timesPowerOfTwo(exp2Near0(x - n), n);
}

// log x within 2 ULP, for normal x alone: x = 2ⁿ (1 + f) with 1 + f in [√½, √2).
GERBERT_INLINE F vlog(F x) {
  const I above = (I)x - 0x3f3504f3;  // √½
  const F n = __builtin_convertvector(above >> 23, F);
  const F f = (F)((above & 0x007fffff) + 0x3f3504f3) - 1.0f;
  F p = splat(-0.0763625428f);
  p = fma(p, f, splat(0.127636328f));
  p = fma(p, f, splat(-0.131605133f));
  p = fma(p, f, splat(0.142015085f));
  p = fma(p, f, splat(-0.166233003f));
  p = fma(p, f, splat(0.200012356f));
  p = fma(p, f, splat(-0.250008225f));
  p = fma(p, f, splat(0.333333313f));
  const F square = f * f;
  // The first part of ln 2 has so few bits that its product with n is exact.
  F small = fma(p * f, square, n * -2.12194440e-4f);
  small = fma(square, splat(-0.5f), small);
  return fma(n, splat(0.693359375f), f + small);
}

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
  a = atMost(a, 15);  // Φ(−15) < 2⁻¹⁴⁹
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

// x Φ(x) within 7 ULP. Where products are rounded once with the sum, and |x| ≤ 5.5, it takes no division: there
// Φ(−a) = 2^(q(a − 2.75) − c·a²), c = log₂ e / 2 rounded, with a² in two parts. No power is below 2⁻³⁰, so that it can be added to the exponent's bits.
GERBERT_INLINE F vgelu(F x) {
#if GERBERT_WIDTH == 4
  return x * vnormal(x).cdf;
#else
  const F shift = splat(12582912.0f), c = splat(-0.72134751f);
  const F size = magnitude(x), a = atMost(size, 5.5f);
  const F square = a * a, rest = fma(a, a, -square), w = a - 2.75f;
  // Even and odd powers apart: a chain of additions half as long.
  const F ww = w * w;
  F even = splat(-1.77726776e-08f), odd = splat(7.31847578e-08f);
  even = fma(even, ww, splat(2.37090404e-07f));
  odd = fma(odd, ww, splat(-3.16653313e-06f));
  even = fma(even, ww, splat(2.55774921e-05f));
  odd = fma(odd, ww, splat(-0.000197213434f));
  even = fma(even, ww, splat(0.00136400911f));
  odd = fma(odd, ww, splat(-0.00881600287f));
  even = fma(even, ww, splat(0.0570261218f));
  odd = fma(odd, ww, splat(-0.435366482f));
  even = fma(even, ww, splat(-2.93539596f));
  F q = fma(odd, w, even);
  const F first = fma(square, c, shift);
  q += fma(rest, c, fma(square, c, shift - first));
  const F second = q + shift;
  const U power = ((U)first + (U)second) << 23;  // the bits of `shift` leave at the top
  F tail = (F)((U)exp2Near0(q - (second - shift)) + power);
  const I far = size > 5.5f;
  if (anyLane(far)) tail = select(far, vnormal(-size).cdf, tail);
  return x * select(x < 0.0f, tail, 1.0f - tail);
#endif
}

// f(x)
GERBERT_INLINE F activate(Activation kind, F x) {
  switch (kind) {
    case Activation::gelu:
      return vgelu(x);
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
