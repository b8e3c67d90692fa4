import { TokenSink } from '../models/model.js';
import { IntList } from '../text/int-list.js';
import { LongWords } from './long-words.js';
import type { Utf8Buffer } from './utf8-buffer.js';
import { WordPlaces } from './word-places.js';
import { ENTRY, FIRST_ID, LENGTH_MASK, LONGEST_WORD, PACKED, POOLED, PROBES, WordTable } from './word-table.js';

/** The tokens of the words of one text. The memory is used again for the next text: copy what is to stay. */
export class WordTokens {
  ids = new Int32Array(0);
  /** Number of tokens. */
  count = 0;
  /** Number of words; counted only where places are asked for. */
  words = 0;
  /** Two integers a word: see `WordPlaces`. Only where asked for. */
  records = new Int32Array(0);
  readonly others = new IntList();
  /** Units of the text's first character, where a space was put before it; else 0. */
  prefixed = 0;

  begin(tokens: number, words: number, tracked: boolean): void {
    this.count = 0;
    this.prefixed = 0;
    this.others.length = 0;
    this.words = words;
    if (this.ids.length < tokens) this.ids = new Int32Array(tokens + (tokens >> 1));
    if (tracked && this.records.length < 2 * words) this.records = new Int32Array(3 * words);
  }

  /** Where the tokens are, to stay. Only where asked for. */
  places(): WordPlaces {
    return new WordPlaces(this.records.slice(0, 2 * this.words), this.others, this.count, this.prefixed);
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
   * @param units where each word begins in UTF-16 units, where that differs from bytes
   * @param tracked whether places are asked for
   */
  encode(
    text: Utf8Buffer,
    bounds: Int32Array,
    count: number,
    units: Int32Array | undefined,
    tracked: boolean,
    out: WordTokens,
  ): void {
    out.begin(text.length + 4, count, tracked);
    const { view } = text;
    const { ids, records } = out;
    const masks = this.#masks;
    const key = this.#key;
    const [m0, m1, m2, m3, m4] = this.#table.multipliers;
    let { entries, shift } = this.#table;
    let n = 0;
    for (let word = 0; word < count; word++) {
      const from = bounds[2 * word];
      const length = bounds[2 * word + 1] - from;
      if (length > LONGEST_WORD) {
        n = this.#unknown(text, from, from + length, out, n);
        if (tracked) this.#record(out, word, units === undefined ? from : units[word]);
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
        n = this.#unknown(text, from, from + length, out, n);
        if (tracked) this.#record(out, word, units === undefined ? from : units[word]);
        key[0] = k0;
        key[1] = k1;
        key[2] = k2;
        key[3] = k3;
        this.#table.add(key, length, this.#sink);
        ({ entries, shift } = this.#table);
        continue;
      }
      const packed = entries[at + PACKED];
      if (tracked) {
        records[2 * word] = units === undefined ? from : units[word];
        records[2 * word + 1] = packed;
      }
      if ((packed & POOLED) !== 0) {
        if (tracked) records[2 * word + 1] = POOLED;
        n = this.#pooled(entries[at + FIRST_ID], packed, tracked, out, n);
        continue;
      }
      // Always three, of which the next word writes over those too many: cheaper than asking how many.
      ids[n] = entries[at + FIRST_ID];
      ids[n + 1] = entries[at + FIRST_ID + 1];
      ids[n + 2] = entries[at + FIRST_ID + 2];
      n += (packed >> 5) & 31;
    }
    out.count = n;
  }

  /** What words are looked up in. Its arrays are others after a word has been added. */
  get table(): WordTable {
    return this.#table;
  }

  /** Appends the tokens of a word that is not in the table, which begins at `unit`, and adds it. */
  encodeMissing(text: Utf8Buffer, from: number, to: number, unit: number, tracked: boolean, out: WordTokens): void {
    out.count = this.#unknown(text, from, to, out, out.count);
    if (tracked) this.#record(out, out.words++, unit);
    const length = to - from;
    if (length > LONGEST_WORD) return;
    const key = this.#key;
    for (let i = 0; i < 4; i++) key[i] = text.view.getInt32(from + 4 * i, true) & this.#masks[4 * length + i];
    this.#table.add(key, length, this.#sink);
  }

  /** Appends the tokens, and the places, of a word that begins at `unit` and whose entry holds only their place. */
  takePooled(entry: number, unit: number, out: WordTokens): void {
    const { entries } = this.#table;
    out.records[2 * out.words] = unit;
    out.records[2 * out.words++ + 1] = POOLED;
    out.count = this.#pooled(entries[entry + FIRST_ID], entries[entry + PACKED], true, out, out.count);
  }

  /** Tokenizes a word that is not in the table. Its tokens stay in the sink. */
  #unknown(text: Utf8Buffer, from: number, to: number, out: WordTokens, n: number): number {
    const sink = this.#sink;
    sink.clear();
    if (to - from <= LONGEST_WORD) {
      this.#encodeWord(text.bytes, from, to, sink);
    } else if (!this.#long.find(text.bytes, from, to, sink)) {
      this.#encodeWord(text.bytes, from, to, sink);
      this.#long.add(text.bytes, from, to, sink);
    }
    const count = sink.ids.length;
    for (let i = 0; i < count; i++) out.ids[n + i] = sink.ids.data[i];
    return n + count;
  }

  /** Records where the tokens in the sink are. */
  #record({ records, others }: WordTokens, word: number, unit: number): void {
    const { ids, starts, ends } = this.#sink;
    records[2 * word] = unit;
    records[2 * word + 1] = POOLED;
    others.push(ids.length);
    for (let i = 0; i < ids.length; i++) others.push2(starts.data[i], ends.data[i]);
  }

  /** Tokens of a word whose entry holds only their place. */
  #pooled(place: number, packed: number, tracked: boolean, out: WordTokens, n: number): number {
    const { pool } = this.#table;
    const count = (packed >> 5) & 31;
    for (let i = 0; i < count; i++) out.ids[n + i] = pool[place + i];
    if (tracked) {
      out.others.push(count);
      for (let i = place + count; i < place + 3 * count; i++) out.others.push(pool[i]);
    }
    return n + count;
  }
}
