import { checkOptions, GerbertError, RandomStream } from '@gerbert/tensor';
import { checkWhole } from '@gerbert/transformer';
import { type BertInput, pack } from '../input.js';
import { type MaskingOptions, maskTokens } from './masking.js';
import { type SegmentPair, segmentPairs } from './pairs.js';

/** Packed pairs with masked tokens and next-sentence labels. */
export interface PretrainingBatch extends BertInput {
  /** [M] rows to predict. */
  maskedRows: Int32Array;
  /** [M] tokens that stood there. */
  maskedLabels: Int32Array;
  /** [B] 0: the second segment follows; 1: it does not. */
  nextLabels: Int32Array;
  tokens: number;
  counts: { mlm: number; nsp: number };
}

export interface PretrainingOptions extends MaskingOptions {
  clsToken: number;
  sepToken: number;
  /** Most tokens of a sequence, special ones included. */
  maxLength: number;
  batchSize: number;
  seed: number;
}

const known = [
  'vocabSize',
  'maskToken',
  'specialTokens',
  'probability',
  'continuations',
  'clsToken',
  'sepToken',
  'maxLength',
  'batchSize',
  'seed',
];

/**
 * Endless pre-training batches from documents (sentences of token ids): every epoch cuts, pairs, shuffles and masks anew. The same number
 * always gives the same batch.
 *
 * @throws `CORPUS_TOO_SMALL` where no pair can be made; `OPTION_UNKNOWN`, `OPTION_RANGE`
 */
export class PretrainingData {
  readonly #documents: readonly (readonly Int32Array[])[];
  readonly #options: PretrainingOptions;
  /** Number of the first pair of each epoch met so far; epochs differ a little in size. */
  readonly #starts: number[] = [0];
  #epoch = -1;
  #pairs: SegmentPair[] = [];

  constructor(documents: readonly (readonly Int32Array[])[], options: PretrainingOptions) {
    checkOptions('PretrainingData', options, known);
    checkWhole('PretrainingData: batchSize', options.batchSize, 1);
    checkWhole('PretrainingData: maxLength', options.maxLength, 5);
    this.#documents = documents;
    this.#options = options;
    this.#open(0);
    if (this.#pairs.length === 0) {
      throw new GerbertError(
        'CORPUS_TOO_SMALL',
        'No pair of sentences could be made: the corpus needs two documents with text.',
      );
    }
  }

  /** Pairs in the first epoch. */
  get pairsPerEpoch(): number {
    return this.#starts[1]!;
  }

  batch(index: number): PretrainingBatch {
    checkWhole('PretrainingData.batch(): index', index, 0);
    const { batchSize, seed } = this.#options;
    const pairs = Array.from({ length: batchSize }, (_, i) => this.#pair(index * batchSize + i));
    // Epochs number their streams from 0 up; masks take the upper half.
    return pretrainingBatch(pairs, this.#options, new RandomStream(seed, 2 ** 31 + index));
  }

  #pair(number: number): SegmentPair {
    let epoch = 0;
    while (true) {
      if (this.#starts[epoch + 1] === undefined) this.#open(epoch);
      if (number < this.#starts[epoch + 1]!) break;
      epoch += 1;
    }
    this.#open(epoch);
    return this.#pairs[number - this.#starts[epoch]!]!;
  }

  #open(epoch: number): void {
    if (this.#epoch === epoch) return;
    const { maxLength, seed } = this.#options;
    this.#pairs = segmentPairs(this.#documents, { maxTokens: maxLength - 3, seed, epoch });
    this.#epoch = epoch;
    this.#starts[epoch + 1] = this.#starts[epoch]! + this.#pairs.length;
  }
}

/** [CLS] a [SEP] b [SEP] for every pair, masked. */
export function pretrainingBatch(
  pairs: readonly SegmentPair[],
  options: MaskingOptions & { clsToken: number; sepToken: number },
  random: RandomStream,
): PretrainingBatch {
  const { clsToken, sepToken } = options;
  const rows: number[] = [];
  const labels: number[] = [];
  let row = 0;
  const sequences = pairs.map(({ a, b }) => {
    const tokens = [clsToken, ...a, sepToken, ...b, sepToken];
    const typeIds = tokens.map((_, i) => (i < a.length + 2 ? 0 : 1));
    const masked = maskTokens(tokens, options, random);
    rows.push(...masked.positions.map((at) => row + at));
    labels.push(...masked.labels);
    row += tokens.length;
    return { ids: masked.ids, typeIds };
  });
  return {
    ...pack(sequences),
    maskedRows: Int32Array.from(rows),
    maskedLabels: Int32Array.from(labels),
    nextLabels: Int32Array.from(pairs, ({ label }) => label),
    tokens: row,
    counts: { mlm: rows.length, nsp: pairs.length },
  };
}
