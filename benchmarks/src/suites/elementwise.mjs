import { Activation } from '@gerbert/tensor';
import { indices, uniform } from '../files.mjs';
import { blank, closeTo, exact, read, reference, whole } from '../oracle.mjs';
import { gamma, u } from '../verify.mjs';

// N rows, C width. An elementary function (exp, erf, tanh, a division, a root) is taken to be right within this many units of roundoff.
const elementary = 8;
const eps = 1e-5;

const narrow = [1024, 768];
const wide = [1024, 3072];
const logits = [256, 50257];
const named = ([rows, width]) => `${rows} × ${width}`;
const numbers = (shape, seed, scale) => ({ data: uniform(shape[0] * (shape[1] ?? 1), { seed, scale }), shape });

/** A case over an [N, C] array that moves `bytes` for every number. */
function over(shape, { name, bytes, kind = 'copy', ...rest }) {
  return { name: `${name}, ${named(shape)}`, work: { kind, amount: bytes * shape[0] * shape[1] }, ...rest };
}

const ofRows = (values, width) => Float64Array.from({ length: values.length / width }, (_, n) => n);

/** Σ of each row's magnitudes. */
function rowSizes(values, width) {
  const sizes = ofRows(values, width).fill(0);
  for (let i = 0; i < values.length; i++) sizes[Math.floor(i / width)] += Math.abs(values[i]);
  return sizes;
}

// exp has relative error 8u plus that of its argument, which lies within ±2·range; the sum has C terms of one sign.
const softmaxError = (width, range) => gamma(width) + (2 * elementary + 2 * range) * u;

function softmax(shape) {
  const range = 4;
  return over(shape, {
    name: 'softmax',
    bytes: 8,
    op: 'softmax',
    inputs: () => ({ x: numbers(shape, 1, range) }),
    expect({ x }) {
      const y = blank(shape);
      reference.softmax(y, exact(x.data, shape), 0);
      return [closeTo('y', read(y), { width: shape[1], relative: softmaxError(shape[1], range) })];
    },
    quick: shape === narrow,
  });
}

// dx = y·(dy − Σ dy·y): the sum of C products, and the difference.
function softmaxBackward(shape) {
  return over(shape, {
    name: 'softmax, backward',
    bytes: 12,
    op: 'softmaxBackward',
    inputs() {
      const y = numbers(shape, 1, 1);
      const sizes = rowSizes(y.data, shape[1]);
      for (let i = 0; i < y.data.length; i++) y.data[i] = Math.abs(y.data[i]) / sizes[Math.floor(i / shape[1])];
      return { y, dy: numbers(shape, 2, 1) };
    },
    expect({ y, dy }) {
      const dx = blank(shape);
      reference.softmaxBackward(dx, exact(dy.data, shape), exact(y.data, shape), 0);
      const absolute = (i) => gamma(shape[1] + 3) * 2 * y.data[i]; // |dy| ≤ 1 and Σ y = 1
      return [closeTo('dx', read(dx), { width: shape[1], relative: 2 * u, absolute })];
    },
  });
}

const affineInputs = (width) => ({ gamma: numbers([width], 5, 1), beta: numbers([width], 6, 1) });
const vector = ({ data }) => exact(data, [data.length]);

// Inputs lie in ±2: the mean's error is γ(C)·2, that of x̂ = (s − mean)·rstd relative to its size γ(C + 4) and a root's.
const normalError = (width) => 2 * gamma(width + 4) * 2 + elementary * u;

function layerNorm(shape, withResidual) {
  return over(shape, {
    name: withResidual ? 'LayerNorm with residual' : 'LayerNorm',
    bytes: withResidual ? 16 : 8,
    op: 'layerNorm',
    inputs: () => ({
      x: numbers(shape, 1, 1),
      ...(withResidual && { residual: numbers(shape, 2, 1) }),
      ...affineInputs(shape[1]),
    }),
    expect({ x, residual, gamma: scale, beta }) {
      const y = blank(shape);
      const added = residual ? exact(residual.data, shape) : null;
      reference.layerNorm(y, null, null, null, exact(x.data, shape), added, vector(scale), vector(beta), eps);
      const width = shape[1];
      const want = read(y);
      // |x̂| ≤ √C for any row; here it is below 4 for numbers so evenly spread.
      const absolute = (i) =>
        Math.abs(scale.data[i % width]) * 4 * normalError(width) + u * Math.abs(beta.data[i % width]);
      return [closeTo('y', want, { width, relative: 2 * u, absolute })];
    },
    quick: shape === narrow && withResidual,
  });
}

