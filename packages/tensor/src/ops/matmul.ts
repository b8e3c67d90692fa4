import { Activation } from '../backend.js';
import { record } from '../graph.js';
import { shapeMismatch } from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { expectAlike } from './operands.js';
import { currentPrecision } from './precision.js';

/**
 * y = a · b: [M, K] · [K, N], or [G, M, K] · [G, K, N] batch by batch. da = dy · bᵀ, db = aᵀ · dy.
 *
 * @throws `SHAPE_MISMATCH`, `DEVICE_MISMATCH`, `DTYPE_MISMATCH`
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  expectAlike('matmul', a, b);
  const rank = a.shape.length;
  const batched = rank === 3;
  const fits = b.shape.length === rank && (batched || rank === 2) && a.shape[rank - 1] === b.shape[rank - 2];
  if (!fits || (batched && a.shape[0] !== b.shape[0])) {
    shapeMismatch('matmul', '[M, K] · [K, N] or [G, M, K] · [G, K, N]', { a: a.shape, b: b.shape });
  }
  const { backend } = a.device;
  const none = Activation.none;
  const precision = currentPrecision();
  const y = empty([...a.shape.slice(0, -1), b.shape[rank - 1]!], a.dtype, a.device);
  backend.gemm(y, a, b, null, null, null, 0, 0, none, 1, 0, precision);
  return record({
    name: 'matmul',
    inputs: [a, b],
    outputs: [y],
    saved: [a, b],
    backward(gradients, [dy]) {
      gradients.add(a, (da, accumulate) =>
        backend.gemm(da, dy!, b, null, null, null, 0, 1, none, 1, accumulate, precision),
      );
      gradients.add(b, (db, accumulate) =>
        backend.gemm(db, a, dy!, null, null, null, 1, 0, none, 1, accumulate, precision),
      );
    },
  });
}
