import type { Fields, JsonObject } from '../json/fields.js';
import { IntList } from '../text/int-list.js';
import { findCharacters } from './characters.js';
import { Divider } from './delimiters.js';
import { isNumeric } from './numeric.js';
import { type Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

/** Divides numbers from everything else, digit by digit where these stand alone: `a12` → `a` `12`, or `a` `1` `2`. */
export class DigitsPreTokenizer implements PreTokenizer {
  readonly individualDigits: boolean;
  readonly #divider: Divider;

  constructor(individualDigits = false) {
    this.individualDigits = individualDigits;
    this.#divider = new Divider(individualDigits ? 'Isolated' : 'Contiguous');
  }

  static read(fields: Fields): DigitsPreTokenizer {
    return new DigitsPreTokenizer(fields.boolean('individual_digits'));
  }

  split(pieces: Pieces): Pieces {
    const matches = new IntList();
    return splitEach(pieces, (text, from, to, bounds) => {
      matches.length = 0;
      findCharacters(text, from, to, isNumeric, matches);
      this.#divider.divide(matches, from, to, bounds);
    });
  }

  toJSON(): JsonObject {
    return { type: 'Digits', individual_digits: this.individualDigits };
  }
}
