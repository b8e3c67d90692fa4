import { describe, expect } from 'vitest';
import { Activation, type ActivationName, add, linear, matmul, multiply, noGrad, Pool, tensor } from '../src/index.js';
import { checkGradients, expectClose, expectError, leaf, normals, onEachDevice } from './ops-gradients.js';

// N rows, I inputs, O outputs, G batch size

const layouts = ['out-in', 'in-out'] as const;
const activations = Object.keys(Activation) as ActivationName[];

/** x · W + b, one product after the other. x [N, I], W [I, O] read through `at`. */
function product(
  x: ArrayLike<number>,
  n: number,
  i: number,
  { o, at }: { o: number; at: (i: number, o: number) => number },
) {
  return Array.from({ length: n * o }, (_, e) => {
    let total = 0;
    for (let k = 0; k < i; k++) total += x[Math.floor(e / o) * i + k] * at(k, e % o);
    return total;
  });
}

describe('linear', () => {
  for (const layout of layouts) {
    const weight = layout === 'out-in' ? [4, 5] : [5, 4];

    onEachDevice(`${layout}: y = x · W + b + r`, (at) => {
      const [x, w, b, r] = [leaf([3, 5], at), leaf(weight, at), leaf([4], at), leaf([3, 4], at)];
      const weights = normals(20, 20);
      const read = (k: number, o: number) => weights[layout === 'out-in' ? o * 5 + k : k * 4 + o];
      const expected = product(normals(15, 15), 3, 5, { o: 4, at: read });
      expectClose(linear(x, w, null, { layout }).readSync(), expected, at.dtype);
      const [bias, residual] = [normals(4, 4), normals(12, 12)];
      const all = expected.map((value, e) => value + bias[e % 4] + residual[e]);
      expectClose(linear(x, w, b, { layout, residual: r }).readSync(), all, at.dtype);
    });

    for (const activation of activations) {
      checkGradients(`linear ${layout}, ${activation}`, [[3, 5], weight, [4]], ([x, w, b]) =>
        linear(x, w, b, { layout, activation }),
      );
    }
    checkGradients(`linear ${layout}, without bias`, [[3, 5], weight], ([x, w]) => linear(x, w, null, { layout }));
    checkGradients(`linear ${layout}, with a residual`, [[3, 5], weight, [4], [3, 4]], ([x, w, b, residual]) =>
      linear(x, w, b, { layout, residual, activation: 'gelu' }),
    );
    checkGradients(`linear ${layout}, its input as residual`, [[3, 4], [4, 4], [4]], ([x, w, b]) =>
      linear(x, w, b, { layout, residual: x }),
    );
    checkGradients(`linear ${layout}, input with leading dimensions`, [[2, 3, 5], weight, [4]], ([x, w, b]) =>
      linear(x, w, b, { layout }),
    );
    checkGradients(`linear ${layout}, input of one dimension`, [[5], weight, [4]], ([x, w, b]) =>
      linear(x, w, b, { layout, activation: 'tanh' }),
    );
  }

  onEachDevice('applies the activation before it adds the residual', (at) => {
    const x = tensor([[-1, 2]], at);
    const identity = tensor(
      [
        [1, 0],
        [0, 1],
      ],
      at,
    );
    const y = linear(x, identity, tensor([0.5, 0.5], at), { activation: 'relu', residual: tensor([[-10, -10]], at) });
    expect([...y.readSync()]).toEqual([-10, -7.5]);
  });

  checkGradients('a weight used twice', [[3, 4], [4, 4], [4]], ([x, w, b]) =>
    linear(linear(x, w, b, { activation: 'tanh' }), w, b),
  );
  checkGradients(
    'a weight used in both layouts',
    [
      [3, 5],
      [4, 5],
    ],
    ([x, w]) => linear(linear(x, w, null, { activation: 'gelu' }), w, null, { layout: 'in-out' }),
  );
  checkGradients(
    'a computed weight',
    [
      [3, 4],
      [4, 4],
      [4, 4],
    ],
    ([x, v, w]) => linear(x, multiply(v, w), null),
  );

  onEachDevice('of no inputs gives its bias, of no rows nothing', (at) => {
    const [x, w, b] = [leaf([3, 0], at), leaf([2, 0], at), leaf([2], at, [1, 2])];
    const y = linear(x, w, b);
    expect(y.shape).toEqual([3, 2]);
    expect([...y.readSync()]).toEqual([1, 2, 1, 2, 1, 2]);
    const none = linear(leaf([0, 2], at), leaf([3, 2], at), null);
    expect(none.shape).toEqual([0, 3]);
    expect(none.readSync().length).toBe(0);
  });

  onEachDevice('keeps the argument of its activation for backward only', (at) => {
    const own = { ...at, device: { ...at.device, pool: new Pool(at.device.backend) } };
    const [x, w] = [leaf([3, 5], own), leaf([4, 5], own)];
    const made = (f: () => unknown) => {
      const before = own.device.pool.stats().allocations;
      f();
      return own.device.pool.stats().allocations - before;
    };
    expect(made(() => noGrad(() => linear(x, w, null, { activation: 'gelu' })))).toBe(1);
    expect(made(() => linear(x.detach(), w.detach(), null, { activation: 'gelu' }))).toBe(1);
    expect(made(() => linear(x, w.detach(), null, { activation: 'gelu' }))).toBe(2);
    expect(made(() => linear(x, w, null))).toBe(1);
  });

  onEachDevice('refuses what does not fit', (at) => {
    const x = leaf([3, 5], at);
    const typo = { activaton: 'gelu' } as never;
    expectError(() => linear(x, leaf([4, 5], at), null, typo), 'OPTION_UNKNOWN', "'activaton'", "'activation'");
    expectError(() => linear(x, leaf([4, 6], at), null), 'SHAPE_MISMATCH', 'linear', '[3, 5]', '[4, 6]');
    expectError(() => linear(x, leaf([4, 5], at), null, { layout: 'in-out' }), 'SHAPE_MISMATCH', '[3, 5]', '[4, 5]');
    expectError(() => linear(x, leaf([5], at), null), 'SHAPE_MISMATCH', 'linear', '[3, 5]', '[5]');
    expectError(() => linear(x, leaf([4, 5], at), leaf([5], at)), 'SHAPE_MISMATCH', 'linear', '[4, 5]', 'bias [5]');
    const residual = leaf([3, 5], at);
    expectError(() => linear(x, leaf([4, 5], at), null, { residual }), 'SHAPE_MISMATCH', 'residual [3, 5]', '[3, 4]');
    const square = leaf([5, 5], at);
    expectError(() => linear(x, square, null, { layout: 'outin' as never }), 'OPTION_RANGE', 'outin', 'out-in');
    expectError(() => linear(x, square, null, { activation: 'gelou' as never }), 'OPTION_RANGE', 'gelou', 'gelu');
  });
});

