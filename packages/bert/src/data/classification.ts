import { type BertInput, pack, type Tokens } from '../input.js';

/** Sequences with one label each. */
export interface ClassificationBatch extends BertInput {
  /** [B] class of each sequence. */
  labels: Int32Array;
  tokens: number;
  counts: { classification: number };
}

export interface LabelledTokens extends Tokens {
  label: number;
}

export function classificationBatch(examples: readonly LabelledTokens[]): ClassificationBatch {
  const input = pack(examples);
  const labels = Int32Array.from(examples, ({ label }) => label);
  return { ...input, labels, tokens: input.ids.length, counts: { classification: labels.length } };
}
