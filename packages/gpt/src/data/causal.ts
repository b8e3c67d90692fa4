import { checkOptions, GerbertError, ignoreIndex, RandomStream } from '@gerbert/tensor';
import { checkWhole } from '@gerbert/transformer';

/** Packed sequences and the token that follows each of theirs. */
export interface CausalBatch {
  /** [N] */
  ids: Int32Array;
  /** [N] the next token of each, `ignoreIndex` where none is to be predicted. */
  targets: Int32Array;
  lengths: readonly number[];
  tokens: number;
  counts: { lm: number };
}

/** Packs sequences; of each, the tokens from `from` on (default: all but the first) are to be predicted. */
export function causalBatch(sequences: readonly { tokens: ArrayLike<number>; from?: number }[]): CausalBatch {
  const lengths = sequences.map(({ tokens }) => Math.max(0, tokens.length - 1));
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  const ids = new Int32Array(rows);
  const targets = new Int32Array(rows).fill(ignoreIndex);
  let row = 0;
  let count = 0;
  for (const { tokens, from = 1 } of sequences) {
    for (let i = 0; i + 1 < tokens.length; i++, row++) {
      ids[row] = tokens[i]!;
      if (i + 1 < from) continue;
      targets[row] = tokens[i + 1]!;
      count++;
    }
  }
  return { ids, targets, lengths, tokens: rows, counts: { lm: count } };
}

export interface CausalDataOptions {
  /** Tokens read by each sequence. */
  length: number;
  batchSize: number;
  seed: number;
}

/**
 * Endless batches of windows over one long text. Every epoch begins the windows at another offset and shuffles them; the same number always
 * gives the same batch. In an epoch the windows follow one another without gaps; only what is left of a window or two at the text's ends is not
 * read, another part in each epoch.
 *
 * @throws `CORPUS_TOO_SMALL` where not even one window fits; `OPTION_UNKNOWN`, `OPTION_RANGE`
 */
export class CausalData {
  readonly #tokens: Int32Array;
  readonly #options: CausalDataOptions;
  readonly windowsPerEpoch: number;
  #epoch = -1;
  #order: number[] = [];
  #offset = 0;

  constructor(tokens: Int32Array, options: CausalDataOptions) {
    checkOptions('CausalData', options, ['length', 'batchSize', 'seed']);
    checkWhole('CausalData: length', options.length, 1);
    checkWhole('CausalData: batchSize', options.batchSize, 1);
    this.#tokens = tokens;
    this.#options = options;
    // One window less than fits, so that the offset can move by at least a window.
    this.windowsPerEpoch = Math.max(1, Math.floor((tokens.length - 1) / options.length) - 1);
    if (tokens.length < options.length + 1) {
      throw new GerbertError(
        'CORPUS_TOO_SMALL',
        `The text has ${tokens.length} tokens, less than one window of ${options.length} and its next token.`,
      );
    }
  }

  batch(index: number): CausalBatch {
    checkWhole('CausalData.batch(): index', index, 0);
    const { batchSize, length } = this.#options;
    const windows = Array.from({ length: batchSize }, (_, i) => {
      const number = index * batchSize + i;
      this.#open(Math.floor(number / this.windowsPerEpoch));
      const start = this.#offset + this.#order[number % this.windowsPerEpoch]! * length;
      return { tokens: this.#tokens.subarray(start, start + length + 1) };
    });
    return causalBatch(windows);
  }

  #open(epoch: number): void {
    if (this.#epoch === epoch) return;
    this.#epoch = epoch;
    const { seed, length } = this.#options;
    const random = new RandomStream(seed, epoch);
    const spare = this.#tokens.length - 1 - this.windowsPerEpoch * length;
    this.#offset = random.int(spare + 1);
    this.#order = random.shuffle(Array.from({ length: this.windowsPerEpoch }, (_, i) => i));
  }
}
