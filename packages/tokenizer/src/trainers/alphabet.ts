import type { Pacer } from './pacer.js';
import type { CountedWords } from './word-table.js';

export interface AlphabetOptions {
  /** Most characters to keep, the most frequent ones. */
  limitAlphabet?: number;
  /** Characters that count as more frequent than any other. */
  initialAlphabet: readonly string[];
}

/** One past the largest code point. */
export const CODE_POINTS = 0x110000;

/** Calls `visit` with every code point of word `w`, and whether it is the word's first and last. */
export function forCharacters(
  { units, starts }: CountedWords,
  w: number,
  visit: (code: number, first: boolean, last: boolean) => void,
): void {
  const from = starts[w];
  const to = starts[w + 1];
  for (let i = from; i < to; ) {
    let code = units[i];
    let next = i + 1;
    if (code >= 0xd800 && code < 0xdc00 && next < to) {
      code = 0x10000 + ((code - 0xd800) << 10) + units[next] - 0xdc00;
      next++;
    }
    visit(code, i === from, next === to);
    i = next;
  }
}

/** Where a character stands in a word, as bits. */
export const ALONE = 1;
export const INSIDE = 2;
export const INSIDE_LAST = 4;

export interface Characters {
  /** How often each code point occurs. */
  counts: Float64Array;
  /** Where in words each was seen other than first: bits of the above. */
  places: Uint8Array;
}

/** Counts the characters of all words. */
export async function countCharacters(words: CountedWords, pacer: Pacer): Promise<Characters> {
  const counts = new Float64Array(CODE_POINTS);
  const places = new Uint8Array(CODE_POINTS);
  for (let w = 0; w < words.size; w++) {
    const count = words.counts[w];
    forCharacters(words, w, (code, first, last) => {
      counts[code] += count;
      if (!first) places[code] |= last ? INSIDE_LAST : INSIDE;
      else if (last) places[code] |= ALONE;
    });
    if ((w & 1023) === 0 && pacer.due) await pacer.pause();
  }
  return { counts, places };
}

/**
 * The characters that become symbols, by ascending code point. Where there are too many the most frequent stay, of
 * equally frequent ones the lower.
 */
export function alphabet({ counts }: Characters, options: AlphabetOptions): number[] {
  const initial = new Set(options.initialAlphabet.map((character) => character.codePointAt(0)!));
  const kept: number[] = [];
  for (let code = 0; code < CODE_POINTS; code++) if (counts[code] > 0 || initial.has(code)) kept.push(code);
  const { limitAlphabet = Infinity } = options;
  if (kept.length <= limitAlphabet) return kept;
  const weight = (code: number) => (initial.has(code) ? Number.MAX_VALUE : counts[code]);
  // The sort is stable, so that of equals the lower code point comes first.
  const byCount = kept.sort((a, b) => weight(b) - weight(a));
  return byCount.slice(0, limitAlphabet).sort((a, b) => a - b);
}
