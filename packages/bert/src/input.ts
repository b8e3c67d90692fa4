import { GerbertError, type Placement, type Tensor, tensor } from '@gerbert/tensor';
import { type Positions, packed } from '@gerbert/transformer';
import type { BertConfig } from './config.js';

/** A batch on the host: sequences packed one after another, without padding. */
export interface BertInput {
  /** [N] token ids of all sequences. */
  ids: Int32Array;
  /** [N] 0 for the first segment, 1 for the second. */
  typeIds: Int32Array;
  /** Tokens of each sequence. */
  lengths: readonly number[];
}

/** The same on a device. */
export interface Encoded {
  ids: Tensor;
  typeIds: Tensor;
  at: Positions;
}

/** What one sequence is made of; `Encoding` of the tokenizer is one. */
export interface Tokens {
  ids: ArrayLike<number>;
  typeIds: ArrayLike<number>;
}

/** Packs encoded texts into one batch. */
export function pack(sequences: readonly Tokens[]): BertInput {
  const lengths = sequences.map(({ ids }) => ids.length);
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  const input = { ids: new Int32Array(rows), typeIds: new Int32Array(rows), lengths };
  let row = 0;
  for (const { ids, typeIds } of sequences) {
    input.ids.set(ids, row);
    input.typeIds.set(typeIds, row);
    row += ids.length;
  }
  return input;
}

export function toDevice({ ids, typeIds, lengths }: BertInput, device: Placement['device']): Encoded {
  const at = { dtype: 'i32', device } as const;
  return { ids: tensor(ids, at), typeIds: tensor(typeIds, at), at: packed(lengths, { device }) };
}

/** Throws `CONTEXT_LENGTH` where a sequence has more tokens than the model has positions. */
export function checkIds(config: BertConfig, { at }: Encoded): void {
  const longest = Math.max(0, ...at.lengths);
  if (longest > config.maxPositionEmbeddings) {
    throw new GerbertError(
      'CONTEXT_LENGTH',
      `A sequence has ${longest} tokens; this BERT has ${config.maxPositionEmbeddings} positions. Truncate when encoding.`,
    );
  }
}
