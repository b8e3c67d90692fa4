import { describe, expect, test } from 'vitest';
import {
  add,
  addLayerNorm,
  affine,
  attention,
  crossEntropy,
  device,
  devices,
  dropout,
  gatherRows,
  gelu,
  layerNorm,
  linear,
  linearCrossEntropy,
  matmul,
  multiply,
  relu,
  seeded,
  softmax,
  subtract,
  sum,
  type Tensor,
  tanh,
  tensor,
  writeRows,
} from '../src/index.js';
import { checkGradients, expectClose, expectError, indices, leaf, normals, onEachDevice } from './ops-gradients.js';

// A gradient may be handed on as it is, to several inputs at once: adding to one of them must not be seen by the others.

describe('a tensor used several times', () => {
  const square = [[3, 3]];
  const twice: [string, (x: Tensor) => Tensor | Tensor[]][] = [
    ['x + x', (x) => add(x, x)],
    ['x − x', (x) => subtract(x, x)],
    ['x + x, x computed', (x) => ((h) => add(h, h))(relu(x))],
    ['(x + x) + x', (x) => add(add(x, x), x)],
    ['x + f(x)', (x) => add(x, tanh(x))],
    ['f(x) + x', (x) => add(tanh(x), x)],
    ['x ∘ x ∘ x', (x) => multiply(multiply(x, x), x)],
    ['matmul(h, h) + h', (x) => ((h) => add(matmul(h, h), h))(gelu(x))],
    ['h + h·h, in the other order', (x) => ((h) => add(h, matmul(h, h)))(gelu(x))],
    ['two results', (x) => ((h) => [add(h, h), multiply(h, x)])(gelu(x))],
    ['a gradient that goes two ways, one of which adds', (x) => ((h) => add(add(h, tanh(h)), add(h, x)))(gelu(x))],
    ['a diamond', (x) => ((h) => ((l, r) => add(multiply(l, r), add(l, r)))(tanh(h), gelu(h)))(relu(x))],
  ];
  for (const [name, f] of twice) checkGradients(name, square, ([x]) => f(x));

  checkGradients('a residual stream', [[4, 6], [6, 6], [6]], ([x, w, b]) => {
    let h = x;
    for (let layer = 0; layer < 3; layer++) h = linear(layerNorm(h, b, b, 1e-3), w, b, { residual: h });
    return h;
  });
  checkGradients('a residual stream whose activation shares nothing', [[4, 6], [6, 6], [6]], ([x, w, b]) => {
    let h = gelu(x);
    for (let layer = 0; layer < 3; layer++) h = linear(h, w, b, { residual: h, activation: 'tanh' });
    return h;
  });
  checkGradients('a post-norm stream', [[4, 6], [6, 6], [6], [6]], ([x, w, g, b]) => {
    let h = x;
    for (let layer = 0; layer < 2; layer++) h = addLayerNorm(linear(h, w, null), h, g, { beta: b, eps: 1e-3 }).y;
    return h;
  });
  checkGradients('a pre-norm block', [[5, 4], [12, 4], [4, 4], [4], [4]], ([x, qkv, out, g, b], at) => {
    const spans = indices(
      [
        [0, 3, 0, 3, 0],
        [3, 2, 3, 2, 1],
      ],
      at,
    );
    const heads = attention(linear(layerNorm(x, g, b, 1e-3), qkv, null), { heads: 2, spans, causal: true });
    const h = linear(heads, out, b, { residual: x });
    return linear(layerNorm(h, g, b, 1e-3), out, b, { residual: h, activation: 'geluTanh' });
  });
  checkGradients(
    'embeddings tied to the loss',
    [
      [6, 4],
      [4, 4],
    ],
    ([table, w], at) => {
      const h = linear(gatherRows(table, indices([1, 1, 5], at)), w, null, { activation: 'gelu' });
      return linearCrossEntropy(h, table, null, indices([0, 2, 1], at));
    },
  );
});

describe('reshape', () => {
  onEachDevice('shares memory and fills in −1', (at) => {
    const x = leaf([2, 6], at);
    const y = x.reshape(3, -1);
    expect(y.shape).toEqual([3, 4]);
    expect(y.storage).toBe(x.storage);
    expect(y.readSync()).toEqual(x.readSync());
    expectError(() => x.reshape(5, -1), 'SHAPE_MISMATCH', 'reshape', '[2, 6]', '[5, -1]');
    expectError(() => x.reshape(3, 3), 'SHAPE_MISMATCH', 'reshape', '[2, 6]', '[3, 3]');
    expectError(() => x.reshape(-1, -1), 'SHAPE_MISMATCH', 'reshape', '[2, 6]');
    expectError(() => leaf([1], at).reshape(-1, -1), 'SHAPE_MISMATCH', 'reshape', '[1]');
    expectError(() => x.reshape(1, 1, 1, 2, 6), 'SHAPE_MISMATCH', 'four dimensions');
    expect(leaf([0, 3], at).reshape(3, 0).shape).toEqual([3, 0]);
  });

  checkGradients('a reshaped leaf', [[2, 6]], ([x]) => softmax(x.reshape(4, 3)));
  checkGradients('a reshaped result', [[2, 6]], ([x]) => gelu(x).reshape(12));
  checkGradients('a tensor and its reshaped self', [[3, 4], [4]], ([x, b]) => {
    const h = gelu(x);
    return [add(h.reshape(12), h.reshape(12)), multiply(h, b), h.reshape(2, 6)];
  });
  checkGradients('reshapes of reshapes, added up', [[2, 6]], ([x]) => {
    const h = tanh(x);
    return add(add(h.reshape(12).reshape(3, 4), h.reshape(3, 4)), multiply(h, h).reshape(3, 4));
  });
  checkGradients(
    'a residual through a reshape',
    [
      [2, 6],
      [3, 3],
    ],
    ([x, w]) => {
      const h = tanh(x).reshape(4, 3);
      return add(linear(h, w, null, { residual: h }).reshape(2, 6), x);
    },
  );
});

