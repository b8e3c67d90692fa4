// Textbook formulas in f64, one line of mathematics each, independent of every backend.

import { Activation, type ActivationCode } from '../../backend.js';

/** erf by its series of positive terms, 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!! (Abramowitz & Stegun 7.1.6). */
function erfSeries(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** erfc for x ≥ 2 by its continued fraction (Abramowitz & Stegun 7.1.14). */
function erfcFraction(x: number): number {
  let fraction = 0;
  for (let n = 120; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (x + fraction) / Math.sqrt(Math.PI);
}

export function erfc(x: number): number {
  if (x < -2) return 2 - erfcFraction(-x);
  return x > 2 ? erfcFraction(x) : 1 - erfSeries(x);
}

const Φ = (x: number): number => erfc(-x / Math.SQRT2) / 2;
const φ = (x: number): number => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
const σ = (x: number): number => 1 / (1 + Math.exp(-x));
const inner = (x: number): number => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const innerSlope = (x: number): number => Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x ** 2);

/** f and f′, and what they may err by, in units of `elementary`·u. */
export interface Curve {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
  readonly valueError: (x: number) => number;
  readonly slopeError: (x: number) => number;
}

export const curves: Record<ActivationCode, Curve> = {
  [Activation.none]: { value: (x) => x, slope: () => 1, valueError: () => 0, slopeError: () => 0 },
  [Activation.gelu]: {
    value: (x) => x * Φ(x),
    slope: (x) => Φ(x) + x * φ(x),
    valueError: Math.abs, // Φ ≤ 1 errs by one
    slopeError: (x) => 1 + Math.abs(x) * φ(x) * (1 + x * x),
  },
  [Activation.geluTanh]: {
    value: (x) => (x / 2) * (1 + Math.tanh(inner(x))),
    slope: (x) => (1 + Math.tanh(inner(x))) / 2 + (x / 2) * Math.cosh(inner(x)) ** -2 * innerSlope(x),
    valueError: Math.abs,
    slopeError: (x) => 1 + Math.abs(x) * innerSlope(x), // tanh² errs by one
  },
  [Activation.relu]: {
    value: (x) => Math.max(0, x),
    slope: (x) => (x > 0 ? 1 : 0),
    valueError: () => 0,
    slopeError: () => 0,
  },
  [Activation.tanh]: {
    value: Math.tanh,
    slope: (x) => Math.cosh(x) ** -2,
    valueError: (x) => Math.min(1, Math.abs(x)),
    slopeError: () => 1,
  },
  [Activation.sigmoid]: { value: σ, slope: (x) => σ(x) * σ(-x), valueError: σ, slopeError: () => 1 },
  [Activation.silu]: {
    value: (x) => x * σ(x),
    slope: (x) => σ(x) + x * σ(x) * σ(-x),
    valueError: Math.abs,
    slopeError: (x) => 1 + Math.abs(x),
  },
};

/** No activation here is steeper than this (gelu near x = √2 is, with 1.13). */
export const steepest = 1.2;

export const activationCodes = Object.values(Activation);

/** op(a)·op(b) of one matrix pair, and the same of their absolute values, for the error's bound. */
export function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  shape: { m: number; k: number; n: number; transA?: number; transB?: number },
): { value: Float64Array; size: Float64Array } {
  const { m, k, n, transA = 0, transB = 0 } = shape;
  const value = new Float64Array(m * n);
  const size = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let l = 0; l < k; l++) {
        const term = a[transA ? l * m + i : i * k + l] * b[transB ? j * k + l : l * n + j];
        value[i * n + j] += term;
        size[i * n + j] += Math.abs(term);
      }
    }
  }
  return { value, size };
}

export function softmaxOf(x: ArrayLike<number>): {
  probabilities: number[];
  max: number;
  logTotal: number;
  lse: number;
} {
  const values = Array.from(x);
  const max = values.some(Number.isNaN) ? Number.NaN : Math.max(...values);
  if (max === Number.NEGATIVE_INFINITY) return { probabilities: values.map(() => 0), max, logTotal: max, lse: max };
  const total = values.reduce((sum, value) => sum + Math.exp(value - max), 0);
  const logTotal = Math.log(total);
  return { probabilities: values.map((value) => Math.exp(value - max) / total), max, logTotal, lse: max + logTotal };
}

export function sumOf(x: Iterable<number>): number {
  let total = 0;
  for (const value of x) total += value;
  return total;
}

/** Row n of a [N, width] array. */
export function row(x: Float64Array, n: number, width: number): Float64Array {
  return x.subarray(n * width, (n + 1) * width);
}
