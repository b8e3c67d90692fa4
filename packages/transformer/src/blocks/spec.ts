import type { SelfAttentionSpec } from '../layers/attention.js';
import type { FeedForwardSpec } from '../layers/feed-forward.js';

export interface BlockSpec {
  attention: SelfAttentionSpec;
  feedForward: FeedForwardSpec;
  /** Probability of dropping what each half adds to the residual stream. */
  dropout: number;
  /** ε of the layer normalisations. */
  eps: number;
  /** Checkpoint names of the halves and their normalisations. */
  names: { attention: string; norm1: string; feedForward: string; norm2: string };
}
