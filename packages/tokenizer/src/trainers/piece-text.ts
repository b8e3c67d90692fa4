import { CODE_POINTS, forCharacters } from './alphabet.js';
import { sorted } from './paced.js';
import type { Pacer } from './pacer.js';
import { type CountedWords, compareCodePoints } from './word-table.js';

/** What stands between two words, and for the character U+0000, of which no piece is made. */
export const BOUNDARY = 0;

/**
 * All distinct words in one array, by ascending code points, a boundary behind each. Characters are numbered by code
 * point from 1 on, so that they compare as code points do.
 */
export interface PieceText {
  readonly symbols: Int32Array;
  /** Word `w` is `symbols` from `starts[w]` to `starts[w + 1] - 1`. */
  readonly starts: Int32Array;
  readonly counts: Float64Array;
  readonly words: number;
  /** Code point of every symbol; that of the boundary is 0. */
  readonly codes: readonly number[];
  /** Whether U+0000 is in a word. */
  readonly hasNull: boolean;
}

export async function pieceText(words: CountedWords, pacer: Pacer): Promise<PieceText> {
  const order = await sorted(words.size, pacer, (a, b) => compareCodePoints(words, a, b));
  const seen = new Uint8Array(CODE_POINTS);
  let length = words.size;
  for (let w = 0; w < words.size; w++) {
    forCharacters(words, w, (code) => {
      seen[code] = 1;
      length++;
    });
    if ((w & 1023) === 0 && pacer.due) await pacer.pause();
  }
  const codes = [0];
  const numbers = new Int32Array(CODE_POINTS);
  for (let code = 1; code < CODE_POINTS; code++) if (seen[code] === 1) numbers[code] = codes.push(code) - 1;
  const symbols = new Int32Array(length);
  const starts = new Int32Array(words.size + 1);
  const counts = new Float64Array(words.size);
  let at = 0;
  for (let w = 0; w < words.size; w++) {
    forCharacters(words, order[w], (code) => {
      symbols[at++] = numbers[code];
    });
    at++;
    starts[w + 1] = at;
    counts[w] = words.counts[order[w]];
    if ((w & 1023) === 0 && pacer.due) await pacer.pause();
  }
  return { symbols, starts, counts, words: words.size, codes, hasNull: seen[0] === 1 };
}
