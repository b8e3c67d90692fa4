import type { IntList } from '../text/int-list.js';
import { CLASSES, LETTER, NUMBER, SPACE } from '../unicode/classes.js';

const KINDS = LETTER | NUMBER | SPACE;

/** End of the contraction whose apostrophe stands at `i`, or `i` where there is none. */
function contractionEnd(text: string, i: number, to: number): number {
  if (i + 1 >= to) return i;
  switch (text.charCodeAt(i + 1)) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return i + 2;
    case 0x72: // re
    case 0x76: // ve
      return i + 2 < to && text.charCodeAt(i + 2) === 0x65 ? i + 3 : i;
    case 0x6c: // ll
      return i + 2 < to && text.charCodeAt(i + 2) === 0x6c ? i + 3 : i;
    default:
      return i;
  }
}

/** End of the run of code points from `i` whose letter, number and space bits equal `kind`. */
export function runEnd(text: string, i: number, to: number, kind: number): number {
  while (i < to) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) {
      const code = text.codePointAt(i)!;
      if ((CLASSES[code] & KINDS) !== kind) return i;
      i += code > 0xffff ? 2 : 1;
    } else {
      if ((CLASSES[unit] & KINDS) !== kind) return i;
      i++;
    }
  }
  return i;
}

/** Letter, number and space bits of the code point at `i`; 0: none of them. */
export function kindAt(text: string, i: number): number {
  return CLASSES[text.codePointAt(i)!] & KINDS;
}

/**
 * End of the GPT-2 pretoken that begins at `i` (`i < to`). What it matches, without a regular expression and in one pass:
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
 * (Radford et al. 2019, the released encoder). The end depends on nothing before `i`.
 */
export function gpt2PretokenEnd(text: string, i: number, to: number): number {
  const unit = text.charCodeAt(i);
  if (unit === 0x27) {
    const end = contractionEnd(text, i, to);
    if (end > i) return end;
  }
  if (unit === 0x20 && i + 1 < to) {
    const kind = kindAt(text, i + 1);
    if (kind !== SPACE) return runEnd(text, i + 1, to, kind);
  }
  const kind = kindAt(text, i);
  const end = runEnd(text, i, to, kind);
  // The last white space of a run belongs to what follows. (All white space is in the basic plane.)
  return kind === SPACE && end < to && end - i > 1 ? end - 1 : end;
}

/** Appends the bounds of every GPT-2 pretoken of `text` between `from` and `to`; they cover all of it. */
export function scanGpt2(text: string, from: number, to: number, bounds: IntList): void {
  for (let i = from; i < to; ) {
    const end = gpt2PretokenEnd(text, i, to);
    bounds.push2(i, end);
    i = end;
  }
}
