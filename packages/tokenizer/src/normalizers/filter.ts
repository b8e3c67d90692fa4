import type { AlignedText } from '../text/aligned-text.js';
import { Transform } from '../text/transform.js';
import { CLASSES } from '../unicode/classes.js';

/** What becomes of a character: itself, another one, or nothing (-1). */
export type CharacterMap = (code: number) => number;

/** Where the first character that is in `classes` stands, from `from` on; `text.length` where none does. */
export function findClasses(text: string, from: number, classes: number): number {
  const n = text.length;
  for (let i = from; i < n; i++) {
    const unit = text.charCodeAt(i);
    // Spaces are most of what is found, and none of them is ever changed.
    if (unit === 0x20) continue;
    if ((unit & 0xfc00) !== 0xd800) {
      if ((CLASSES[unit] & classes) !== 0) return i;
    } else {
      if ((CLASSES[text.codePointAt(i)!] & classes) !== 0) return i;
      i++;
    }
  }
  return n;
}

/** Drops or exchanges characters of `classes` one by one. U+0020 is never looked at. */
export function mapClasses(text: AlignedText, classes: number, map: CharacterMap): AlignedText {
  const source = text.text;
  const n = source.length;
  let at = findClasses(source, 0, classes);
  if (at === n && text.lead === 0) return text;
  const out = new Transform(text);
  let kept = 0;
  while (at < n) {
    const code = source.codePointAt(at)!;
    const mapped = map(code);
    out.keep(kept, at);
    kept = at + (code > 0xffff ? 2 : 1);
    if (mapped < 0) out.skip(1);
    else out.replace(mapped);
    at = findClasses(source, kept, classes);
  }
  out.keep(kept, n);
  return out.finish();
}

function nothing(): number {
  return -1;
}

/** Drops the characters that are in `classes`. */
export function dropClasses(text: AlignedText, classes: number): AlignedText {
  return mapClasses(text, classes, nothing);
}
