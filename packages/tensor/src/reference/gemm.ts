import type { ActivationCode, Flag, View } from '../backend.js';
import { activationOf } from './activations.js';
import { Arguments, floats } from './arguments.js';

/** See `Kernels.gemm`. */
export function gemm(
  y: View,
  a: View,
  b: View,
  bias: View | null,
  residual: View | null,
  pre: View | null,
  transA: Flag,
  transB: Flag,
  activation: ActivationCode,
  alpha: number,
  accumulate: Flag,
): void {
  const check = new Arguments('gemm', {
    floats: { y, a, b, bias, residual, pre },
    optional: ['bias', 'residual', 'pre'],
  });
  const rank = y.dims.length;
  if (rank !== 2 && rank !== 3) check.fail('y must have 2 or 3 dimensions');
  const lead = y.dims.slice(0, rank - 2);
  const [m, n] = y.dims.slice(rank - 2);
  const k = check.rank('a', rank)[transA ? rank - 2 : rank - 1];
  check.shape('a', ...lead, ...(transA ? [k, m] : [m, k]));
  check.shape('b', ...lead, ...(transB ? [n, k] : [k, n]));
  check.shape('bias', n);
  check.shape('residual', ...y.dims);
  check.shape('pre', ...y.dims);
  check.flag('transA', transA);
  check.flag('transB', transB);
  check.flag('accumulate', accumulate);
  const f = activationOf(activation)?.value ?? check.fail(`activation = ${activation} must be one of Activation`);
  const to = floats(y);
  const left = floats(a);
  const right = floats(b);
  const shift = bias === null ? null : floats(bias);
  const other = residual === null ? null : floats(residual);
  const before = pre === null ? null : floats(pre);
  const aRow = transA ? 1 : k;
  const aColumn = transA ? m : 1;
  const bRow = transB ? 1 : n;
  const bColumn = transB ? k : 1;
  const batches = lead[0] ?? 1;
  for (let s = 0; s < batches; s++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let l = 0; l < k; l++) {
          total += left[s * m * k + i * aRow + l * aColumn] * right[s * k * n + l * bRow + j * bColumn];
        }
        const e = (s * m + i) * n + j;
        const argument = alpha * total + (shift === null ? 0 : shift[j]);
        if (before !== null) before[e] = argument;
        to[e] = f(argument) + (other === null ? 0 : other[e]) + (accumulate ? to[e] : 0);
      }
    }
  }
}
