import { describe, expect } from 'vitest';
import {
  autocast,
  checkpoint,
  linear,
  linearCrossEntropy,
  Module,
  matmul,
  multiply,
  noGrad,
  normal,
  type PackedPrecision,
  type PackedWeight,
  packWeight,
  sum,
  type Tensor,
  tensor,
} from '../src/index.js';
import { roundBf16 } from '../src/reference/cast.js';
import { expectClose, expectError, indices, leaf, normals, onEachDevice } from './ops-gradients.js';

// N rows, I inputs, O outputs

/** Numbers that bf16 has: nothing is rounded. */
const exact = (size: number, seed: number): Float64Array => normals(size, seed).map(roundBf16);

describe('autocast', () => {
  onEachDevice('rounds what is multiplied, forward and backward', (at) => {
    const run = (round: (value: number) => number, precision: 'full' | 'bf16') => {
      const [x, w] = [leaf([3, 5], at, normals(15, 1).map(round)), leaf([4, 5], at, normals(20, 2).map(round))];
      const y = autocast(precision, () => linear(x, w, null));
      sum(multiply(y, tensor([...normals(12, 3).map(round)], { shape: [3, 4], ...at }))).backward();
      return [y, x.grad!, w.grad!].map((t) => t.readSync());
    };
    const cast = run((value) => value, 'bf16');
    const rounded = run(roundBf16, 'full');
    const plain = run((value) => value, 'full');
    for (const i of [0, 1, 2]) {
      expectClose(cast[i], rounded[i], at.dtype);
      expect(cast[i]).not.toEqual(plain[i]);
    }
  });

  onEachDevice('holds for the second time of a checkpoint', (at) => {
    const gradients = (wrap: typeof checkpoint, precision: 'full' | 'bf16') => {
      const [x, w, v] = [leaf([3, 5], at), leaf([4, 5], at), leaf([2, 4], at)];
      autocast(precision, () => sum(wrap((input) => linear(linear(input, w, null), v, null), x))).backward();
      return [x, w, v].map((t) => t.grad!.readSync());
    };
    const expected = gradients((fn, ...inputs) => fn(...inputs), 'bf16');
    expect(gradients(checkpoint, 'bf16')).toEqual(expected);
    expect(gradients(checkpoint, 'full')).not.toEqual(expected);
  });

  onEachDevice('ends with its function, also where that throws', (at) => {
    const [x, w] = [leaf([3, 5], at, normals(15, 1)), leaf([4, 5], at, normals(20, 2))];
    const before = linear(x, w, null).readSync();
    expect(() =>
      autocast('bf16', () => {
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(linear(x, w, null).readSync()).toEqual(before);
    const nested = autocast('bf16', () => autocast('full', () => linear(x, w, null)));
    expect(nested.readSync()).toEqual(before);
    expectError(() => autocast('bf61' as never, () => 1), 'OPTION_RANGE', 'bf61', 'bf16');
    expectError(() => autocast('bf16', async () => 1), 'SCOPE_ASYNC', 'autocast');
  });

  onEachDevice('acts on the fused classifier and on matmul', (at) => {
    const [x, w] = [leaf([3, 5], at, normals(15, 1)), leaf([4, 5], at, normals(20, 2))];
    const targets = indices([0, 3, 1], at);
    const [rx, rw] = [leaf([3, 5], at, normals(15, 1).map(roundBf16)), leaf([4, 5], at, normals(20, 2).map(roundBf16))];
    const loss = autocast('bf16', () => linearCrossEntropy(x, w, null, targets));
    expectClose(loss.readSync(), linearCrossEntropy(rx, rw, null, targets).readSync(), at.dtype);
    const product = autocast('bf16', () => matmul(x, w.reshape(5, 4)));
    expectClose(product.readSync(), matmul(rx, rw.reshape(5, 4)).readSync(), at.dtype);
  });
});

describe('packWeight', () => {
  for (const layout of ['out-in', 'in-out'] as const) {
    onEachDevice(`gives linear's bits, ${layout}`, (at) => {
      const weight = leaf(layout === 'out-in' ? [4, 5] : [5, 4], at);
      const [x, b, residual] = [leaf([2, 3, 5], at), leaf([4], at), leaf([2, 3, 4], at)];
      const packed = packWeight(weight, { layout });
      expect(packed).toMatchObject({ inputs: 5, outputs: 4, precision: 'full' });
      const options = { activation: 'gelu', residual } as const;
      const y = noGrad(() => linear(x, packed, b, options));
      expect(y.shape).toEqual([2, 3, 4]);
      expect(y.readSync()).toEqual(noGrad(() => linear(x, weight, b, { ...options, layout })).readSync());
    });
  }

  onEachDevice('rounds to bf16 and to integers', (at) => {
    const [x, w] = [leaf([3, 5], at, exact(15, 1)), leaf([4, 5], at, exact(20, 2))];
    const plain = noGrad(() => linear(x, w, null)).readSync();
    const bf16 = packWeight(w, { precision: 'bf16' });
    expectClose(noGrad(() => linear(x, bf16, null)).readSync(), plain, at.dtype);
    const int8 = packWeight(w, { precision: 'int8' });
    const rough = noGrad(() => linear(x, int8, null)).readSync();
    expect(rough).not.toEqual(plain);
    // Numbers below 4, 5 products, half of 1/127 of the greatest off in each factor.
    for (const [i, value] of rough.entries()) expect(Math.abs(value - plain[i])).toBeLessThan(5 * 2 * 4 * (4 / 254));
  });

  onEachDevice('refuses what does not fit, has no gradient, or is stale', (at) => {
    const [x, w] = [leaf([3, 5], at), leaf([4, 5], at)];
    const packed = packWeight(w);
    expectError(() => linear(x, packed, null), 'PACK_NO_GRADIENT', 'noGrad');
    const call = (input: Tensor, bias: Tensor | null = null) => noGrad(() => linear(input, packed, bias));
    expectError(() => call(leaf([3, 4], at)), 'SHAPE_MISMATCH', '[3, 4]', '[4, 5]');
    expectError(() => call(x, leaf([5], at)), 'SHAPE_MISMATCH', 'bias [5]');
    expectError(() => packWeight(leaf([5], at)), 'SHAPE_MISMATCH', '[5]');
    expectError(() => packWeight(w, { precison: 'bf16' } as never), 'OPTION_UNKNOWN', 'precision');
    expectError(() => packWeight(w, { precision: 'int4' as never }), 'OPTION_RANGE', 'int4', 'int8');
    w.write(w.readSync());
    expectError(() => call(x), 'PACK_STALE', 'again');
    packed.dispose();
    expectError(() => call(x), 'PACK_STALE');
  });
});

class Layer extends Module {
  readonly weight = this.parameter('weight', [4, 5], normal(1));
  #packed: PackedWeight | null = null;

  forward(x: Tensor): Tensor {
    return linear(x, this.#packed ?? this.weight, null);
  }

  protected override packWeights(precision: PackedPrecision): void {
    this.#packed = packWeight(this.weight, { precision });
    this.weight.dispose();
  }

  protected override disposePacked(): void {
    this.#packed?.dispose();
  }
}

describe('Module.pack', () => {
  onEachDevice('serves calls, and refuses the rest', ({ device }) => {
    const layer = new Layer({ device }).initialise(3);
    const x = tensor(
      [...normals(10, 1)].map((value) => Math.fround(value)),
      { shape: [2, 5], device },
    );
    const before = noGrad(() => layer.forward(x)).readSync();
    layer.pack();
    expect(noGrad(() => layer.forward(x)).readSync()).toEqual(before);
    expect(layer.parameterCount()).toBe(20);
    for (const use of [
      () => [...layer.parameters()],
      () => [...layer.state()],
      () => layer.initialise(1),
      () => layer.loadState(new Map()),
      () => layer.pack(),
    ]) {
      expectError(use, 'MODEL_PACKED', 'Layer', 'load it again');
    }
    layer.dispose();
    expectError(() => noGrad(() => layer.forward(x)), 'DISPOSED');
  });
});
