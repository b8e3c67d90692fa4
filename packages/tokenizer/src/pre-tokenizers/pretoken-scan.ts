import type { IntList } from '../text/int-list.js';
import { CLASSES, NUMBER, SPACE } from '../unicode/classes.js';

/** Appends the bounds of every match in `text` between `from` and `to` to `bounds`, as pairs. */
export type Scan = (text: string, from: number, to: number, bounds: IntList) => void;

/**
 * End of the pretoken that begins at `i` (`i < to`); pretokens follow one another without gaps, and an end depends on
 * nothing before `i`. `to` counts as the end of the text.
 */
export type PretokenEnd = (text: string, i: number, to: number) => number;

/** End of `\p{N}{0,most}` from `i`. */
export function numbersEnd(text: string, i: number, to: number, most: number): number {
  for (let count = 0; count < most && i < to; count++) {
    const code = text.codePointAt(i)!;
    if ((CLASSES[code] & NUMBER) === 0) break;
    i += code > 0xffff ? 2 : 1;
  }
  return i;
}

/** `a`, in either case, is the unit at `i`. */
function isLetter(text: string, i: number, a: number): boolean {
  return (text.charCodeAt(i) | 0x20) === a;
}

/**
 * End of `(?i:'s|'t|'re|'ve|'m|'ll|'d)` whose apostrophe stands at `i`, or `i` where there is none. The long s (U+017F)
 * is an s in another case.
 */
export function contractionEnd(text: string, i: number, to: number): number {
  if (i + 1 >= to || text.charCodeAt(i) !== 0x27) return i;
  const unit = text.charCodeAt(i + 1);
  switch (unit | 0x20) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return i + 2;
    case 0x72: // re
    case 0x76: // ve
      return i + 2 < to && isLetter(text, i + 2, 0x65) ? i + 3 : i;
    case 0x6c: // ll
      return i + 2 < to && isLetter(text, i + 2, 0x6c) ? i + 3 : i;
    default:
      return unit === 0x17f ? i + 2 : i;
  }
}

/**
 * End of the match of `\s*[\r\n]+|\s+(?!\S)|\s+` at the white space `i`; with `wholeTail`, of
 * `\s++$|\s*[\r\n]|\s+(?!\S)|\s`, which takes the white space that ends the text as one. All white space is in the
 * basic plane.
 */
export function whiteSpaceEnd(text: string, i: number, to: number, wholeTail: boolean): number {
  let end = i;
  let afterNewline = i;
  for (; end < to; end++) {
    const unit = text.charCodeAt(end);
    if ((CLASSES[unit] & SPACE) === 0) break;
    if (unit === 0x0a || unit === 0x0d) afterNewline = end + 1;
  }
  if (wholeTail && end === to) return end;
  if (afterNewline > i) return afterNewline;
  // The last white space of a run belongs to what follows.
  return end < to && end - i > 1 ? end - 1 : end;
}

/** The scanner that goes from end to end. */
export function scanWith(end: PretokenEnd): Scan {
  return (text, from, to, bounds) => {
    for (let i = from; i < to; ) {
      const next = end(text, i, to);
      bounds.push2(i, next);
      i = next;
    }
  };
}
