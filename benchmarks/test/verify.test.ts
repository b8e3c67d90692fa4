import { expect, it } from 'vitest';
import { uniform } from '../src/files.mjs';
import { product } from '../src/oracle.mjs';
import { gamma, worstError } from '../src/verify.mjs';

const [m, n, k] = [17, 19, 23];

/** a [M, K] · b [K, N] (or b [N, K] with transB) in f32, as a careless kernel would. */
function multiply(a: Float32Array, b: Float32Array, transB: number, bias: Float32Array | null) {
  const y = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++)
        sum = Math.fround(sum + Math.fround(a[i * k + p] * b[transB ? j * k + p : p * n + j]));
      y[i * n + j] = sum + (bias ? bias[j] : 0);
    }
  }
  return y;
}

it.each([
  [0, false],
  [1, true],
])('accepts a product in f32, and not one wrong number of it (transB %i)', (transB, withBias) => {
  const [a, b] = [uniform(m * k, { seed: 1 }), uniform(n * k, { seed: 2 })];
  const bias = withBias ? uniform(n, { seed: 3 }) : null;
  const expected = product(a, b, { m, n, k, transB, bias: bias as never });
  const y = multiply(a, b, transB, bias);
  expect(worstError({ y }, expected as never)).toBeLessThanOrEqual(1);
  for (let i = 0; i < y.length; i += 7) {
    const wrong = y.slice();
    wrong[i] += 0.01;
    expect(worstError({ y: wrong }, expected as never)).toBeGreaterThan(1);
  }
});

it('counts what is missing, and what is not a number, as infinitely wrong', () => {
  const expected = [{ output: 'y', width: 1, want: Float64Array.of(1, 2), bound: Float64Array.of(1, 1) }];
  expect(worstError({ x: Float32Array.of(1, 2) }, expected)).toBe(Number.POSITIVE_INFINITY);
  expect(worstError({ y: Float32Array.of(1, Number.NaN) }, expected)).toBe(Number.POSITIVE_INFINITY);
  expect(worstError({ y: Float32Array.of(1.5, 2) }, expected)).toBe(0.5);
});

it('lets outputs of fewer bits be rounded to them', () => {
  const expected = [{ output: 'y', width: 1, want: Float64Array.of(4), bound: Float64Array.of(gamma(1)) }];
  const rounded = { y: Float32Array.of(4 + 2 ** -7) };
  expect(worstError(rounded, expected)).toBeGreaterThan(1);
  expect(worstError(rounded, expected, 2 ** -8)).toBeLessThan(1);
});
