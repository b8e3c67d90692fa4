"""Finds the polynomials of native/src/kernels/functions.h and prints their coefficients, lowest power first.

Each is the interpolant of its function at Chebyshev nodes, weighted for the relative error that matters; rounded to f32 and then
evaluated in f64 to show the error that is left. Run: python3 polynomials.py (needs mpmath and numpy).
"""
import mpmath as mp
import numpy as np

mp.mp.dps = 40


def fit(f, low, high, degree, weight):
    """Weighted least squares on dense Chebyshev nodes, reweighted (Lawson) towards the smallest greatest error."""
    n = 800
    x = (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(n) + 0.5) / n)
    y = np.array([float(f(mp.mpf(float(v)))) for v in x])
    w = np.array([float(weight(mp.mpf(float(v)))) for v in x])
    basis = np.polynomial.chebyshev.chebvander((2 * x - low - high) / (high - low), degree)
    lawson = np.ones(n) / n
    for _ in range(60):
        scale = w * np.sqrt(lawson)
        c = np.linalg.lstsq(basis * scale[:, None], y * scale, rcond=None)[0]
        error = np.abs((basis @ c - y) * w)
        lawson = lawson * (error + 1e-3 * error.max())
        lawson /= lawson.sum()
    p = np.polynomial.Chebyshev(c, domain=[low, high]).convert(kind=np.polynomial.Polynomial)
    coefficients = p.coef.astype(np.float32)
    left = np.abs((np.polynomial.polynomial.polyval(x, coefficients.astype(float)) - y) * w).max()
    return coefficients, left


def show(name, found):
    coefficients, left = found
    print(f'{name}: error {left:.2e} relative ({left * 2**24:.2f} half ulp)')
    print('  ' + ', '.join(f'{float(c):.9g}f' for c in coefficients))


half = float(mp.log(2) / 2) * 1.01
show('exp: (e^r - 1 - r) / r^2', fit(lambda r: (mp.e**r - 1 - r) / r**2 if r else mp.mpf(1) / 2, -half, half, 4, lambda r: r * r / mp.e**r))
for degree in (3, 4):
    show(f'tanh: (tanh(x) - x) / x^3 in x^2, degree {degree}', fit(
        lambda s: (mp.tanh(mp.sqrt(s)) - mp.sqrt(s)) / mp.sqrt(s) ** 3, 1e-9, 0.625**2, degree, lambda s: s * mp.sqrt(s) / mp.tanh(mp.sqrt(s))))


def tail(x):
    """(1 - Phi(x)) * exp(x^2 / 2)"""
    return mp.erfc(x / mp.sqrt(2)) / 2 * mp.exp(x * x / 2)


for a in (0.25, 0.3, 0.35, 0.4):
    for degree in (8, 9):
        low = 1 / (1 + a * 15)
        show(f'tail / t, t = 1 / (1 + {a} x), degree {degree}', fit(
            lambda t: tail((1 / t - 1) / a) / t, low, 1.0, degree, lambda t: t / tail((1 / t - 1) / a)))
for degree in (4, 5):
    show(f'exp2: (2^r - 1) / r, degree {degree}', fit(
        lambda r: (mp.mpf(2) ** r - 1) / r if r else mp.log(2), -0.505, 0.505, degree, lambda r: abs(r) / mp.mpf(2) ** r))
for degree in (6, 7, 8):
    show(f'log: (log(1 + f) - f + f^2 / 2) / f^3, degree {degree}', fit(
        lambda f: (mp.log(1 + f) - f + f * f / 2) / f**3 if f else mp.mpf(1) / 3, -0.293, 0.4143, degree,
        lambda f: abs(f**3 / mp.log(1 + f)) if f else 0))
c = float(np.float32(mp.log(mp.e, 2) / 2))
for degree in (9, 10, 11):
    show(f'gelu: log2 Phi(-a) + c a^2 in a - 2.75, absolutely, degree {degree}', fit(
        lambda w: mp.log(mp.erfc((w + 2.75) / mp.sqrt(2)) / 2, 2) + c * (w + 2.75) ** 2, -2.75, 2.75, degree, lambda w: mp.mpf(1)))
