import type { JsonObject } from '../json/fields.js';
import type { Pieces, PreTokenizer } from './pre-tokenizer.js';

/** One pre-tokenizer after the other. */
export class SequencePreTokenizer implements PreTokenizer {
  readonly preTokenizers: readonly PreTokenizer[];

  constructor(preTokenizers: readonly PreTokenizer[]) {
    this.preTokenizers = preTokenizers;
  }

  split(pieces: Pieces): Pieces {
    return this.preTokenizers.reduce((result, preTokenizer) => preTokenizer.split(result), pieces);
  }

  toJSON(): JsonObject {
    return { type: 'Sequence', pretokenizers: this.preTokenizers.map((preTokenizer) => preTokenizer.toJSON()) };
  }
}
