import { type Fields, type JsonObject, malformed } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';
import { type Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

/** Divides into pieces of so many code points; the last may be shorter. */
export class FixedLengthPreTokenizer implements PreTokenizer {
  readonly length: number;

  constructor(length = 5) {
    this.length = length;
  }

  /** @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, for length 0 too, at which the Rust library panics later on */
  static read(fields: Fields): FixedLengthPreTokenizer {
    const length = fields.count('length', 5);
    if (length === 0) throw malformed(`${fields.where}.length`, 'expected at least 1');
    return new FixedLengthPreTokenizer(length);
  }

  split(pieces: Pieces): Pieces {
    return splitEach(pieces, (text, from, to, bounds) => this.#scan(text, from, to, bounds));
  }

  #scan(text: string, from: number, to: number, bounds: IntList): void {
    let count = 0;
    let start = from;
    for (let i = from; i < to; ) {
      i += text.codePointAt(i)! > 0xffff ? 2 : 1;
      if (++count < this.length && i < to) continue;
      bounds.push2(start, i);
      start = i;
      count = 0;
    }
  }

  toJSON(): JsonObject {
    return { type: 'FixedLength', length: this.length };
  }
}
