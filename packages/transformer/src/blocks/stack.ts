import { checkOptions, checkpoint, type Tensor } from '@gerbert/tensor';
import type { Positions } from '../positions.js';

/** What takes hidden states to hidden states, as `PreNormBlock` and `PostNormBlock` do. */
export interface Block {
  forward(x: Tensor, at: Positions): Tensor;
}

/**
 * x through one block after another. With `checkpointing`, backward keeps no more than each block's input and computes the block a second time
 * (see `checkpoint`): memory for the insides of one block instead of all, for a third more work, and the same bits.   x [N, C]
 */
export function forwardBlocks(
  blocks: readonly Block[],
  x: Tensor,
  at: Positions,
  options: { checkpointing?: boolean } = {},
): Tensor {
  checkOptions('forwardBlocks', options, ['checkpointing']);
  let h = x;
  for (const block of blocks) {
    h = options.checkpointing ? checkpoint((input) => block.forward(input, at), h) : block.forward(h, at);
  }
  return h;
}
