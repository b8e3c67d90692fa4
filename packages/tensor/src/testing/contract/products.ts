import {
  Activation,
  type ActivationCode,
  type Flag,
  Precision,
  type PrecisionCode,
  packedBytes,
  type View,
} from '../../backend.js';
import type { Bench } from './bench.js';
import { nearest } from './cast.js';
import { curves, product, steepest } from './formulas.js';
import { elementary, gamma } from './precision.js';

/** A product, and what follows it. */
export interface ProductCase {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly batch?: number;
  readonly transA?: Flag;
  readonly transB?: Flag;
  readonly activation?: ActivationCode;
  readonly alpha?: number;
  readonly accumulate?: Flag;
  readonly bias?: boolean;
  readonly residual?: boolean | 'y';
  readonly pre?: boolean;
  readonly precision?: PrecisionCode;
  /** The right factor is packed first. */
  readonly packed?: boolean;
}

/** b [K, N], or [N, K] with transB, packed. */
export function packed(bench: Bench, b: View, { transB, precision }: { transB: Flag; precision: PrecisionCode }): View {
  const [rows, columns] = b.dims;
  const to = room(bench, transB ? rows : columns, transB ? columns : rows, precision);
  bench.backend.pack(to, b, transB, precision);
  return to;
}

/** Room for a factor, from a multiple of 64 on. */
export function room(bench: Bench, n: number, k: number, precision: PrecisionCode): View {
  const bytes = packedBytes(n, k, precision, bench.dtype);
  const whole = bench.raw([64 + bytes], new Uint8Array(64 + bytes), 'u8');
  return { ...whole, offset: Math.ceil(whole.offset / 64) * 64, dims: [bytes] };
}

/** Compares a product with a textbook's in f64, within the bounds that its rounding allows. */
export async function checkProduct(bench: Bench, c: ProductCase): Promise<void> {
  const { m, k, n, transA = 0, transB = 0, activation = Activation.none, alpha = 1, accumulate = 0 } = c;
  const { precision = Precision.full } = c;
  const lead = c.batch === undefined ? [] : [c.batch];
  const a = bench.normals([...lead, ...(transA ? [k, m] : [m, k])]);
  const b = bench.normals([...lead, ...(transB ? [n, k] : [k, n])]);
  const bias = c.bias ? bench.normals([n]) : null;
  const start = accumulate || c.residual === 'y' ? bench.normals([...lead, m, n]) : null;
  const y = start ?? bench.blank(...lead, m, n);
  const residual = c.residual === 'y' ? start : c.residual ? bench.normals([...lead, m, n]) : null;
  const pre = c.pre ? bench.blank(...lead, m, n) : null;
  if (c.packed) {
    const factor = packed(bench, b, { transB, precision });
    bench.backend.gemmPacked(y, a, factor, bias, residual, pre, activation, alpha, accumulate);
  } else {
    bench.backend.gemm(y, a, b, bias, residual, pre, transA, transB, activation, alpha, accumulate, precision);
  }

  const { value: f } = curves[activation];
  const argument: number[] = [];
  const argumentBound: number[] = [];
  const expected: number[] = [];
  const bound: number[] = [];
  for (let s = 0; s < (c.batch ?? 1); s++) {
    const left = multiplied(a.values.subarray(s * m * k, (s + 1) * m * k), precision);
    const right = multiplied(b.values.subarray(s * k * n, (s + 1) * k * n), precision);
    const { value, size } = product(left, right, { m, k, n, transA, transB });
    for (let e = 0; e < m * n; e++) {
      const at = s * m * n + e;
      const shift = bias?.values[e % n] ?? 0;
      const z = alpha * value[e] + shift;
      // A sum of k products, times alpha, plus the bias: γ of k + 2 operations on the absolute values.
      const zBound = gamma(k + 2, bench.dtype) * (Math.abs(alpha) * size[e] + Math.abs(shift));
      argument.push(z);
      argumentBound.push(zBound);
      const added = [f(z), residual?.values[at] ?? 0, accumulate ? start!.values[at] : 0];
      expected.push(added[0] + added[1] + added[2]);
      const own = elementary * bench.u * curves[activation].valueError(z);
      const adding = 2 * bench.u * (Math.abs(added[0]) + Math.abs(added[1]) + Math.abs(added[2]));
      bound.push(steepest * zBound + own + adding);
    }
  }
  const what = `${JSON.stringify(c)}: `;
  if (pre !== null) await bench.expect(`${what}pre`, pre, argument, argumentBound);
  await bench.expect(`${what}y`, y, expected, bound);
}

/** What a product multiplies: its factors, or those rounded to bf16. */
function multiplied(values: Float64Array, precision: PrecisionCode): Float64Array {
  return precision === Precision.bf16 ? values.map((value) => nearest(value, 'bf16')) : values;
}
