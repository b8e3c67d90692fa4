import type { Fields, JsonObject } from '../json/fields.js';
import { type Pattern, readPattern } from '../patterns/pattern.js';
import { ScannedPattern } from '../patterns/scanned.js';
import { IntList } from '../text/int-list.js';
import { type DelimiterBehavior, Divider, readBehavior } from './delimiters.js';
import { type Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

export interface SplitOptions {
  /** What to divide at. */
  pattern: Pattern;
  /** What becomes of the matches. */
  behavior: DelimiterBehavior;
  /** Take what is between matches for the matches. */
  invert: boolean;
}

/** Divides at the matches of a string or a regular expression. */
export class SplitPreTokenizer implements PreTokenizer {
  readonly options: SplitOptions;
  /** Finds the pieces at once, where they are the matches of a known pattern. */
  readonly scan: ScannedPattern['scan'] | undefined;
  readonly #divider: Divider;

  constructor(options: SplitOptions) {
    this.options = options;
    const { pattern, behavior, invert } = options;
    // Such matches leave nothing between them.
    const matchesAlone = behavior === 'Isolated' || (behavior === 'Removed' && invert);
    this.scan = pattern instanceof ScannedPattern && matchesAlone ? pattern.scan : undefined;
    this.#divider = new Divider(options.behavior, options.invert);
  }

  /** @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, `TOKENIZER_PATTERN_UNSUPPORTED` */
  static read(fields: Fields): SplitPreTokenizer {
    return new SplitPreTokenizer({
      pattern: readPattern(fields.get('pattern'), `${fields.where}.pattern`),
      behavior: readBehavior(fields),
      invert: fields.boolean('invert'),
    });
  }

  split(pieces: Pieces): Pieces {
    if (this.scan !== undefined) return splitEach(pieces, this.scan);
    const { pattern } = this.options;
    const matches = new IntList();
    return splitEach(pieces, (text, from, to, bounds) => {
      matches.length = 0;
      pattern.findAll(text, from, to, matches);
      this.#divider.divide(matches, from, to, bounds);
    });
  }

  toJSON(): JsonObject {
    const { pattern, behavior, invert } = this.options;
    return { type: 'Split', pattern: pattern.toJSON(), behavior, invert };
  }
}