function layerNormBackward(shape) {
  const [rows, width] = shape;
  return over(shape, {
    name: 'LayerNorm, backward',
    bytes: 12,
    op: 'layerNormBackward',
    inputs: () => ({ x: numbers(shape, 1, 1), dy: numbers(shape, 2, 1), ...affineInputs(width) }),
    expect({ x, dy, gamma: scale, beta }) {
      const [dx, y] = [blank(shape), blank(shape)];
      const [mean, rstd, dgamma, dbeta] = [blank([rows]), blank([rows]), blank([width]), blank([width])];
      const s = exact(x.data, shape);
      reference.layerNorm(y, mean, rstd, null, s, null, vector(scale), vector(beta), eps);
      reference.layerNormBackward(dx, dgamma, dbeta, exact(dy.data, shape), s, mean, rstd, vector(scale));
      // dx = rstd·(g − mean g − x̂·mean(g·x̂)) with |g| ≤ 1, |x̂| ≤ 4, rstd ≤ 2: two means over C, and the error of x̂.
      const inRow = 2 * (gamma(width + 4) * (1 + 4 * 4) + 2 * 4 * normalError(width));
      // Σ over N of dy·x̂ and of dy.
      const sums = rows * (gamma(rows + 2) * 4 + 4 * normalError(width));
      return [
        closeTo('dx', read(dx), { width, relative: 0, absolute: inRow }),
        closeTo('dgamma', read(dgamma), { width, relative: 0, absolute: sums }),
        closeTo('dbeta', read(dbeta), { width, relative: 0, absolute: rows * gamma(rows + 1) }),
      ];
    },
  });
}

const geluKinds = { erf: Activation.gelu, tanh: Activation.geluTanh };

function gelu(kind) {
  return over(wide, {
    name: `GELU ${kind}`,
    bytes: 8,
    op: 'gelu',
    params: { kind },
    inputs: () => ({ x: numbers(wide, 1, 4) }),
    expect({ x }) {
      const y = blank(wide);
      reference.activation(y, exact(x.data, wide), geluKinds[kind]);
      // Φ is right within 8u of 1, absolutely: below zero 1 + erf cancels in peers.
      const absolute = (i) => elementary * u * Math.abs(x.data[i]);
      return [closeTo('y', read(y), { width: wide[1], relative: elementary * u, absolute })];
    },
    quick: kind === 'tanh',
  });
}

function geluBackward(kind) {
  return over(wide, {
    name: `GELU ${kind}, backward`,
    bytes: 12,
    op: 'geluBackward',
    params: { kind },
    inputs: () => ({ x: numbers(wide, 1, 4), dy: numbers(wide, 2, 1) }),
    expect({ x, dy }) {
      const dx = blank(wide);
      reference.activationBackward(dx, exact(dy.data, wide), exact(x.data, wide), geluKinds[kind]);
      // f′ is a sum of terms of at most 1 + x²/2, each right within 8u.
      const absolute = (i) => elementary * u * Math.abs(dy.data[i]) * (2 + x.data[i] ** 2);
      return [closeTo('dx', read(dx), { width: wide[1], relative: elementary * u, absolute })];
    },
  });
}

const step = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, decay: 0.01 };

