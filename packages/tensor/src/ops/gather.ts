import { record } from '../graph.js';
import { shapeMismatch } from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { expectAlike, expectIndices, lastOf } from './operands.js';

/**
 * y[n] = x[index[n]]: rows of a matrix, by number; dx[index[n]] += dy[n].   x [V, C], index [N] i32, y [N, C]
 *
 * @throws `SHAPE_MISMATCH`; `KERNEL_ARGUMENT` where an index is outside [0, V)
 */
export function gatherRows(x: Tensor, index: Tensor): Tensor {
  return sumOfRows('gatherRows', [[x, index]]);
}

/**
 * y[n] = Σ table[index[n]] over pairs of a table and indices, in one array: the sum of word, position and type embeddings.
 * Each table [V, C], each index [N] i32, y [N, C].
 */
export function embedding(...pairs: [[Tensor, Tensor], ...[Tensor, Tensor][]]): Tensor {
  return sumOfRows('embedding', pairs);
}

function sumOfRows(op: string, pairs: [Tensor, Tensor][]): Tensor {
  const [[first, index]] = pairs as [[Tensor, Tensor]];
  const { backend } = first.device;
  for (const [table, ids] of pairs) {
    expectAlike(op, first, table);
    expectIndices(op, ids, first);
    if (table.shape.length !== 2 || ids.shape.length !== 1) {
      shapeMismatch(op, 'tables [V, C] and indices [N]', { table: table.shape, index: ids.shape });
    }
    if (lastOf(table.shape) !== lastOf(first.shape)) {
      shapeMismatch(op, 'tables of one width', { first: first.shape, other: table.shape });
    }
    if (ids.size !== index.size) shapeMismatch(op, 'as many indices', { first: index.shape, other: ids.shape });
  }
  const y = empty([index.size, lastOf(first.shape)], first.dtype, first.device);
  pairs.forEach(([table, ids], i) => {
    backend.gatherRows(y, table, ids, i === 0 ? 0 : 1);
  });
  return record({
    name: op,
    inputs: pairs.map(([table]) => table),
    outputs: [y],
    saved: pairs.map(([, ids]) => ids),
    backward(gradients, [dy]) {
      for (const [table, ids] of pairs) {
        gradients.add(table, (dtable, accumulate) => {
          if (!accumulate) backend.fill(dtable, 0);
          backend.scatterAddRows(dtable, dy!, ids);
        });
      }
    },
  });
}
