import { describe, expect } from 'vitest';
import type { ActivationName } from '../src/index.js';
import {
  Activation,
  activation,
  add,
  affine,
  argmax,
  cast,
  divide,
  gelu,
  geluTanh,
  mean,
  multiply,
  relu,
  sigmoid,
  silu,
  subtract,
  sum,
  tanh,
  tensor,
} from '../src/index.js';
import { checkGradients, expectClose, expectError, leaf, normals, onEachDevice } from './ops-gradients.js';

describe('activations', () => {
  const names = Object.keys(Activation) as ActivationName[];

  onEachDevice('have their own functions', (at) => {
    const x = tensor([-2, -0.5, 0, 0.5, 2], at);
    // Φ(½) and Φ(2) of the standard normal distribution.
    const [half, two] = [0.6914624612740131, 0.9772498680518208];
    const expected = new Map<ActivationName, number[]>([
      ['none', [-2, -0.5, 0, 0.5, 2]],
      ['gelu', [-2 * (1 - two), -0.5 * (1 - half), 0, 0.5 * half, 2 * two]],
      ['relu', [0, 0, 0, 0.5, 2]],
      ['tanh', [-2, -0.5, 0, 0.5, 2].map(Math.tanh)],
      ['sigmoid', [-2, -0.5, 0, 0.5, 2].map((v) => 1 / (1 + Math.exp(-v)))],
      ['silu', [-2, -0.5, 0, 0.5, 2].map((v) => v / (1 + Math.exp(-v)))],
    ]);
    const cubic = (v: number) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
    expected.set('geluTanh', [-2, -0.5, 0, 0.5, 2].map(cubic));
    const short = { gelu, geluTanh, relu, tanh, sigmoid, silu };
    for (const name of names) expectClose(activation(x, name).readSync(), expected.get(name)!, at.dtype);
    for (const [name, f] of Object.entries(short)) {
      expectClose(f(x).readSync(), expected.get(name as ActivationName)!, at.dtype);
    }
  });

  for (const name of names) checkGradients(name, [[4, 5]], ([x]) => activation(x, name));

  onEachDevice('refuses one there is not', (at) => {
    expectError(() => activation(leaf([2], at), 'swish' as never), 'OPTION_RANGE', 'activation', "'swish'", 'silu');
  });
});

describe('arithmetic', () => {
  const ops = { add, subtract, multiply, divide };
  const plain = {
    add: (a: number, b: number) => a + b,
    subtract: (a: number, b: number) => a - b,
    multiply: (a: number, b: number) => a * b,
    divide: (a: number, b: number) => a / b,
  };
  /** Shapes of b that go with a [2, 3, 4]. */
  const seconds = [[2, 3, 4], [3, 4], [4], [1], [1, 1, 1, 1], []];

  for (const name of Object.keys(ops) as (keyof typeof ops)[]) {
    onEachDevice(`${name}, b repeated along leading dimensions`, (at) => {
      const a = normals(24, 1);
      for (const shape of seconds) {
        const size = shape.reduce((product, d) => product * d, 1);
        const b = normals(size, 2);
        const y = ops[name](leaf([2, 3, 4], at, a), leaf(shape, at, b));
        expect(y.shape).toEqual([2, 3, 4]);
        expectClose(
          y.readSync(),
          Array.from(a, (value, e) => plain[name](value, b[e % size])),
          at.dtype,
        );
      }
    });
    for (const shape of seconds) {
      checkGradients(`${name} with b [${shape.join(', ')}]`, [[2, 3, 4], shape], ([a, b]) => ops[name](a, b));
    }
    checkGradients(`${name} of single elements`, [[1], [1, 1]], ([a, b]) => ops[name](a, b));
    checkGradients(`${name} of a tensor with itself`, [[2, 3]], ([x]) => ops[name](x, x));

    onEachDevice(`${name} refuses what does not fit`, (at) => {
      const [a, b] = [leaf([2, 3, 4], at), leaf([2, 3], at)];
      expectError(() => ops[name](a, b), 'SHAPE_MISMATCH', `${name}:`, '[2, 3, 4]', '[2, 3]');
      expectError(() => ops[name](b, leaf([1, 2, 3], at)), 'SHAPE_MISMATCH', '[2, 3]', '[1, 2, 3]');
      const other = tensor([1], { device: at.device, dtype: at.dtype === 'f64' ? 'f32' : 'f64' });
      expectError(() => ops[name](a, other), 'DTYPE_MISMATCH', `${name}:`, 'f32', 'f64');
    });
  }

  onEachDevice('of nothing is nothing', (at) => {
    const [a, b] = [leaf([0, 3], at), leaf([3], at)];
    const y = sum(add(a, b));
    y.backward();
    expect([...y.readSync()]).toEqual([0]);
    expect([...b.grad!.readSync()]).toEqual([0, 0, 0]);
  });

  checkGradients('affine', [[2, 3]], ([x]) => affine(x, -2.5, 3));
  onEachDevice('affine scales and shifts', (at) => {
    expect([...affine(tensor([1, 2], at), -2, 5).readSync()]).toEqual([3, 1]);
    expect([...affine(tensor([1, 2], at), 4).readSync()]).toEqual([4, 8]);
  });
});

