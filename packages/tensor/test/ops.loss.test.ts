import { describe, expect } from 'vitest';
import {
  add,
  crossEntropy,
  embedding,
  gatherRows,
  gelu,
  ignoreIndex,
  linear,
  linearCrossEntropy,
  mean,
  multiply,
  noGrad,
  sum,
  tanh,
  tensor,
  writeRows,
  zeros,
} from '../src/index.js';
import { checkGradients, expectClose, expectError, indices, leaf, normals, onEachDevice } from './ops-gradients.js';

// N rows, C width, V classes or rows of a table

describe('rows of tables', () => {
  const picked = [4, 0, 4, 4, 2];

  onEachDevice('are gathered by number, and added up over tables', (at) => {
    const [words, places] = [
      leaf([5, 2], at, [0, 1, 10, 11, 20, 21, 30, 31, 40, 41]),
      leaf([2, 2], at, [100, 200, 300, 400]),
    ];
    const rows = gatherRows(words, indices(picked, at));
    expect(rows.shape).toEqual([5, 2]);
    expect([...rows.readSync()]).toEqual([40, 41, 0, 1, 40, 41, 40, 41, 20, 21]);
    const both = embedding([words, indices(picked, at)], [places, indices([0, 1, 0, 1, 0], at)]);
    expect([...both.readSync()]).toEqual([140, 241, 300, 401, 140, 241, 340, 441, 120, 221]);
    expect(gatherRows(words, indices([], at)).shape).toEqual([0, 2]);
  });

  checkGradients('gatherRows with repeated numbers', [[5, 3]], ([x], at) => gatherRows(x, indices(picked, at)));
  checkGradients('gatherRows of a computed table', [[5, 3]], ([x], at) => [
    gatherRows(multiply(x, x), indices(picked, at)),
    gatherRows(x, indices([1, 1], at)),
  ]);
  checkGradients(
    'embedding',
    [
      [5, 3],
      [2, 3],
      [4, 3],
    ],
    ([words, types, places], at) =>
      embedding(
        [words, indices(picked, at)],
        [types, indices([0, 0, 0, 1, 1], at)],
        [places, indices([3, 2, 1, 0, 3], at)],
      ),
  );
  checkGradients('embedding of one table twice', [[5, 3]], ([x], at) =>
    embedding([x, indices(picked, at)], [x, indices([0, 1, 2, 3, 4], at)]),
  );
  checkGradients('a table that is also the classifier', [[5, 3]], ([x], at) =>
    linearCrossEntropy(gatherRows(x, indices(picked, at)), x, null, indices([1, 2, 3, 4, 0], at)),
  );

  onEachDevice('refuse what does not fit', (at) => {
    const [x, index] = [leaf([5, 3], at), indices([0, 1], at)];
    expectError(() => gatherRows(leaf([5], at), index), 'SHAPE_MISMATCH', 'gatherRows', '[5]', '[2]');
    expectError(() => gatherRows(x, indices([[0], [1]], at)), 'SHAPE_MISMATCH', 'gatherRows', '[5, 3]', '[2, 1]');
    expectError(() => gatherRows(x, tensor([0, 1], at)), 'DTYPE_MISMATCH', 'gatherRows', 'i32', at.dtype);
    const wide = leaf([5, 4], at);
    expectError(() => embedding([x, index], [wide, index]), 'SHAPE_MISMATCH', 'embedding', '[5, 3]', '[5, 4]');
    const three = indices([0, 1, 2], at);
    expectError(() => embedding([x, index], [x, three]), 'SHAPE_MISMATCH', 'embedding', '[2]', '[3]');
    expectError(() => gatherRows(x, indices([0, 5], at)), 'KERNEL_ARGUMENT', '5');
    expectError(() => gatherRows(x, indices([-1, 0], at)), 'KERNEL_ARGUMENT', '-1');
  });
});

describe('writeRows', () => {
  onEachDevice('overwrites columns of rows', (at) => {
    const to = zeros([4, 3], at);
    const from = tensor(
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      at,
    );
    writeRows(to, from, indices([3, 1], at), { at: 1, fromAt: 2, width: 2 });
    expect([...to.readSync()]).toEqual([0, 0, 0, 0, 7, 8, 0, 0, 0, 0, 3, 4]);
    writeRows(to, tensor([[9, 9, 9]], at), indices([0], at));
    expect([...to.readSync()].slice(0, 3)).toEqual([9, 9, 9]);
  });

  onEachDevice('refuses to lose a gradient, and what does not fit', (at) => {
    const [to, from] = [zeros([4, 3], at), leaf([2, 3], at)];
    const index = indices([3, 1], at);
    expectError(() => writeRows(to, from, index), 'NO_GRADIENT', 'writeRows');
    noGrad(() => writeRows(to, from, index));
    writeRows(to, from.detach(), index);
    expectError(() => writeRows(to, from.detach(), indices([1], at)), 'SHAPE_MISMATCH', '[4, 3]', '[2, 3]', '[1]');
    const typo = { formAt: 1 } as never;
    expectError(() => writeRows(to, from.detach(), index, typo), 'OPTION_UNKNOWN', "'formAt'", "'fromAt'");
  });
});

