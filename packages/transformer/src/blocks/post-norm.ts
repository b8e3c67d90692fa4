import { dropout, Module, type Placement, type Tensor } from '@gerbert/tensor';
import { SelfAttention } from '../layers/attention.js';
import { FeedForward } from '../layers/feed-forward.js';
import { LayerNorm } from '../layers/layer-norm.js';
import type { Positions } from '../positions.js';
import type { BlockSpec } from './spec.js';

/** x ← LN(x + Attention(x)); x ← LN(x + FeedForward(x)), as the Transformer and BERT have it (Vaswani et al. 2017).   x [N, C] */
export class PostNormBlock extends Module {
  readonly attention: SelfAttention;
  readonly norm1: LayerNorm;
  readonly feedForward: FeedForward;
  readonly norm2: LayerNorm;
  readonly #dropout: number;

  constructor({ attention, feedForward, dropout: p, eps, names }: BlockSpec, placement?: Placement) {
    super(placement);
    this.#dropout = p;
    this.attention = this.child(names.attention, new SelfAttention(attention, placement));
    this.norm1 = this.child(names.norm1, new LayerNorm(attention.width, eps, placement));
    this.feedForward = this.child(names.feedForward, new FeedForward(feedForward, placement));
    this.norm2 = this.child(names.norm2, new LayerNorm(attention.width, eps, placement));
  }

  forward(x: Tensor, at: Positions): Tensor {
    const p = this.training ? this.#dropout : 0;
    const h = this.norm1.forwardSum(dropout(this.attention.forward(x, at), p, at.keys), x).y; // [N, C]
    return this.norm2.forwardSum(dropout(this.feedForward.forward(h), p, at.keys), h).y; // [N, C]
  }
}
