import { LETTER, LOWER, MARK, NUMBER, patternClasses, SPACE, UPPER } from '../unicode/pattern-classes.js';
import { contractionEnd, numbersEnd, type PretokenEnd, whiteSpaceEnd } from './pretoken-scan.js';

export interface O200kRules {
  /** Numbers a pretoken holds at most: 3 in o200k, 1 in Tekken. */
  numbers: number;
  /** Whether a word keeps its contraction: `don't`. */
  contractions: boolean;
}

const WORD = LETTER | MARK;

/**
 * A word of `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+` from `i`: its end. Where there is none but
 * capitals, `[\p{Lu}…]+` takes them: the complement of their end. Where there are none of these either, `i`.
 */
function wordEnd(classes: Uint8Array, text: string, i: number, to: number): number {
  // The capitals' run also takes in what has no case; `caseless` is the end of the last of these.
  let caseless = i;
  let end = i;
  for (; end < to; ) {
    const code = text.codePointAt(end)!;
    const bits = classes[code];
    if ((bits & WORD) === 0 || (bits & LOWER) !== 0) break;
    end += code > 0xffff ? 2 : 1;
    if ((bits & UPPER) === 0) caseless = end;
  }
  const capitals = end;
  for (; end < to; ) {
    const code = text.codePointAt(end)!;
    const bits = classes[code];
    if ((bits & WORD) === 0 || (bits & UPPER) !== 0) break;
    end += code > 0xffff ? 2 : 1;
  }
  if (end > capitals) return end;
  if (caseless > i) return caseless;
  return capitals > i ? ~capitals : i;
}

/** End of `[^\s\p{L}\p{N}]*[\r\n/]*` from `i`. */
function marksEnd(classes: Uint8Array, text: string, i: number, to: number): number {
  while (i < to) {
    const code = text.codePointAt(i)!;
    if ((classes[code] & (SPACE | LETTER | NUMBER)) !== 0) break;
    i += code > 0xffff ? 2 : 1;
  }
  for (; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (unit !== 0x0a && unit !== 0x0d && unit !== 0x2f) break;
  }
  return i;
}

/**
 * The pretokens of o200k_base (GPT-4o) and its descendants, in one pass. Words end where small letters are followed by a
 * capital: with U for `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, L for `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`, C for the contractions,
 * `[^\r\n\p{L}\p{N}]?U*L+C?|[^\r\n\p{L}\p{N}]?U+L*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
 */
export function o200kPretokens({ numbers, contractions }: O200kRules): PretokenEnd {
  const table = patternClasses();
  const finish = contractions ? contractionEnd : (_: string, end: number): number => end;
  return (text, i, to) => {
    const code = text.codePointAt(i)!;
    const next = code > 0xffff ? i + 2 : i + 1;
    const bits = table[code];
    if ((bits & LETTER) !== 0) {
      const end = wordEnd(table, text, i, to);
      return finish(text, end < 0 ? ~end : end, to);
    }
    if ((bits & NUMBER) !== 0) return numbersEnd(text, next, to, numbers - 1);
    if (code !== 0x0a && code !== 0x0d) {
      const end = wordEnd(table, text, next, to);
      if (end > next) return finish(text, end, to);
      // A mark before capitals is a word by itself before it can be what precedes them.
      if ((bits & MARK) !== 0) return finish(text, next, to);
      if (end < 0) return finish(text, ~end, to);
    }
    if ((bits & SPACE) === 0) return marksEnd(table, text, next, to);
    if (code === 0x20 && next < to && (table[text.codePointAt(next)!] & (SPACE | LETTER | NUMBER)) === 0) {
      return marksEnd(table, text, next, to);
    }
    return whiteSpaceEnd(text, i, to, false);
  };
}
