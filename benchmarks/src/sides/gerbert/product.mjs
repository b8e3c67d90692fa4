// How our matrix product is called: the one place that knows its arguments.
import { empty } from '@gerbert/tensor';
import { Unsupported } from '../serve.mjs';
import { prepared } from './outputs.mjs';

/** How each precision multiplies: `(backend, y, a, b, bias, transB) → run`. What this build lacks is missing here. */
const precisions = {
  f32: (backend, { y, a, b, bias, transB }) => {
    return () => backend.gemm(y, a, b, bias, null, null, 0, transB, 0, 1, 0);
  },
};

/**
 * y = a·b, or a·bᵀ + bias: a [M, K], b [K, N] or [N, K] with transB, bias [N], y [M, N]. With `copies` b is [copies, N, K], and one run
 * multiplies by each in turn, as a model's layers do, so that no weight is still in the caches from the run before.
 */
export function gemm(inputs, { transB = 0, copies = 1, precision = 'f32' }, at) {
  const { a, b, bias = null } = inputs;
  const multiply = precisions[precision];
  if (!multiply) throw new Unsupported(`this build has no product in ${precision}`);
  const [rows, columns] = b.shape.slice(-2);
  const y = empty([a.shape[0], transB ? rows : columns], 'f32', at);
  const runs = Array.from({ length: copies }, (_, i) => {
    const weight = { buffer: b.buffer, offset: b.offset + i * rows * columns, dtype: b.dtype, dims: [rows, columns] };
    return multiply(at.backend, { y, a, b: weight, bias, transB });
  });
  const run = () => {
    for (const each of runs) each();
  };
  return prepared(run, { y }, inputs, at);
}