describe('cross-entropy', () => {
  const z = normals(20, 1);
  const targets = [4, ignoreIndex, 0, 2];
  const losses = targets.map((target, n) => {
    if (target === ignoreIndex) return 0;
    const row = z.subarray(n * 5, n * 5 + 5);
    return Math.log(row.reduce((total, value) => total + Math.exp(value), 0)) - row[target];
  });

  onEachDevice('is −ln softmax at the target, 0 where ignored', (at) => {
    const loss = crossEntropy(leaf([4, 5], at, z), indices(targets, at));
    expect(loss.shape).toEqual([4]);
    expectClose(loss.readSync(), losses, at.dtype);
  });

  onEachDevice('of a linear classifier is the sum of those of its logits', (at) => {
    const [x, w, b] = [leaf([4, 3], at), leaf([5, 3], at), leaf([5], at)];
    const ids = indices(targets, at);
    const total = linearCrossEntropy(x, w, b, ids);
    expect(total.shape).toEqual([1]);
    expectClose(total.readSync(), sum(crossEntropy(linear(x, w, b), ids)).readSync(), at.dtype);
    const unbiased = linearCrossEntropy(x, w, null, ids);
    expectClose(unbiased.readSync(), sum(crossEntropy(linear(x, w, null), ids)).readSync(), at.dtype);
  });

  checkGradients('crossEntropy', [[4, 5]], ([x], at) => crossEntropy(x, indices(targets, at)));
  checkGradients('mean of crossEntropy', [[4, 5]], ([x], at) => mean(crossEntropy(add(x, x), indices(targets, at))));
  const shapes = [[4, 3], [5, 3], [5]];
  checkGradients('linearCrossEntropy', shapes, ([x, w, b], at) => linearCrossEntropy(x, w, b, indices(targets, at)));
  checkGradients(
    'linearCrossEntropy, no bias',
    [
      [4, 3],
      [5, 3],
    ],
    ([x, w], at) => linearCrossEntropy(x, w, null, indices(targets, at)),
  );
  checkGradients('linearCrossEntropy of computed operands', shapes, ([x, w, b], at) =>
    linearCrossEntropy(multiply(x, x), multiply(w, w), multiply(b, b), indices(targets, at)),
  );

  checkGradients('linearCrossEntropy of operands that are used again', shapes, ([x, w, b], at) => {
    const [hx, hw, hb] = [tanh(x), tanh(w), tanh(b)];
    return [linearCrossEntropy(hx, hw, hb, indices(targets, at)), gelu(hx), gelu(hw), gelu(hb)];
  });

  onEachDevice('refuses what does not fit', (at) => {
    const [z, ids] = [leaf([4, 5], at), indices(targets, at)];
    expectError(() => crossEntropy(z, indices([1], at)), 'SHAPE_MISMATCH', 'crossEntropy', '[4, 5]', '[1]');
    expectError(() => crossEntropy(leaf([2, 2, 5], at), ids), 'SHAPE_MISMATCH', 'crossEntropy', '[2, 2, 5]', '[4]');
    expectError(() => crossEntropy(z, tensor([1, 2, 3, 4], at)), 'DTYPE_MISMATCH', 'crossEntropy', 'i32');
    expectError(() => crossEntropy(z, indices([0, 0, 0, 5], at)), 'KERNEL_ARGUMENT', '5');
    const [x, w] = [leaf([4, 3], at), leaf([5, 3], at)];
    const wrong = leaf([4], at);
    expectError(
      () => linearCrossEntropy(x, w, wrong, ids),
      'SHAPE_MISMATCH',
      'linearCrossEntropy',
      'bias [4]',
      '[5, 3]',
    );
    expectError(() => linearCrossEntropy(w, z, null, ids), 'SHAPE_MISMATCH', 'linearCrossEntropy', '[5, 3]', '[4, 5]');
    expectError(() => linearCrossEntropy(x, w, null, indices([1], at)), 'SHAPE_MISMATCH', '[4, 5]', '[1]');
  });
});
