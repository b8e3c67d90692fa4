import { type Fields, type JsonObject, malformed } from '../json/fields.js';
import { LiteralPattern } from '../patterns/literal.js';
import { IntList } from '../text/int-list.js';
import { wellFormed } from '../unicode/well-formed.js';
import { Divider } from './delimiters.js';
import { type Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

/** A field that holds one character. @throws TokenizerError `TOKENIZER_JSON_MALFORMED` */
export function readCharacter(fields: Fields, key: string): string {
  const text = wellFormed(fields.string(key));
  if ([...text].length !== 1) throw malformed(`${fields.where}.${key}`, 'expected a string of one character');
  return text;
}

/** Divides at one character, which is dropped: with `-`, `a-b` → `a` `b`. */
export class CharDelimiterSplitPreTokenizer implements PreTokenizer {
  readonly delimiter: string;
  readonly #pattern: LiteralPattern;
  readonly #divider = new Divider('Removed');

  constructor(delimiter: string) {
    this.delimiter = delimiter;
    this.#pattern = new LiteralPattern(delimiter);
  }

  static read(fields: Fields): CharDelimiterSplitPreTokenizer {
    return new CharDelimiterSplitPreTokenizer(readCharacter(fields, 'delimiter'));
  }

  split(pieces: Pieces): Pieces {
    const matches = new IntList();
    return splitEach(pieces, (text, from, to, bounds) => {
      matches.length = 0;
      this.#pattern.findAll(text, from, to, matches);
      this.#divider.divide(matches, from, to, bounds);
    });
  }

  toJSON(): JsonObject {
    return { type: 'CharDelimiterSplit', delimiter: this.delimiter };
  }
}
