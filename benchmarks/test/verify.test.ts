import { describe, expect, it } from 'vitest';
import { uniform } from '../src/files.mjs';
import { blank, exact, product, read, reference, whole } from '../src/oracle.mjs';
import { attentionHead } from '../src/oracle-attention.mjs';
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

describe.each([false, true])('attention in float64 (causal: %s)', (causal) => {
  const [length, size] = [13, 5];
  const numbers = (seed: number) => new Float64Array(uniform(length * size, { seed }));
  const [q, k, v, dy] = [1, 2, 3, 4].map(numbers);
  const found = attentionHead({ q, k, v, dy }, { length, size, causal }) as Record<
    string,
    { value: Float64Array; bound: Float64Array }
  >;

  /** The kernels, in float64. */
  function kernels() {
    const shape = [length, size];
    const [a, b, c, d] = [q, k, v, dy].map((each) => exact(each, shape));
    const [y, dq, dk, dv] = [1, 2, 3, 4].map(() => blank(shape));
    const lse = blank([length, 1]);
    const spans = whole(Int32Array.of(0, length, 0, length, 0), [1, 5]);
    const causally = causal ? 1 : 0;
    const scale = 1 / Math.sqrt(size);
    reference.attention(y, lse, a, b, c, spans, 0, 0, 0, 1, size, scale, causally, 0, 0, 0, 0, 0);
    reference.attentionBackward(
      dq,
      dk,
      dv,
      d,
      y,
      lse,
      a,
      b,
      c,
      spans,
      0,
      0,
      0,
      1,
      size,
      scale,
      causally,
      0,
      0,
      0,
      0,
      0,
    );
    return { y, dq, dk, dv };
  }

  it('is what the reference kernels compute', () => {
    for (const [name, tensor] of Object.entries(kernels())) {
      read(tensor).forEach((x, i) => {
        expect(Math.abs(x - found[name].value[i])).toBeLessThan(1e-13);
      });
    }
  });

  it('bounds every error far below the numbers themselves', () => {
    for (const { value, bound } of Object.values(found)) {
      const size = value.reduce((sum, x) => sum + Math.abs(x), 0);
      expect(Math.min(...bound)).toBeGreaterThan(0);
      expect(bound.reduce((sum, x) => sum + x, 0)).toBeLessThan(1e-3 * size);
    }
  });
});
