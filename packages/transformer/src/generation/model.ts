import type { Device, Tensor } from '@gerbert/tensor';
import type { KvCache } from '../kv-cache.js';
import type { Positions } from '../positions.js';

/** What generation and scoring need of a causal language model. */
export interface CausalModel {
  readonly device: Device;
  /** Most positions of one sequence. */
  readonly maxPositions: number;
  readonly vocabSize: number;
  /** ids [N] i32 → the last hidden states [N, C]. */
  hidden(ids: Tensor, at: Positions): Tensor;
  /** hidden states [N, C] → logits [N, V]. */
  logits(hidden: Tensor): Tensor;
  /** An empty cache of `slots` sequences. */
  cache(slots: number, capacity: number): KvCache;
}
