import type { JsonObject } from '../json/fields.js';
import type { Pieces, PreTokenizer } from './pre-tokenizer.js';

/** One pre-tokenizer after the other. */
export class SequencePreTokenizer implements PreTokenizer {
  readonly preTokenizers: readonly PreTokenizer[];
  readonly needsOrigins: boolean;

  constructor(preTokenizers: readonly PreTokenizer[]) {
    this.preTokenizers = preTokenizers;
    this.needsOrigins = preTokenizers.some((preTokenizer) => preTokenizer.needsOrigins === true);
  }

  split(pieces: Pieces): Pieces {
    return this.preTokenizers.reduce((result, preTokenizer) => preTokenizer.split(result), pieces);
  }

  toJSON(): JsonObject {
    return { type: 'Sequence', pretokenizers: this.preTokenizers.map((preTokenizer) => preTokenizer.toJSON()) };
  }
}
