// Cases of the matrix product, for the suites that have such.
import { uniform } from '../files.mjs';
import { product } from '../oracle.mjs';

/** Numbers that bf16 holds exactly, so that every precision multiplies the same ones. */
function roundToBf16(values) {
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) bits[i] &= 0xffff0000;
  return values;
}

/**
 * One product: y = a·b [M, K]·[K, N], or with transB as a model's layer has it, y = a·bᵀ + bias with b [N, K]; `copies` of b in turn.
 * Whichever of them comes last is what y holds in the end. `packed`: Gerbert lays b out once, before it is timed, as for a weight that stays as it is.
 */
export function productCase({ m, n, k, transB = 0, copies = 1, precision = 'f32', packed = false, ...rest }) {
  return {
    dtype: precision,
    op: 'gemm',
    params: { transB, copies, precision, packed },
    inputs() {
      const a = roundToBf16(uniform(m * k, { seed: 1 }));
      const b = roundToBf16(uniform(copies * n * k, { seed: 2, scale: 1 / Math.sqrt(k) }));
      const weight = transB ? [n, k] : [k, n];
      const matrices = {
        a: { data: a, shape: [m, k] },
        b: { data: b, shape: copies > 1 ? [copies, ...weight] : weight },
      };
      return transB ? { ...matrices, bias: { data: roundToBf16(uniform(n, { seed: 3 })), shape: [n] } } : matrices;
    },
    expect({ a, b, bias }) {
      const last = b.data.subarray((copies - 1) * n * k);
      const extra = precision === 'int8' ? quantisation(a.data, last, k) : undefined;
      return product(a.data, last, { m, n, k, transB, bias: bias?.data ?? null, extra });
    },
    runs: copies,
    ...rest,
  };
}

/**
 * What rounding both sides to 8 bits may change: every number moves by up to half a step, evenly spread, so its variance is step² / 12, and those of
 * the K terms add up. Eight standard deviations; a step is at most 2/127 of the greatest magnitude (twice what our own 8 bits need, for peers that
 * use 7).
 */
function quantisation(a, b, k) {
  const greatest = (values) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const meanSquare = (values) => values.reduce((sum, x) => sum + x * x, 0) / values.length;
  const variance = (values) => ((2 * greatest(values)) / 127) ** 2 / 12;
  const [ofA, ofB] = [variance(a), variance(b)];
  const bound = 8 * Math.sqrt(k * (ofA * meanSquare(b) + ofB * meanSquare(a) + ofA * ofB));
  return () => bound;
}
