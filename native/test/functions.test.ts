import { expect, test } from 'vitest';
import { isas, needIsa, runProcess } from './built.js';

interface Case {
  /** What is computed, in f64. */
  readonly exact: (x: number) => number;
  /** Units in the last place that native/src/kernels/functions.h states. */
  readonly ulp: number;
  /** What is lost besides, absolutely, where a factor of the result is too small to be a normal number. */
  readonly lost: (x: number) => number;
}

/** 1 − erf(z) for z ≥ 0: a series near 0, else Lentz's continued fraction. */
function erfc(z: number): number {
  if (z < 2) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > 1e-18 * sum; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 120; n > 0; n--) fraction = n / 2 / (z + fraction);
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction);
}

const phi = (x: number) => (x < 0 ? 0.5 * erfc(-x * Math.SQRT1_2) : 1 - 0.5 * erfc(x * Math.SQRT1_2));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const none = () => 0;
const product = (x: number) => Math.abs(x) * 2 ** -149;

const cases: Record<string, Case> = {
  exp: { exact: Math.exp, ulp: 1, lost: none },
  exp2: { exact: (x) => 2 ** x, ulp: 3, lost: none },
  log: { exact: Math.log, ulp: 2, lost: none },
  tanh: { exact: Math.tanh, ulp: 3, lost: none },
  sigmoid: { exact: sigmoid, ulp: 3, lost: none },
  // One rounding more than Φ and σ, for the product with x.
  gelu: { exact: (x) => x * phi(x), ulp: 7, lost: product },
  silu: { exact: (x) => x * sigmoid(x), ulp: 4, lost: product },
};

/** The unit in the last place of an f32 of this size. */
const unit = (x: number) => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(x)))) - 23);

const everyFunction = isas.flatMap((isa) => Object.keys(cases).map((name) => [name, isa] as const));

test.for(everyFunction)('%s errs by no more than is stated, on %s', ([name, isa], context) => {
  const addon = needIsa(isa, context);
  const { exact, ulp, lost } = cases[name];
  const { x, y } = runProcess('functions.mjs', [isa, name], addon) as { x: number[]; y: number[] };
  let worst = 0;
  let at = 0;
  x.forEach((value, i) => {
    const right = exact(value);
    if (Math.fround(right) === y[i]) return;
    const error = (Math.abs(y[i] - right) - lost(value)) / unit(right);
    if (!(error <= worst)) [worst, at] = [error, value];
  });
  expect(worst, `${name}(${at})`).toBeLessThanOrEqual(ulp);
});

test.for(everyFunction.filter(([name]) => name !== 'log'))(
  '%s takes ±∞ and NaN as IEEE 754, on %s',
  ([name, isa], context) => {
    const addon = needIsa(isa, context);
    const expected: Record<string, (number | null)[]> = {
      exp: ['∞', 0, null, 1, 1],
      exp2: ['∞', 0, null, 1, 1],
      tanh: [1, -1, null, 0, 0],
      sigmoid: [1, 0, null, 0.5, 0.5],
      gelu: ['∞', null, null, 0, 0],
      silu: ['∞', null, null, 0, 0],
    } as Record<string, (number | null)[]>;
    const { special } = runProcess('functions.mjs', [isa, name], addon) as { special: (number | string | null)[] };
    expect(special).toEqual(expected[name]);
  },
);
