import type { JsonObject } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';
import { wellFormed } from '../unicode/well-formed.js';

/**
 * Matches a string as it stands. The empty string matches between any two code points and at both ends, as the empty
 * regular expression does.
 */
export class LiteralPattern {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = wellFormed(literal);
  }

  /** See `Pattern.findAll`. */
  findAll(text: string, from: number, to: number, out: IntList): void {
    if (from >= to) return;
    if (this.literal === '') {
      findEmpty(text, from, to, out);
      return;
    }
    // A slice, for a search must not run on to the end of the text from every piece of it.
    const inside = to - from === text.length ? text : text.slice(from, to);
    const { length } = this.literal;
    for (let i = inside.indexOf(this.literal); i >= 0; i = inside.indexOf(this.literal, i + length)) {
      out.push2(from + i, from + i + length);
    }
  }

  toJSON(): JsonObject {
    return { String: this.literal };
  }
}

function findEmpty(text: string, from: number, to: number, out: IntList): void {
  for (let i = from; i < to; i += text.codePointAt(i)! > 0xffff ? 2 : 1) out.push2(i, i);
  out.push2(to, to);
}
