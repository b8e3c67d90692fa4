import type { Alphabet } from './alphabet.js';
import { looksBehind } from './look-behind.js';
import {
  AT_END,
  AT_LINE_START,
  AT_START,
  AT_WORD_BOUNDARY,
  FIRST_LOOK_BEHIND,
  NOT_AT_WORD_BOUNDARY,
  type Program,
} from './program.js';

// What the text before a position says, a bit each; look-behinds follow.
const WORD_BEFORE = 1;
const NEWLINE_BEFORE = 2;
const NOTHING_BEFORE = 4;
const FIRST_BEHIND_BIT = 3;

/** What stands before a position, in bits, as far as the conditions of a program ask for it. */
export class Contexts {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  /** How many there are. */
  readonly size: number;
  /** Steps that look-behinds have taken. */
  steps = 0;

  constructor(program: Program, alphabet: Alphabet) {
    this.#program = program;
    this.#alphabet = alphabet;
    const { wordSet, usesStart, lookBehinds } = program;
    const needed = wordSet >= 0 || usesStart || lookBehinds.length > 0;
    this.size = needed ? 1 << (FIRST_BEHIND_BIT + lookBehinds.length) : 1;
  }

  /** The context at `at`, a position between `from` and `to`. */
  at(text: string, from: number, to: number, at: number): number {
    const { wordSet, lookBehinds } = this.#program;
    let bits = at === from ? NOTHING_BEFORE : 0;
    if (at > from) {
      const unit = text.charCodeAt(at - 1);
      if (unit === 0x0a) bits |= NEWLINE_BEFORE;
      if (wordSet >= 0) {
        const code = unit >= 0xdc00 && unit < 0xe000 ? text.codePointAt(at - 2)! : unit;
        if (this.#alphabet.has(wordSet, this.#alphabet.classOf(code))) bits |= WORD_BEFORE;
      }
    }
    for (let i = 0; i < lookBehinds.length; i++) {
      this.steps += lookBehinds[i].length;
      const place = { text, from, to, at, alphabet: this.#alphabet, wordSet };
      if (looksBehind(lookBehinds[i], place)) bits |= 1 << (FIRST_BEHIND_BIT + i);
    }
    return bits;
  }

  /** Whether `condition` holds before a code point of class `letter` (the size of the alphabet: at the end of the text). */
  holds(condition: number, letter: number, context: number): boolean {
    const end = letter === this.#alphabet.size;
    switch (condition) {
      case AT_START:
        return (context & NOTHING_BEFORE) !== 0;
      case AT_END:
        return end;
      case AT_LINE_START:
        return (context & NOTHING_BEFORE) !== 0 || (!end && (context & NEWLINE_BEFORE) !== 0);
      case AT_WORD_BOUNDARY:
      case NOT_AT_WORD_BOUNDARY: {
        const before = (context & WORD_BEFORE) !== 0;
        const after = !end && this.#alphabet.has(this.#program.wordSet, letter);
        return (before !== after) === (condition === AT_WORD_BOUNDARY);
      }
      default: {
        const index = condition - FIRST_LOOK_BEHIND;
        const found = (context & (1 << (FIRST_BEHIND_BIT + (index >> 1)))) !== 0;
        return found !== (index % 2 === 1);
      }
    }
  }
}
