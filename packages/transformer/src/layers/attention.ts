import {
  attention,
  attentionProbabilities,
  type Initialiser,
  type LinearOptions,
  Module,
  noGrad,
  type Placement,
  type Tensor,
  writeRows,
} from '@gerbert/tensor';
import type { Positions } from '../positions.js';
import { Linear } from './linear.js';

export interface SelfAttentionSpec {
  width: number;
  heads: number;
  causal: boolean;
  /** Sees only this many positions back; 0: all. */
  window?: number;
  /** Probability of dropping an attention weight. */
  dropout: number;
  /** Number of this layer in its stack: which part of a key/value cache is its own. */
  layer: number;
  init: Initialiser;
  /** Of the projection back into the residual stream. Default: `init`. */
  outputInit?: Initialiser;
  layout?: LinearOptions['layout'];
  names: AttentionNames;
}

/** Checkpoint names of the projections: queries, keys and values apart, or already stacked. */
export interface AttentionNames {
  qkv: string | readonly [string, string, string];
  output: string;
}

/** Multi-head self-attention (Vaswani et al. 2017, §3.2), its three input projections in one matrix.   x, y [N, C] */
export class SelfAttention extends Module {
  readonly qkv: Linear;
  readonly output: Linear;
  readonly #spec: SelfAttentionSpec;

  constructor(spec: SelfAttentionSpec, placement?: Placement) {
    super(placement);
    const { width, init, outputInit = init, layout, names } = spec;
    this.#spec = spec;
    const stacked = typeof names.qkv === 'string';
    const parts = stacked ? undefined : (names.qkv as readonly string[]);
    const name = stacked ? (names.qkv as string) : '';
    this.qkv = this.child(name, new Linear({ inputs: width, outputs: 3 * width, init, layout, parts }, placement));
    const output = new Linear({ inputs: width, outputs: width, init: outputInit, layout }, placement);
    this.output = this.child(names.output, output);
  }

  forward(x: Tensor, at: Positions, options: { residual?: Tensor } = {}): Tensor {
    const { heads, causal, window, layer, dropout } = this.#spec;
    const qkv = this.qkv.forward(x); // [N, 3C]
    const attend = { heads, causal, window, spans: at.spans, dropout: this.training ? dropout : 0 };
    if (!at.cache) return this.output.forward(attention(qkv, attend), options); // [N, C]
    const kv = at.cache.layers[layer]!; // [slots · capacity, 2C]
    const { rows } = at.cache;
    const width = this.#spec.width;
    noGrad(() => writeRows(kv, qkv, rows, { fromAt: width, width: 2 * width }));
    return this.output.forward(attention(qkv, kv, attend), options);
  }

  /** The attention probabilities of all sequences in turn, [H, T, T] each, in one flat tensor; without cache, dropout and gradient. */
  probabilities(x: Tensor, at: Positions): Tensor {
    const { heads, causal, window } = this.#spec;
    const size = heads * at.lengths.reduce((sum, length) => sum + length * length, 0);
    const qkv = this.qkv.forward(x); // [N, 3C]
    return attentionProbabilities(qkv, qkv, { heads, causal, window, spans: at.spans, size });
  }
}