describe('rows', () => {
  onEachDevice('shares memory and carries no gradient', (at) => {
    const x = leaf([4, 3], at, normals(12, 1));
    const middle = x.rows(1, 3);
    expect(middle.shape).toEqual([2, 3]);
    expectClose(middle.readSync(), normals(12, 1).subarray(3, 9), at.dtype);
    expect(middle.requiresGrad).toBe(false);
    expect(middle.reshape(6).readSync()).toEqual(middle.readSync());
    expect(x.rows(4, 4).size).toBe(0);
    expectError(() => x.rows(1, 5), 'INDEX_RANGE', 'rows(1, 5)', '4 rows');
    expectError(() => x.rows(2, 1), 'INDEX_RANGE');
    const y = affine(x.rows(2, 4), 2);
    expectClose(
      y.readSync(),
      normals(12, 1)
        .subarray(6)
        .map((value) => 2 * value),
      at.dtype,
    );
  });
});

describe('dropout', () => {
  const dropped = (x: Tensor, p: number, keys: Tensor | null = null) =>
    seeded({ seed: 5, step: 6 }, () => dropout(x, p, keys));

  checkGradients('dropout', [[4, 5]], ([x]) => dropped(x, 0.4));
  checkGradients('dropout of three dimensions', [[2, 2, 5]], ([x]) => dropped(x, 0.4));
  checkGradients('dropout with keys', [[3, 5]], ([x], at) =>
    dropped(
      x,
      0.4,
      indices(
        [
          [1, 0],
          [1, 1],
          [7, 3],
        ],
        at,
      ),
    ),
  );
  checkGradients('dropout of what is used elsewhere', [[4, 5]], ([x]) => ((h) => add(h, dropped(h, 0.5)))(gelu(x)));

  onEachDevice('zeroes about p of the elements and scales the others', (at) => {
    const x = tensor(new Float32Array(4000).fill(3), { shape: [40, 100], ...at });
    const y = Array.from(dropped(x, 0.25).readSync());
    const kept = y.filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([4]));
    // Four standard deviations of a binomial distribution.
    expect(Math.abs(kept.length - 3000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75));
    expect(dropout(x, 0)).toBe(x);
  });

  onEachDevice('refuses what does not fit', (at) => {
    const x = leaf([4, 5], at);
    expectError(() => dropout(x, 0.5, indices([[0, 0]], at)), 'SHAPE_MISMATCH', 'dropout', '[4, 5]', '[1, 2]');
    expectError(() => dropout(x, 0.5, tensor([[0, 0]], at)), 'DTYPE_MISMATCH', 'dropout', 'i32');
    for (const p of [1, -0.1, Number.NaN]) expectError(() => dropout(x, p), 'KERNEL_ARGUMENT');
  });
});

test('tensors of two devices do not mix', (context) => {
  const cpu = devices().find(({ name }) => name === 'cpu')!;
  if (!cpu.available) return context.skip(cpu.reason);
  const [here, there] = [{ device: 'js' }, { device: 'cpu' }];
  const [a, b] = [tensor([[1]], here), tensor([[1]], there)];
  const index = tensor([0], { dtype: 'i32', ...there });
  const spans = tensor([[0, 1, 0, 1, 0]], { dtype: 'i32', ...there });
  const calls: [string, () => unknown][] = [
    ['add', () => add(a, b)],
    ['matmul', () => matmul(a, b)],
    ['linear', () => linear(a, b, null)],
    ['linear', () => linear(a, a, tensor([1], there))],
    ['layerNorm', () => layerNorm(a, tensor([1], here), tensor([1], there), 1e-3)],
    ['gatherRows', () => gatherRows(a, index)],
    ['crossEntropy', () => crossEntropy(a, index)],
    ['linearCrossEntropy', () => linearCrossEntropy(a, a, null, index)],
    ['attention', () => attention(tensor([[1, 1, 1]], here), { heads: 1, spans })],
    ['dropout', () => dropout(a, 0.5, tensor([[0, 0]], { dtype: 'i32', ...there }))],
    ['writeRows', () => writeRows(a, a, index)],
  ];
  for (const [op, call] of calls) expectError(call, 'DEVICE_MISMATCH', op, 'js', 'cpu');
  expect(sum(a).device).toBe(device('js'));
});
