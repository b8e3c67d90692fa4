import type { TokenSink } from '../models/model.js';
import { randomOdd } from '../models/random-odd.js';
import { IntList } from '../text/int-list.js';

/** Longer words are rare enough to be done anew each time. */
const LONGEST = 96;
const BITS = 14;
const PROBES = 8;
/** Forgets everything where words or their tokens take more. */
const MOST_WORDS = 1 << 13;
const MOST_VALUES = 1 << 18;

/**
 * Words too long for the entries of a `WordTable`, with their tokens. Bounded as that is: in memory, and in the slots that
 * are looked at.
 */
export class LongWords {
  /** Start of a word's entry + 1; 0 where free. */
  #slots = new Int32Array(0);
  #words = 0;
  /** Per word: hash, start of its bytes, their number, start of its tokens, their number. */
  readonly #entries = new IntList();
  #bytes = new Uint8Array(4096);
  #used = 0;
  /** Per token: id, start, end. */
  readonly #values = new IntList();
  readonly #multiplier = randomOdd();
  readonly #seed = randomOdd();
  #hash = 0;

  /** Appends the tokens of the word to `sink`; false where it is not known. */
  find(bytes: Uint8Array, from: number, to: number, sink: TokenSink): boolean {
    if (to - from > LONGEST) return false;
    let hash = this.#seed;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], this.#multiplier);
    this.#hash = hash;
    if (this.#words === 0) return false;
    for (let probe = 0; probe < PROBES; probe++) {
      const entry = this.#slots[this.#slot(probe)] - 1;
      if (entry < 0) return false;
      if (!this.#equal(entry, bytes, from, to)) continue;
      const at = this.#entries.data[entry + 3];
      const values = this.#values.data;
      for (let i = at, left = this.#entries.data[entry + 4]; left > 0; i += 3, left--) {
        sink.push(values[i], values[i + 1], values[i + 2]);
      }
      return true;
    }
    return false;
  }

  /** Remembers the word that was just not found. */
  add(bytes: Uint8Array, from: number, to: number, { ids, starts, ends }: TokenSink): void {
    const length = to - from;
    if (length > LONGEST) return;
    if (this.#words === MOST_WORDS || this.#slots.length === 0 || this.#values.length > MOST_VALUES) this.#clear();
    if (this.#used + length > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    const entry = this.#entries.length;
    this.#entries.push2(this.#hash, this.#used);
    this.#entries.push2(length, this.#values.length);
    this.#entries.push(ids.length);
    for (let i = from; i < to; i++) this.#bytes[this.#used++] = bytes[i];
    for (let i = 0; i < ids.length; i++) {
      this.#values.push2(ids.data[i], starts.data[i]);
      this.#values.push(ends.data[i]);
    }
    let probe = 0;
    while (probe < PROBES - 1 && this.#slots[this.#slot(probe)] !== 0) probe++;
    this.#slots[this.#slot(probe)] = entry + 1;
    this.#words++;
  }

  #slot(probe: number): number {
    return (((this.#hash ^ (this.#hash >>> 15)) >>> 0) + probe) & ((1 << BITS) - 1);
  }

  #equal(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { data } = this.#entries;
    if (data[entry] !== this.#hash || data[entry + 2] !== to - from) return false;
    for (let i = from, k = data[entry + 1]; i < to; i++, k++) if (this.#bytes[k] !== bytes[i]) return false;
    return true;
  }

  #clear(): void {
    if (this.#slots.length === 0) this.#slots = new Int32Array(1 << BITS);
    else this.#slots.fill(0);
    this.#words = 0;
    this.#entries.length = 0;
    this.#used = 0;
    this.#values.length = 0;
  }
}
