import type { IntList } from '../text/int-list.js';
import { POOLED } from './word-table.js';

/**
 * Where the tokens of a text lie, word by word, as the table of words has it: spans and word ids are made of it when they
 * are asked for, which many never do.
 */
export class WordPlaces {
  /** Per word: where it begins, in UTF-16 units of the text, and `PACKED` of its entry. */
  readonly #records: Int32Array;
  /** For each word whose record is `POOLED`: the number of its tokens, and their starts and ends from where it begins. */
  readonly #others: Int32Array;
  /** Number of tokens. */
  readonly #count: number;
  /** Units of the text's first character, where a space was put before it; else 0. */
  readonly #prefixed: number;

  constructor(records: Int32Array, others: IntList, count: number, prefixed: number) {
    this.#records = records;
    this.#others = others.toArray();
    this.#count = count;
    this.#prefixed = prefixed;
  }

  /** Start and end of each token, in UTF-16 units of the text. `into`: where to write them. */
  readonly spans = (into?: Int32Array): Int32Array => {
    const records = this.#records;
    const others = this.#others;
    const spans = into ?? new Int32Array(2 * this.#count);
    let at = 0;
    let other = 0;
    for (let i = 0; i < records.length; i += 2) {
      let unit = records[i];
      const packed = records[i + 1];
      const tokens = (packed >> 5) & 31;
      if (tokens === 1) {
        spans[at] = unit;
        spans[at + 1] = unit + ((packed >> 10) & 31);
        at += 2;
      } else if (packed === POOLED) {
        const end = other + 1 + 2 * others[other];
        for (other++; other < end; other++) spans[at++] = unit + others[other];
      } else {
        const start = unit;
        for (let ends = packed >> 10, left = tokens; left > 0; ends >>= 5, left--) {
          spans[at++] = unit;
          unit = start + (ends & 31);
          spans[at++] = unit;
        }
      }
    }
    if (this.#prefixed > 0) takeSpaceOut(spans, this.#prefixed);
    return spans;
  };

  /** Word of each token. Words without tokens are not counted: all of their characters are dropped. */
  readonly words = (into?: Int32Array): Int32Array => {
    const records = this.#records;
    const others = this.#others;
    const words = into ?? new Int32Array(this.#count);
    let at = 0;
    let other = 0;
    let word = 0;
    for (let i = 1; i < records.length; i += 2) {
      const packed = records[i];
      let tokens = (packed >> 5) & 31;
      if (tokens === 1) {
        words[at++] = word++;
        continue;
      }
      if (packed === POOLED) {
        tokens = others[other];
        other += 1 + 2 * tokens;
      }
      if (tokens === 0) continue;
      for (let left = tokens; left > 0; left--) words[at++] = word;
      word++;
    }
    return words;
  };
}

/** Spans without the space put before the text, which counts as the text's first character (of `first` units). */
function takeSpaceOut(spans: Int32Array, first: number): void {
  for (let i = 0; i < spans.length; i += 2) {
    spans[i] = Math.max(0, spans[i] - 1);
    spans[i + 1] = spans[i + 1] === 1 ? first : spans[i + 1] - 1;
  }
}
