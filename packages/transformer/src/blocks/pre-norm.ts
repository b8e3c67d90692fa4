import { add, dropout, Module, type Placement, type Tensor } from '@gerbert/tensor';
import { SelfAttention } from '../layers/attention.js';
import { FeedForward } from '../layers/feed-forward.js';
import { LayerNorm } from '../layers/layer-norm.js';
import type { Positions } from '../positions.js';
import type { BlockSpec } from './spec.js';

/** x ← x + Attention(LN(x)); x ← x + FeedForward(LN(x)), as GPT-2 has it (Radford et al. 2019).   x [N, C] */
export class PreNormBlock extends Module {
  readonly norm1: LayerNorm;
  readonly attention: SelfAttention;
  readonly norm2: LayerNorm;
  readonly feedForward: FeedForward;
  readonly #dropout: number;

  constructor({ attention, feedForward, dropout: p, eps, names }: BlockSpec, placement?: Placement) {
    super(placement);
    this.#dropout = p;
    this.norm1 = this.child(names.norm1, new LayerNorm(attention.width, eps, placement));
    this.attention = this.child(names.attention, new SelfAttention(attention, placement));
    this.norm2 = this.child(names.norm2, new LayerNorm(attention.width, eps, placement));
    this.feedForward = this.child(names.feedForward, new FeedForward(feedForward, placement));
  }

  forward(x: Tensor, at: Positions): Tensor {
    const p = this.training ? this.#dropout : 0;
    // Without dropout the sum happens inside the projection.
    if (p === 0) {
      const h = this.attention.forward(this.norm1.forward(x), at, { residual: x }); // [N, C]
      return this.feedForward.forward(this.norm2.forward(h), { residual: h }); // [N, C]
    }
    const h = add(x, dropout(this.attention.forward(this.norm1.forward(x), at), p, at.keys));
    return add(h, dropout(this.feedForward.forward(this.norm2.forward(h)), p, at.keys));
  }
}
