import { TokenSink } from '../models/model.js';
import { LongWords } from './long-words.js';
import type { Utf8Buffer } from './utf8-buffer.js';
import {
  COUNT_MASK,
  ENTRY,
  FIRST_ID,
  LENGTH_MASK,
  LONGEST_WORD,
  PACKED,
  POOLED,
  PROBES,
  WordTable,
} from './word-table.js';

/** The tokens of the words of one text. The memory is used again for the next text: copy what is to stay. */
export class WordTokens {
  ids = new Int32Array(0);
  /** Start and end of each token, in UTF-16 units of the text. Only where asked for. */
  spans = new Int32Array(0);
  /** Word of each token. Only where asked for. */
  words = new Int32Array(0);
  count = 0;
  wordCount = 0;

  begin(tokens: number, tracked: boolean): void {
    this.count = 0;
    this.wordCount = 0;
    if (this.ids.length < tokens) this.ids = new Int32Array(tokens + (tokens >> 1));
    if (!tracked || this.words.length >= tokens) return;
    this.words = new Int32Array(this.ids.length);
    this.spans = new Int32Array(2 * this.ids.length);
  }
}

/**
 * Tokenizes a word that is not known yet: appends its tokens to `sink`, with their starts and ends in UTF-16 units from the
 * word's start.
 */
export type EncodeWord = (bytes: Uint8Array, from: number, to: number, sink: TokenSink) => void;

/** Masks of the bytes of a word that lie in each of its four integers, by length. */
function keyMasks(): Int32Array {
  const masks = new Int32Array(4 * (LONGEST_WORD + 1));
  for (let length = 0; length <= LONGEST_WORD; length++) {
    for (let byte = 0; byte < length; byte++) masks[length * 4 + (byte >> 2)] |= 0xff << ((byte & 3) * 8);
  }
  return masks;
}

/** Words to tokens, through a table of those met before. */
export class WordEncoder {
  readonly #table = new WordTable();
  readonly #long = new LongWords();
  readonly #masks = keyMasks();
  readonly #sink = new TokenSink();
  /** The word that is looked for, for the table to remember. */
  readonly #key = new Int32Array(4);
  readonly #encodeWord: EncodeWord;

  constructor(encodeWord: EncodeWord) {
    this.#encodeWord = encodeWord;
  }