function adamw(size) {
  return {
    name: `AdamW, ${(size / 1e6).toFixed(0)}M weights`,
    work: { kind: 'copy', amount: 28 * size },
    op: 'adamw',
    params: step,
    inputs: () => ({
      w: numbers([size], 1, 0.1),
      g: numbers([size], 2, 0.01),
      m: { data: new Float32Array(size), shape: [size] },
      v: { data: new Float32Array(size), shape: [size] },
    }),
    expect({ w, g }) {
      const { lr, decay, eps: small } = step;
      // The first step: m / correction1 = g, v / correction2 = g².
      const move = (x) => x / (Math.abs(x) + small);
      const [want, bound] = [new Float64Array(size), new Float64Array(size)];
      for (let i = 0; i < size; i++) {
        want[i] = w.data[i] - lr * (move(g.data[i]) + decay * w.data[i]);
        // Corrections like 1 − 0.999 are themselves rounded in f32: the quotient is right within 2⁻²⁴ / 0.001.
        bound[i] = 4 * u * Math.abs(want[i]) + lr * (elementary * u + u / (1 - step.beta2));
      }
      return [{ output: 'w', width: 1, want, bound }];
    },
  };
}

function crossEntropy(backward) {
  const [rows, width] = logits;
  return over(logits, {
    name: backward ? 'cross-entropy, forward and backward' : 'cross-entropy',
    bytes: backward ? 12 : 4,
    kind: backward ? 'copy' : 'read',
    op: 'crossEntropy',
    params: { backward },
    inputs: () => ({
      logits: numbers(logits, 1, 4),
      targets: { data: indices(rows, width, { seed: 2 }), shape: [rows] },
    }),
    expect({ logits: x, targets }) {
      const [loss, lse] = [blank([rows]), blank([rows])];
      const [scores, wanted] = [exact(x.data, logits), whole(targets.data)];
      reference.crossEntropy(loss, lse, null, scores, wanted, -100, 0, width);
      const relative = softmaxError(width, 4);
      const losses = closeTo('loss', read(loss), {
        width: 1,
        relative: 4 * u,
        absolute: relative + 16 * elementary * u,
      });
      if (!backward) return [losses];
      const dlogits = blank(logits);
      reference.crossEntropyBackward(dlogits, blank([rows], 1), scores, lse, wanted, -100, 0, width);
      return [losses, closeTo('dlogits', read(dlogits), { width, relative: relative + 16 * elementary * u })];
    },
  });
}

function embedding(backward) {
  const [rows, width] = narrow;
  const size = 50257;
  return over(narrow, {
    name: backward ? 'embedding, backward' : 'embedding',
    bytes: backward ? 12 : 8,
    op: backward ? 'scatterAddRows' : 'gatherRows',
    params: { size },
    inputs: () => ({
      ...(backward ? { dy: numbers(narrow, 1, 1) } : { x: numbers([size, width], 1, 1) }),
      index: { data: indices(rows, size, { seed: 2 }), shape: [rows] },
    }),
    expect({ x, dy, index }) {
      if (!backward) {
        const want = Float64Array.from(
          { length: rows * width },
          (_, i) => x.data[index.data[Math.floor(i / width)] * width + (i % width)],
        );
        return [{ output: 'y', width, want, bound: new Float64Array(want.length) }];
      }
      const dx = blank([size, width]);
      reference.scatterAddRows(dx, exact(dy.data, narrow), whole(index.data));
      return [closeTo('dx', read(dx), { width, relative: 0, absolute: gamma(rows) * 4 })];
    },
  });
}

export const elementwise = {
  name: 'elementwise',
  about: 'Kernels that move about as many bytes as they compute numbers.',
  cases({ threads }) {
    const cases = [
      ...[narrow, wide, logits].flatMap((shape) => [softmax(shape), softmaxBackward(shape)]),
      ...[narrow, wide].flatMap((shape) => [layerNorm(shape, false), layerNorm(shape, true), layerNormBackward(shape)]),
      ...['erf', 'tanh'].flatMap((kind) => [gelu(kind), geluBackward(kind)]),
      adamw(38_000_000),
      ...[false, true].flatMap((backward) => [crossEntropy(backward), embedding(backward)]),
    ];
    return cases.map((each) => ({ ...each, dtype: 'f32', threads, peers: [{ side: 'torch' }] }));
  },
};
