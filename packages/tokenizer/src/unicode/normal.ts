import { NORMAL_RUNS } from './normal-runs.js';
import { tableOfRuns } from './runs.js';

/**
 * Normalization data of the Unicode version that the Rust library normalizes by. Which characters decompose, compose and
 * reorder is in the table; what they decompose to is asked of the engine, which by Unicode's stability policy has the same
 * answer in every version since. See docs/decisions/0009.
 */

/** Bits of a flag: how a character decomposes. */
export const KIND = 3;
export const BY_COMPATIBILITY = 1;
/** Decomposes canonically, and composes again. */
export const COMPOSITE = 2;
/** Decomposes canonically for good. */
export const SINGLETON = 3;

/** The other bits, shifted by this: a mark's place among the combining classes, from 1, or one of the following. */
export const PLACE_SHIFT = 2;
/** Decomposes by compatibility, and what comes of it begins with a character that has a place. */
export const ATTACHES_BY_COMPATIBILITY = 61;
/** A composite whose compatibility decomposition does not compose to it again. */
export const COMPATIBILITY_COMPOSITE = 62;
// 63: no mark, but composes with what stands before it: vowels and finals of Hangul, vowel signs of India.

let table: Uint8Array | undefined;

/** The flags of every code point. */
export function normalFlags(): Uint8Array {
  table ??= tableOfRuns(NORMAL_RUNS);
  return table;
}

/** The canonical combining class as far as order goes: 0 for starters. */
export function combiningPlace(flags: number): number {
  const place = flags >> PLACE_SHIFT;
  return place < ATTACHES_BY_COMPATIBILITY ? place : 0;
}

// Unicode 3.12: Hangul syllables are composed by counting.
const SYLLABLES = 0xac00;
const LEADING = 0x1100;
const VOWELS = 0x1161;
const BEFORE_FINALS = 0x11a7;
const VOWEL_COUNT = 21;
const FINAL_COUNT = 28;
const SYLLABLE_COUNT = 11172;

const canonical = new Map<number, readonly number[]>();
const compatible = new Map<number, readonly number[]>();

/** The full decomposition of a character that the table says decomposes. */
export function decompose(code: number, byCompatibility: boolean): readonly number[] {
  const known = byCompatibility ? compatible : canonical;
  let points = known.get(code);
  if (points === undefined) {
    const text = String.fromCodePoint(code).normalize(byCompatibility ? 'NFKD' : 'NFD');
    points = Array.from(text, (character) => character.codePointAt(0)!);
    known.set(code, points);
  }
  return points;
}

/** What pairs compose to, by second and then by first character: of pairs that were asked for. */
const compositions = new Map<number, Map<number, number>>();
let pairs = 0;
/** There are fewer composites; the rest are pairs that do not compose. */
const MOST_PAIRS = 10_000;

function askForComposite(first: number, second: number): number {
  const text = String.fromCodePoint(first, second).normalize('NFC');
  const composite = text.codePointAt(0)!;
  if (text.length > (composite > 0xffff ? 2 : 1) || (normalFlags()[composite] & KIND) !== COMPOSITE) return 0;
  // The engine may also have reordered what the first one decomposes to.
  const points = decompose(composite, false);
  return points[points.length - 1] === second ? composite : 0;
}

function composeHangul(first: number, second: number): number {
  const leading = first - LEADING;
  const vowel = second - VOWELS;
  if (leading >= 0 && leading < 19 && vowel >= 0 && vowel < VOWEL_COUNT) {
    return SYLLABLES + (leading * VOWEL_COUNT + vowel) * FINAL_COUNT;
  }
  const syllable = first - SYLLABLES;
  const final = second - BEFORE_FINALS;
  if (syllable < 0 || syllable >= SYLLABLE_COUNT || syllable % FINAL_COUNT !== 0) return 0;
  return final > 0 && final < FINAL_COUNT ? first + final : 0;
}

/** The primary composite of two characters; 0 where there is none. */
export function compose(first: number, second: number): number {
  if (second >= LEADING && second < 0x1200) return composeHangul(first, second);
  let byFirst = compositions.get(second);
  let composite = byFirst?.get(first);
  if (composite !== undefined) return composite;
  composite = askForComposite(first, second);
  if (pairs++ >= MOST_PAIRS) {
    compositions.clear();
    byFirst = undefined;
    pairs = 1;
  }
  if (byFirst === undefined) {
    byFirst = new Map();
    compositions.set(second, byFirst);
  }
  byFirst.set(first, composite);
  return composite;
}