describe('reductions', () => {
  onEachDevice('sum and mean take all elements', (at) => {
    const x = tensor(
      [
        [1, 2],
        [3, 6],
      ],
      at,
    );
    expect(sum(x).shape).toEqual([1]);
    expect([...sum(x).readSync(), ...mean(x).readSync()]).toEqual([12, 3]);
    expect([...sum(tensor([], at)).readSync()]).toEqual([0]);
    expect([...mean(tensor([], at)).readSync()]).toEqual([Number.NaN]);
  });

  checkGradients('sum', [[2, 3, 4]], ([x]) => sum(x));
  checkGradients('mean', [[2, 3, 4]], ([x]) => mean(x));
  checkGradients('sum of a computed tensor', [[2, 3]], ([x]) => [sum(multiply(x, x)), x]);

  onEachDevice('argmax drops the last dimension and takes the first of equals', (at) => {
    const x = tensor(
      [
        [
          [1, 5, 5],
          [-1, -3, -2],
        ],
        [
          [0, 0, 0],
          [1, Number.NaN, 9],
        ],
      ],
      at,
    );
    const y = argmax(x);
    expect(y.shape).toEqual([2, 2]);
    expect(y.dtype).toBe('i32');
    expect([...y.readSync()]).toEqual([1, 0, 0, 1]);
    expect(argmax(tensor([3, 4], at)).shape).toEqual([]);
  });
});

describe('cast', () => {
  // Between the two dtypes with gradients; finite differences would measure f32's rounding, so the points and weights are powers of two.
  onEachDevice('gives the gradient back in the dtype it came from', (at) => {
    for (const [from, to] of [
      ['f32', 'f64'],
      ['f64', 'f32'],
      ['f32', 'f32'],
    ] as const) {
      const x = tensor([0.5, -2, 4], { device: at.device, dtype: from });
      x.requiresGrad = true;
      const y = cast(x, to);
      expect(y.dtype).toBe(to);
      // f64 arithmetic is the reference backend's alone.
      if (at.device.name === 'cpu' && to === 'f64') continue;
      sum(multiply(y, tensor([2, -1, 0.25], { device: at.device, dtype: to }))).backward();
      expect(x.grad!.dtype).toBe(from);
      expect([...x.grad!.readSync()]).toEqual([2, -1, 0.25]);
    }
  });

  onEachDevice('converts and rounds', (at) => {
    const x = tensor([1.9, -1.9, 300], { ...at, dtype: 'f32' });
    expect([...cast(x, 'i32').readSync()]).toEqual([1, -1, 300]);
    expect([...cast(x, 'u8').readSync()]).toEqual([1, 0, 255]);
    expect([...cast(x, 'bool').readSync()]).toEqual([1, 1, 1]);
    expect([...cast(cast(x, 'bf16'), 'f32').readSync()]).toEqual([1.8984375, -1.8984375, 300]);
    expect(cast(x, 'bf16').requiresGrad).toBe(false);
  });
});