  /**
   * @param bounds start and end of each of `count` words, in bytes, in order
   * @param units where each word begins in UTF-16 units; undefined where no spans and words are asked for
   */
  encode(text: Utf8Buffer, bounds: Int32Array, count: number, units: Int32Array | undefined, out: WordTokens): void {
    out.begin(text.length + 4, units !== undefined);
    const { view } = text;
    const { ids } = out;
    const masks = this.#masks;
    const key = this.#key;
    const [m0, m1, m2, m3, m4] = this.#table.multipliers;
    let { entries, shift } = this.#table;
    let n = 0;
    for (let word = 0; word < count; word++) {
      const from = bounds[2 * word];
      const length = bounds[2 * word + 1] - from;
      if (length > LONGEST_WORD) {
        n = this.#unknown(text, bounds, word, units, out, n);
        continue;
      }
      const row = length << 2;
      const k0 = view.getInt32(from, true) & masks[row];
      const k1 = view.getInt32(from + 4, true) & masks[row + 1];
      const k2 = view.getInt32(from + 8, true) & masks[row + 2];
      const k3 = view.getInt32(from + 12, true) & masks[row + 3];
      let hash = (Math.imul(k0, m0) + Math.imul(k1, m1) + Math.imul(k2, m2) + Math.imul(k3, m3)) | 0;
      hash = Math.imul(hash ^ (hash >>> 15), m4);
      let at = (hash >>> shift) << 3;
      let probes = PROBES;
      while (
        ((entries[at] ^ k0) |
          (entries[at + 1] ^ k1) |
          (entries[at + 2] ^ k2) |
          (entries[at + 3] ^ k3) |
          ((entries[at + PACKED] & LENGTH_MASK) ^ length)) !==
        0
      ) {
        if (entries[at + PACKED] === 0 || --probes === 0) {
          probes = 0;
          break;
        }
        at = (at + ENTRY) & (entries.length - ENTRY);
      }
      if (probes === 0) {
        n = this.#unknown(text, bounds, word, units, out, n);
        key[0] = k0;
        key[1] = k1;
        key[2] = k2;
        key[3] = k3;
        this.#table.add(key, length, this.#sink);
        ({ entries, shift } = this.#table);
        continue;
      }
      const packed = entries[at + PACKED];
      if ((packed & POOLED) !== 0) {
        n = this.#pooled(entries[at + FIRST_ID], packed, units === undefined ? -1 : units[word], out, n);
        continue;
      }
      // Always three, of which the next word writes over those too many: cheaper than asking how many.
      ids[n] = entries[at + FIRST_ID];
      ids[n + 1] = entries[at + FIRST_ID + 1];
      ids[n + 2] = entries[at + FIRST_ID + 2];
      if (units !== undefined) placeThree(out, n, packed, units[word]);
      n += (packed >> 5) & 31;
    }
    out.count = n;
  }

  /** Tokenizes a word that is not in the table. Its tokens stay in the sink. */
  #unknown(
    text: Utf8Buffer,
    bounds: Int32Array,
    word: number,
    units: Int32Array | undefined,
    out: WordTokens,
    n: number,
  ): number {
    const sink = this.#sink;
    const from = bounds[2 * word];
    const to = bounds[2 * word + 1];
    sink.clear();
    if (to - from <= LONGEST_WORD) {
      this.#encodeWord(text.bytes, from, to, sink);
    } else if (!this.#long.find(text.bytes, from, to, sink)) {
      this.#encodeWord(text.bytes, from, to, sink);
      this.#long.add(text.bytes, from, to, sink);
    }
    const count = sink.ids.length;
    for (let i = 0; i < count; i++) {
      out.ids[n + i] = sink.ids.data[i];
      if (units === undefined) continue;
      out.spans[2 * (n + i)] = units[word] + sink.starts.data[i];
      out.spans[2 * (n + i) + 1] = units[word] + sink.ends.data[i];
      out.words[n + i] = out.wordCount;
    }
    if (count > 0) out.wordCount++;
    return n + count;
  }

  /** Tokens of a word whose entry holds only their place. `unit`: where the word begins; below 0 where nobody asks. */
  #pooled(place: number, packed: number, unit: number, out: WordTokens, n: number): number {
    const { pool } = this.#table;
    const count = (packed >> 5) & 31;
    for (let i = 0; i < count; i++) {
      out.ids[n + i] = pool[place + i];
      if (unit < 0) continue;
      out.spans[2 * (n + i)] = unit + pool[place + count + 2 * i];
      out.spans[2 * (n + i) + 1] = unit + pool[place + count + 2 * i + 1];
      out.words[n + i] = out.wordCount;
    }
    if (count > 0) out.wordCount++;
    return n + count;
  }
}

/** Spans and word of the up to three tokens of an entry. */
function placeThree(out: WordTokens, n: number, packed: number, unit: number): void {
  const { spans, words } = out;
  const first = unit + ((packed >> 10) & 31);
  const second = unit + ((packed >> 15) & 31);
  spans[2 * n] = unit;
  spans[2 * n + 1] = first;
  spans[2 * n + 2] = first;
  spans[2 * n + 3] = second;
  spans[2 * n + 4] = second;
  spans[2 * n + 5] = unit + ((packed >> 20) & 31);
  const word = out.wordCount;
  words[n] = word;
  words[n + 1] = word;
  words[n + 2] = word;
  // Words without tokens are not counted: all of their characters are dropped.
  if ((packed & COUNT_MASK) !== 0) out.wordCount = word + 1;
}
