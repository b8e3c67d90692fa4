import type { Flag } from '../backend.js';
import { GerbertError } from '../errors.js';
import { record } from '../graph.js';
import { checkOptions } from '../options.js';
import { nextOp } from '../seeded.js';
import { shapeMismatch, sizeOf } from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { expectAlike, expectIndices, lastOf } from './operands.js';

export interface AttentionOptions {
  heads: number;
  /** [B, 5] i32: for each sequence its first query row, query count, first key row, key count, and number (which keys its dropout). */
  spans: Tensor;
  /** Query i sees no key after its own position. The last query stands at the last key. */
  causal?: boolean;
  /** Sees only keys fewer than this many positions away; 0: all. */
  window?: number;
  /** Probability of dropping an attention weight. */
  dropout?: number;
  /** Default 1 / √(head size). */
  scale?: number;
}

/**
 * Multi-head scaled dot-product attention (Vaswani et al. 2017) over packed sequences: softmax(scale · q·kᵀ + mask) · v.
 *
 * Self-attention takes one packed array, qkv [N, 3C]. Cross-attention and cached attention take queries q [Nq, C] (or packed
 * [Nq, 3C], of which the first third counts) and keys with values kv [Nk, 2C]. Result [Nq, C].
 * Rows that no span covers come out zero.
 */
export function attention(qkv: Tensor, options: AttentionOptions): Tensor;
export function attention(q: Tensor, kv: Tensor, options: AttentionOptions): Tensor;
export function attention(q: Tensor, second: Tensor | AttentionOptions, third?: AttentionOptions): Tensor {
  if (third) return attend(q, second as Tensor, third);
  return attend(q, q, second as AttentionOptions);
}

const known = ['heads', 'spans', 'causal', 'window', 'dropout', 'scale'];

interface Layout {
  width: number;
  headSize: number;
  /** First columns of queries, keys and values. */
  at: readonly [number, number, number];
}

function attend(q: Tensor, kv: Tensor, options: AttentionOptions): Tensor {
  checkOptions('attention', options, known);
  const { heads, spans, causal = false, window = 0, dropout: p = 0 } = options;
  const { width, headSize, at } = layoutOf(q, kv, heads, spans);
  const { backend } = q.device;
  const scale = options.scale ?? 1 / Math.sqrt(headSize);
  const flag: Flag = causal ? 1 : 0;
  const { seed, step, op } = p > 0 ? nextOp() : { seed: 0, step: 0, op: 0 };

  const y = empty([q.shape[0]!, width], q.dtype, q.device);
  const lse = empty([q.shape[0]!, heads], q.dtype, q.device);
  backend.fill(y, 0);
  const rest = [...at, heads, headSize, scale, flag, window, p, seed, step, op] as const;
  backend.attention(y, lse, q, kv, kv, spans, ...rest);

  return record({
    name: 'attention',
    inputs: q === kv ? [q] : [q, kv],
    outputs: [y],
    saved: [y, lse, q, kv, spans],
    backward(gradients, [dy]) {
      // Columns and rows that attention did not read have no gradient.
      const dq = zeroedLike(q);
      const dkv = q === kv ? dq : zeroedLike(kv);
      backend.attentionBackward(dq, dkv, dkv, dy!, y, lse, q, kv, kv, spans, ...rest);
      gradients.give(q, dq);
      if (q !== kv) gradients.give(kv, dkv);
    },
  });
}

/**
 * The attention probabilities themselves, without dropout and without gradient, for each span in turn [H, Lq, Lk], one after another:
 * a flat tensor of Σ H·Lq·Lk. Operands as `attention` takes them.
 */
export function attentionProbabilities(q: Tensor, kv: Tensor, options: AttentionOptions & { size: number }): Tensor {
  checkOptions('attentionProbabilities', options, [...known, 'size']);
  const { heads, spans, causal = false, window = 0, size } = options;
  const { headSize, at } = layoutOf(q, kv, heads, spans);
  const scale = options.scale ?? 1 / Math.sqrt(headSize);
  const y = empty([size], q.dtype, q.device);
  const [qAt, kAt] = at;
  q.device.backend.attentionProbabilities(y, q, kv, spans, qAt, kAt, heads, headSize, scale, causal ? 1 : 0, window);
  return y;
}

function layoutOf(q: Tensor, kv: Tensor, heads: number, spans: Tensor): Layout {
  expectAlike('attention', q, kv);
  expectIndices('attention', spans, q);
  const self = q === kv;
  const width = lastOf(kv.shape) / (self ? 3 : 2);
  const wq = lastOf(q.shape);
  const fits = q.shape.length === 2 && kv.shape.length === 2 && (self || wq === width || wq === 3 * width);
  if (!fits || !Number.isInteger(width)) {
    const expected = self ? 'one packed [N, 3C]' : 'q [Nq, C] or [Nq, 3C], and kv [Nk, 2C]';
    shapeMismatch('attention', expected, self ? { qkv: q.shape } : { q: q.shape, kv: kv.shape });
  }
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0) {
    throw new GerbertError('OPTION_RANGE', `attention: a width of ${width} cannot be split into ${heads} heads.`);
  }
  if (spans.shape.length !== 2 || spans.shape[1] !== 5) {
    shapeMismatch('attention', 'spans [B, 5]', { spans: spans.shape });
  }
  return { width, headSize: width / heads, at: self ? [0, width, 2 * width] : [0, 0, width] };
}

function zeroedLike(t: Tensor): Tensor {
  const zeroed = t.emptyLike();
  if (sizeOf(t.shape) > 0) t.device.backend.fill(zeroed, 0);
  return zeroed;
}
