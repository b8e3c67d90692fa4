import { describe, expect, test } from 'vitest';
import { Activation, type Flag, type View } from '../src/backend.js';
import { hostMemory } from '../src/host-memory.js';
import { RandomStream } from '../src/philox.js';
import { reference } from '../src/reference/index.js';
import { type Differentiable, gradcheck } from '../src/testing/index.js';

// The first link of the chain: the backward kernels in f64 against finite differences of the forward ones.

const memory = hostMemory();
const random = new RandomStream(1);

function array(dims: readonly number[], values?: ArrayLike<number>): View {
  const size = dims.reduce((product, d) => product * d, 1);
  const view: View = { buffer: memory.allocate(8 * size), offset: 0, dtype: 'f64', dims };
  memory.write(view, Float64Array.from(values ?? new Float64Array(size)));
  return view;
}

function indices(dims: readonly number[], values: number[]): View {
  const view: View = { buffer: memory.allocate(4 * values.length), offset: 0, dtype: 'i32', dims };
  memory.write(view, Int32Array.from(values));
  return view;
}

function read(view: View): Float64Array {
  const host = new Float64Array(view.dims.reduce((product, d) => product * d, 1));
  memory.readSync(view, host);
  return host;
}

function normal(size: number): Float64Array {
  return Float64Array.from({ length: size }, () => random.normal());
}

/** The loss Σ weights·y, whose gradient with respect to y is the weights. */
function weighted(y: Float64Array, weights: Float64Array): number {
  return y.reduce((total, value, i) => total + value * weights[i], 0);
}

describe('backward kernels agree with finite differences', () => {
  test.each(Object.entries(Activation))('activation %s', (_, kind) => {
    const weights = normal(20);
    const fn: Differentiable = ([x]) => {
      const [from, y, dx] = [array([20], x), array([20]), array([20])];
      reference.activation(y, from, kind);
      reference.activationBackward(dx, array([20], weights), from, kind);
      return { loss: weighted(read(y), weights), gradients: [read(dx)] };
    };
    expect(gradcheck(fn, [normal(20).map((value) => 3 * value)])).toBe(20);
  });

  test('layerNorm, with its residual', () => {
    const [n, c] = [3, 7];
    const weights = normal(n * c);
    const fn: Differentiable = ([x, residual, gamma, beta]) => {
      const [y, sum, dx] = [array([n, c]), array([n, c]), array([n, c])];
      const [mean, rstd, dgamma, dbeta] = [array([n]), array([n]), array([c]), array([c])];
      const scale = array([c], gamma);
      reference.layerNorm(y, mean, rstd, sum, array([n, c], x), array([n, c], residual), scale, array([c], beta), 1e-3);
      reference.layerNormBackward(dx, dgamma, dbeta, array([n, c], weights), sum, mean, rstd, scale);
      return { loss: weighted(read(y), weights), gradients: [read(dx), read(dx), read(dgamma), read(dbeta)] };
    };
    expect(gradcheck(fn, [normal(n * c), normal(n * c), normal(c), normal(c)])).toBe(2 * n * c + 2 * c);
  });

  test.each([0, 1] as const)('softmax, log %i', (log) => {
    const [n, c] = [3, 9];
    const weights = normal(n * c);
    const fn: Differentiable = ([x]) => {
      const [y, dx] = [array([n, c]), array([n, c])];
      reference.softmax(y, array([n, c], x), log);
      reference.softmaxBackward(dx, array([n, c], weights), y, log);
      return { loss: weighted(read(y), weights), gradients: [read(dx)] };
    };
    expect(gradcheck(fn, [normal(n * c)])).toBe(n * c);
  });

  test('crossEntropy', () => {
    const [n, v] = [4, 6];
    const weights = normal(n);
    const targets = indices([n], [5, -100, 0, 2]);
    const fn: Differentiable = ([x]) => {
      const [loss, lse, logits, dlogits] = [array([n]), array([n]), array([n, v], x), array([n, v])];
      reference.crossEntropy(loss, lse, null, logits, targets, -100, 0, v);
      reference.crossEntropyBackward(dlogits, array([n], weights), logits, lse, targets, -100, 0, v);
      return { loss: weighted(read(loss), weights), gradients: [read(dlogits)] };
    };
    expect(gradcheck(fn, [normal(n * v)])).toBe(n * v);
  });

  test.each([
    { causal: 0, window: 0, p: 0 },
    { causal: 1, window: 0, p: 0 },
    { causal: 1, window: 3, p: 0.3 },
    { causal: 0, window: 2, p: 0 },
    { causal: 0, window: 0, p: 0.4 },
  ] as { causal: Flag; window: number; p: number }[])('attention, %j', ({ causal, window, p }) => {
    const [heads, size, nq, nk] = [2, 3, 8, 9];
    const width = heads * size;
    // The third has fewer keys than queries, so that causal queries see none.
    const spans = indices([3, 5], [0, 3, 0, 4, 5, 3, 1, 4, 3, 6, 4, 4, 7, 2, 7]);
    const weights = normal(nq * width);
    const tail = [0, 0, 0, heads, size, 0.7, causal, window, p, 3, 4, 5] as const;
    const fn: Differentiable = ([q, k, v]) => {
      const inputs = [array([nq, width], q), array([nk, width], k), array([nk, width], v)] as const;
      const [y, lse] = [array([nq, width]), array([nq, heads])];
      const gradients = [array([nq, width]), array([nk, width]), array([nk, width])] as const;
      reference.attention(y, lse, ...inputs, spans, ...tail);
      reference.attentionBackward(...gradients, array([nq, width], weights), y, lse, ...inputs, spans, ...tail);
      return { loss: weighted(read(y), weights), gradients: gradients.map(read) };
    };
    const count = gradcheck(fn, [normal(nq * width), normal(nk * width), normal(nk * width)]);
    expect(count).toBe((nq + 2 * nk) * width);
  });
});