describe('matmul', () => {
  onEachDevice('multiplies matrices, and batches of them', (at) => {
    const [a, b] = [normals(2 * 3 * 5, 30), normals(2 * 5 * 4, 40)];
    const one = (g: number) => product(a.subarray(g * 15), 3, 5, { o: 4, at: (k, o) => b[g * 20 + k * 4 + o] });
    const batched = matmul(leaf([2, 3, 5], at), leaf([2, 5, 4], at));
    expect(batched.shape).toEqual([2, 3, 4]);
    expectClose(batched.readSync(), [...one(0), ...one(1)], at.dtype);
    const single = matmul(leaf([3, 5], at, a.subarray(0, 15)), leaf([5, 4], at, b.subarray(0, 20)));
    expectClose(single.readSync(), one(0), at.dtype);
  });

  checkGradients(
    'matmul',
    [
      [3, 5],
      [5, 4],
    ],
    ([a, b]) => matmul(a, b),
  );
  checkGradients(
    'matmul of batches',
    [
      [2, 3, 5],
      [2, 5, 4],
    ],
    ([a, b]) => matmul(a, b),
  );
  checkGradients('matmul of a matrix with itself', [[4, 4]], ([a]) => matmul(a, a));
  checkGradients(
    'matmul of computed matrices',
    [
      [4, 4],
      [4, 4],
    ],
    ([a, b]) => matmul(matmul(a, b), add(a, b)),
  );

  onEachDevice('refuses what does not fit', (at) => {
    const a = leaf([3, 5], at);
    expectError(() => matmul(a, leaf([4, 5], at)), 'SHAPE_MISMATCH', 'matmul', '[3, 5]', '[4, 5]');
    expectError(() => matmul(a, leaf([1, 5, 4], at)), 'SHAPE_MISMATCH', '[3, 5]', '[1, 5, 4]');
    expectError(() => matmul(leaf([2, 3, 5], at), leaf([3, 5, 4], at)), 'SHAPE_MISMATCH', '[2, 3, 5]', '[3, 5, 4]');
    expectError(() => matmul(leaf([5], at), leaf([5], at)), 'SHAPE_MISMATCH', 'matmul', '[5]');
  });
});
