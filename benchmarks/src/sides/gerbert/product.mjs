// How our matrix product is called: the one place that knows its arguments.
import { Activation, empty, Precision, packedBytes } from '@gerbert/tensor';
import { Unsupported } from '../serve.mjs';
import { prepared } from './outputs.mjs';

const precisions = { f32: Precision.full, bf16: Precision.bf16, int8: Precision.int8 };
const none = Activation.none;

/** One product, whose right factor is laid out before (`packed`) or in every run. */
function product({ y, a, b, bias, transB }, { precision, packed }, at) {
  const { backend } = at;
  if (!packed) {
    return { run: () => backend.gemm(y, a, b, bias, null, null, 0, transB, none, 1, 0, precision), memory: [] };
  }
  const [rows, columns] = b.dims;
  const bytes = empty([packedBytes(transB ? rows : columns, transB ? columns : rows, precision)], 'u8', at);
  backend.pack(bytes, b, transB, precision);
  return { run: () => backend.gemmPacked(y, a, bytes, bias, null, null, none, 1, 0), memory: [bytes] };
}

/**
 * y = a·b, or a·bᵀ + bias: a [M, K], b [K, N] or [N, K] with transB, bias [N], y [M, N]. With `copies` b is [copies, N, K], and one run
 * multiplies by each in turn, as a model's layers do, so that no weight is still in the caches from the run before.
 */
export function gemm(inputs, { transB = 0, copies = 1, precision = 'f32', packed = false }, at) {
  const { a, b, bias = null } = inputs;
  const code = precisions[precision];
  if (code === undefined) throw new Unsupported(`this build has no product in ${precision}`);
  const [rows, columns] = b.shape.slice(-2);
  const y = empty([a.shape[0], transB ? rows : columns], 'f32', at);
  const products = Array.from({ length: copies }, (_, i) => {
    const weight = { buffer: b.buffer, offset: b.offset + i * rows * columns, dtype: b.dtype, dims: [rows, columns] };
    return product({ y, a, b: weight, bias, transB }, { precision: code, packed }, at);
  });
  const run = () => {
    for (const each of products) each.run();
  };
  return prepared(
    run,
    { y },
    inputs,
    at,
    products.flatMap(({ memory }) => memory),
  );
}
