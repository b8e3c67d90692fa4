import { describe, expect } from 'vitest';
import {
  attention,
  checkpoint,
  type Device,
  dropout,
  embedding,
  keep,
  layerNorm,
  linear,
  linearCrossEntropy,
  mean,
  multiply,
  Pool,
  randn,
  scope,
  seeded,
  subtract,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.js';
import { RandomStream } from '../src/philox.js';
import { onEachDevice, type Where } from './ops-gradients.js';

// N rows of a packed batch, C width, V vocabulary

const [c, v, layers] = [16, 40, 3];

/** A device of its own, whose pool nobody else uses. */
function alone(at: Where): { own: Device; at: Where } {
  const own = { ...at.device, pool: new Pool(at.device.backend) };
  return { own, at: { device: own, dtype: at.dtype } };
}

/** A small decoder, enough to make every kind of tensor that training makes. */
function model(at: Where, wrap: typeof checkpoint = (fn, ...inputs) => fn(...inputs)) {
  const parameter = (...shape: number[]) => {
    const t = keep(randn(shape, { ...at, std: 0.1 }));
    t.requiresGrad = true;
    return t;
  };
  const blocks = Array.from({ length: layers }, () => ({
    gamma: parameter(c),
    beta: parameter(c),
    qkv: parameter(3 * c, c),
    out: parameter(c, c),
    up: parameter(4 * c, c),
    down: parameter(c, 4 * c),
  }));
  const words = parameter(v, c);
  const parameters = [words, ...blocks.flatMap((block) => Object.values(block))];

  function loss(n: number, step: number): Tensor {
    const ids = Int32Array.from({ length: n }, (_, i) => (i * 7 + step) % v);
    const [index, targets] = [ids, ids.map((id) => (id + 1) % v)].map((each) =>
      tensor(each, { dtype: 'i32', device: at.device }),
    );
    const spans = tensor([[0, n, 0, n, 0]], { dtype: 'i32', device: at.device });
    let h = embedding([words, index]);
    for (const { gamma, beta, qkv, out, up, down } of blocks) {
      h = wrap((x) => {
        const heads = attention(linear(layerNorm(x, gamma, beta, 1e-5), qkv, null), { heads: 2, spans, causal: true });
        const y = linear(dropout(heads, 0.1), out, null, { residual: x });
        const inner = linear(layerNorm(y, gamma, beta, 1e-5), up, null, { activation: 'gelu' });
        return linear(inner, down, null, { residual: y });
      }, h);
    }
    return linearCrossEntropy(h, words, null, targets);
  }

  /** One step; returns the loss, which outlives it. */
  function step(n: number, number: number): Tensor {
    const found = scope(() =>
      seeded({ seed: 1, step: number }, () => {
        const total = loss(n, number);
        total.backward(1 / n);
        return total.detach();
      }),
    );
    for (const parameter of parameters) {
      expect(parameter.grad).not.toBeNull();
      parameter.grad!.dispose();
      parameter.grad = null;
    }
    return found;
  }
  return { step, parameters };
}

describe('memory of a training loop', () => {
  onEachDevice('asks the system for nothing once the largest batch has been seen', (at) => {
    for (const seed of [1, 2, 3, 4]) {
      const { own, at: where } = alone(at);
      const { step } = model(where, seed % 2 === 0 ? checkpoint : undefined);
      const random = new RandomStream(seed);
      const batch = () => 1 + random.int(64);
      for (let i = 0; i < 3; i++) step(batch(), i).dispose();
      for (let i = 0; i < 2; i++) step(64, i).dispose();
      const { bytes, allocations } = own.pool.stats();
      for (let i = 0; i < 20; i++) {
        step(batch(), i).dispose();
        expect(own.pool.stats()).toMatchObject({ bytes, allocations });
      }
    }
  });

  onEachDevice('returns all but its parameters to the pool', (at) => {
    const { own, at: where } = alone(at);
    const { step, parameters } = model(where);
    const held = own.pool.stats().bytes - own.pool.stats().idleBytes;
    step(20, 0).dispose();
    const { bytes, idleBytes } = own.pool.stats();
    expect(bytes - idleBytes).toBe(held);
    for (const parameter of parameters) parameter.dispose();
    expect(own.pool.stats().idleBytes).toBe(own.pool.stats().bytes);
  });

  onEachDevice('grows by no more than what is collected', (at) => {
    const { own, at: where } = alone(at);
    const { step } = model(where);
    for (let i = 0; i < 2; i++) step(48, i).dispose();
    const before = own.pool.stats();
    const losses = Array.from({ length: 10 }, (_, i) => step(i % 2 === 0 ? 48 : 9, i));
    const after = own.pool.stats();
    // The first loss takes what the disposed ones left; each is of the smallest class.
    expect(after.bytes - before.bytes).toBe(9 * 256);
    expect(losses.map(({ buffer }) => buffer.bytes)).toEqual(new Array(10).fill(256));
    expect(new Set(losses.map(({ buffer }) => buffer)).size).toBe(10);
  });

  onEachDevice('reuses gradient buffers, within a step and from step to step', (at) => {
    const { own, at: where } = alone(at);
    const x = keep(zeros([300], where));
    x.requiresGrad = true;
    const accumulate = () => scope(() => sum(multiply(x, x)).backward());
    accumulate();
    const { grad } = x;
    accumulate();
    accumulate();
    expect(x.grad).toBe(grad);
    const { buffer } = grad!;
    grad!.dispose();
    x.grad = null;
    const { allocations } = own.pool.stats();
    accumulate();
    expect(x.grad!.buffer).toBe(buffer);
    expect(own.pool.stats().allocations).toBe(allocations);
  });

  onEachDevice('of results that are returned holds them in their own size', (at) => {
    const { own, at: where } = alone(at);
    scope(() => {
      zeros([10_000], where);
    });
    const large = own.pool.stats().bytes;
    const result = scope(() => {
      const x = tensor([1, 2, 3], where);
      expect(x.buffer.bytes).toBe(large);
      return { x, view: x.reshape(3, 1) };
    });
    expect(result.x.buffer.bytes).toBe(256);
    expect([...result.view.readSync()]).toEqual([1, 2, 3]);
    expect(own.pool.stats()).toEqual({ bytes: large + 256, idleBytes: large, allocations: 2 });
    const kept = scope(() => keep(tensor([4], where)));
    expect([kept.buffer.bytes, ...kept.readSync()]).toEqual([256, 4]);
    const error = scope(() => mean(multiply(subtract(result.x, kept), kept)));
    expect(error.readSync()[0]).toBeCloseTo(-8);
  });
});
