import type { JsonObject } from '../json/fields.js';
import { type AlignedText, stringOf } from '../text/aligned-text.js';
import { Transform } from '../text/transform.js';
import { type LowerTable, lowerTable } from '../unicode/lower.js';
import type { Normalizer } from './normalizer.js';

const DOTTED_I = 0x130;
const COMBINING_DOT_ABOVE = 0x307;

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** Where the first character that has a lower case stands; `text.length` where none has. */
function firstUpper(text: string, from: number, { add, beyond }: LowerTable): number {
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (add[unit] !== 0 || unit === DOTTED_I) return i;
    if (isHigh(unit) && beyond.has(text.codePointAt(i)!)) return i;
  }
  return text.length;
}

/** Unit for unit: of everything but U+0130. */
function lowerUnits(text: string, from: number, { add, beyond }: LowerTable): string {
  const out = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // The array takes numbers modulo 2^16.
    out[i] = i < from ? unit : unit + add[unit];
    if (!isHigh(unit) || i < from) continue;
    const lower = beyond.get(text.codePointAt(i)!);
    if (lower === undefined) continue;
    // Both are in one block of 1,024 characters or their neighbours; the pair is written whole.
    out[i] = 0xd800 + ((lower - 0x10000) >> 10);
    out[++i] = 0xdc00 + (lower & 0x3ff);
  }
  return stringOf(out);
}

function lowerPoints(text: AlignedText, { add, beyond }: LowerTable): AlignedText {
  const out = new Transform(text);
  for (const character of text.text) {
    const code = character.codePointAt(0)!;
    if (code === DOTTED_I) {
      out.replace(0x69);
      out.insert(COMBINING_DOT_ABOVE);
    } else {
      out.replace(code > 0xffff ? (beyond.get(code) ?? code) : (code + add[code]) & 0xffff);
    }
  }
  return out.finish();
}

/** Units of `text` before the first that is not ASCII. */
function asciiLength(text: string): number {
  let i = 0;
  while (i < text.length && text.charCodeAt(i) < 0x80) i++;
  return i;
}

/**
 * Lowers every code point by itself, as Rust's `char::to_lowercase` does: a final sigma becomes σ, not ς, and İ becomes
 * two characters.
 */
export function lowercase(text: AlignedText): AlignedText {
  const source = text.text;
  if (text.lead > 0) return lowerPoints(text, lowerTable());
  if (asciiLength(source) === source.length) {
    const lower = source.toLowerCase();
    return lower === source ? text : text.relabel(lower);
  }
  const table = lowerTable();
  const first = firstUpper(source, 0, table);
  if (first === source.length) return text;
  if (source.includes('\u0130', first)) return lowerPoints(text, table);
  return text.relabel(lowerUnits(source, first, table));
}

/** Lower case, character by character. */
export class LowercaseNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return lowercase(text);
  }

  toJSON(): JsonObject {
    return { type: 'Lowercase' };
  }
}
