import { IntList } from '../text/int-list.js';
import type { Symbols } from './bpe-merges.js';
import { MergeWindow } from './merge-window.js';

/** Symbols by which each window goes on. */
const STEP = 128;
/** Symbols before that which are merged once more, at first. */
const REACH = 8;

/**
 * Merges long words in linear time, window by window. Tokens are the encoding of a word if and only if all pairs of
 * neighbours are that of what they spell (docs/decisions/0011-long-words.md). So a window that begins with a token of what is
 * done, and gives that token again, continues it.
 */
export class LongMerges {
  readonly #window: MergeWindow;
  readonly #ids = new IntList();
  readonly #ends = new IntList();

  constructor(window: MergeWindow) {
    this.#window = window;
  }

  /** False, and nothing is done, where merges reach too far back for windows. */
  merge({ ids, ends }: Symbols): boolean {
    const n = ids.length;
    const given = ids.data;
    const { symbols, next } = this.#window;
    this.#ids.length = 0;
    this.#ends.length = 0;
    this.#ids.reserve(n);
    this.#ends.reserve(n);
    const tokens = this.#ids.data;
    const stops = this.#ends.data;
    let count = 0;
    let reach = REACH;
    for (let done = 0; done < n; ) {
      const stop = Math.min(n, done + STEP);
      let first = count;
      let start = done;
      for (; ; reach *= 2) {
        while (first > 0 && done - start < reach) start = --first > 0 ? stops[first - 1] : 0;
        if (stop - start > MergeWindow.MOST) return false;
        for (let i = start; i < stop; i++) symbols[i - start] = given[i];
        this.#window.merge(stop - start);
        if (first === 0 || (symbols[0] === tokens[first] && start + next[0] === stops[first])) break;
      }
      // What reached far will do so again, mostly.
      reach = Math.max(REACH, reach >> 1);
      count = first;
      for (let i = start; i < stop; i = stops[count++]) {
        tokens[count] = symbols[i - start];
        stops[count] = start + next[i - start];
      }
      done = stop;
    }
    for (let i = 0; i < count; i++) {
      given[i] = tokens[i];
      ends.data[i] = ends.data[stops[i] - 1];
    }
    ids.length = count;
    ends.length = count;
    return true;
  }
}
