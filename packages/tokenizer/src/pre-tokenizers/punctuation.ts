import type { Fields, JsonObject } from '../json/fields.js';
import { IntList } from '../text/int-list.js';
import { BERT_CLASSES, PUNCTUATION } from '../unicode/bert-classes.js';
import { findCharacters } from './characters.js';
import { type DelimiterBehavior, Divider, readBehavior } from './delimiters.js';
import { type Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

function isPunctuation(code: number): boolean {
  return (BERT_CLASSES[code] & PUNCTUATION) !== 0;
}

/** Divides at every punctuation mark, that of ASCII and Unicode's: `Hey!!` → `Hey` `!` `!`. */
export class PunctuationPreTokenizer implements PreTokenizer {
  readonly behavior: DelimiterBehavior;
  readonly #divider: Divider;

  constructor(behavior: DelimiterBehavior = 'Isolated') {
    this.behavior = behavior;
    this.#divider = new Divider(behavior);
  }

  static read(fields: Fields): PunctuationPreTokenizer {
    return new PunctuationPreTokenizer(readBehavior(fields, 'Isolated'));
  }

  split(pieces: Pieces): Pieces {
    const matches = new IntList();
    return splitEach(pieces, (text, from, to, bounds) => {
      matches.length = 0;
      findCharacters(text, from, to, isPunctuation, matches);
      this.#divider.divide(matches, from, to, bounds);
    });
  }

  toJSON(): JsonObject {
    return { type: 'Punctuation', behavior: this.behavior };
  }
}
