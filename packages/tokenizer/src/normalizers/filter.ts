import type { AlignedText } from '../text/aligned-text.js';
import { Transform } from '../text/transform.js';

/** What becomes of a character: itself, another one, or nothing (-1). */
export type CharacterMap = (code: number) => number;

/** Where the first character whose bits in `table` are among `classes` stands, from `from` on; `text.length` where none does. */
export function findClasses(text: string, from: number, table: Uint8Array, classes: number): number {
  const n = text.length;
  for (let i = from; i < n; i++) {
    const unit = text.charCodeAt(i);
    // Spaces are most of what is found, and none of them is ever changed.
    if (unit === 0x20) continue;
    if ((unit & 0xfc00) !== 0xd800) {
      if ((table[unit] & classes) !== 0) return i;
    } else {
      if ((table[text.codePointAt(i)!] & classes) !== 0) return i;
      i++;
    }
  }
  return n;
}

/** Drops or exchanges characters of the `classes` of `table` one by one. U+0020 is never looked at. */
export function mapClasses(text: AlignedText, table: Uint8Array, classes: number, map: CharacterMap): AlignedText {
  const source = text.text;
  const n = source.length;
  let at = findClasses(source, 0, table, classes);
  if (at === n && text.lead === 0) return text;
  const out = new Transform(text);
  let kept = 0;
  while (at < n) {
    const code = source.codePointAt(at)!;
    const mapped = map(code);
    out.keep(kept, at);
    kept = at + (code > 0xffff ? 2 : 1);
    if (mapped < 0) out.drop(1);
    else out.replace(mapped);
    at = findClasses(source, kept, table, classes);
  }
  out.keep(kept, n);
  return out.finish();
}

function nothing(): number {
  return -1;
}

/** Drops the characters that are in the `classes` of `table`. */
export function dropClasses(text: AlignedText, table: Uint8Array, classes: number): AlignedText {
  return mapClasses(text, table, classes, nothing);
}
