import { record } from '../graph.js';
import { nextOp } from '../seeded.js';
import { shapeMismatch } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { asRows, expectIndices } from './operands.js';

/**
 * Zeroes each element with probability p and divides the others by 1 − p (Srivastava et al. 2014); p = 0 gives x itself.
 * The mask follows from the innermost `seeded`, the order of ops, and each row's key. x […, C], keys [N, 2] i32: the
 * sequence and position of each row, so that a packed row keeps its mask wherever it stands; null: the row's number.
 */
export function dropout(x: Tensor, p: number, keys: Tensor | null = null): Tensor {
  if (p === 0) return x;
  const rows = asRows(x);
  if (keys) {
    expectIndices('dropout', keys, x);
    if (keys.shape.length !== 2 || keys.shape[0] !== rows.dims[0] || keys.shape[1] !== 2) {
      shapeMismatch('dropout', 'keys [N, 2] for x [N, C]', { x: x.shape, keys: keys.shape });
    }
  }
  const { backend } = x.device;
  const { seed, step, op } = nextOp();
  const y = x.emptyLike();
  backend.dropout(asRows(y), rows, keys, p, seed, step, op);
  return record({
    name: 'dropout',
    inputs: [x],
    outputs: [y],
    saved: [keys],
    backward(gradients, [dy]) {
      const dx = x.emptyLike();
      backend.dropout(asRows(dx), asRows(dy!), keys, p, seed, step, op);
      gradients.give(x, dx);
    },
  });
}
