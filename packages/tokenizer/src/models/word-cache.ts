import { IntList } from '../text/int-list.js';
import type { TokenSink } from './model.js';
import { randomOdd } from './random-odd.js';

/** Words longer than this are rare enough to be done anew each time. */
const LONGEST = 64;
const SLOTS = 1 << 17;
/** Slots looked at for one word. A word that finds no room in them takes the place of another. */
const PROBES = 16;
/** Slots are left free, so that probing stays short. */
const MOST_WORDS = SLOTS >> 1;

/**
 * Words already tokenized, with their ids and ends. Keys are compared as code units in place: a hit makes no string.
 * When full it forgets everything and begins again. The hash is another one in every cache, and no word looks further than a
 * few slots, so that no text can make it slow.
 */
export class WordCache {
  #slots = new Int32Array(0);
  #words = 0;
  /** Per word: hash, start in `#keys`, key length, start in `#values`, token count. */
  #entries = new IntList();
  #keys = new Uint16Array(0);
  #keysUsed = 0;
  /** Per token: id, end relative to the word's start. */
  #values = new IntList();
  readonly #seed = randomOdd();
  readonly #multiplier = randomOdd();
  #hash = 0;

  /** Appends the tokens of the word to `sink`; false where the word is not known. */
  find(text: string, from: number, to: number, sink: TokenSink): boolean {
    const entry = this.#locate(text, from, to);
    if (entry < 0) return false;
    const at = this.#entries.data[entry + 3];
    const count = this.#entries.data[entry + 4];
    const values = this.#values.data;
    let start = from;
    for (let i = 0, k = at; i < count; i++, k += 2) {
      const end = from + values[k + 1];
      sink.push(values[k], start, end);
      start = end;
    }
    return true;
  }

  /** Remembers the word that was just not found. Its tokens, with ends from its start, must cover it without gaps. */
  add(text: string, from: number, to: number, { ids, ends }: { ids: IntList; ends: IntList }): void {
    if (to - from > LONGEST) return;
    if (this.#words === MOST_WORDS || this.#slots.length === 0) this.#clear();
    const length = to - from;
    if (this.#keysUsed + length > this.#keys.length) this.#growKeys(length);
    const entry = this.#entries.length;
    this.#entries.push2(this.#hash, this.#keysUsed);
    this.#entries.push2(length, this.#values.length);
    this.#entries.push(ids.length);
    for (let i = from; i < to; i++) this.#keys[this.#keysUsed++] = text.charCodeAt(i);
    for (let i = 0; i < ids.length; i++) this.#values.push2(ids.data[i], ends.data[i]);
    let slot = this.#hash & (SLOTS - 1);
    for (let probe = 1; probe < PROBES && this.#slots[slot] !== 0; probe++) slot = (slot + 1) & (SLOTS - 1);
    this.#slots[slot] = entry + 1;
    this.#words++;
  }

  /** Start of the word's entry, or -1; leaves the word's hash behind for `add`. */
  #locate(text: string, from: number, to: number): number {
    if (to - from > LONGEST) return -1;
    let hash = this.#seed;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), this.#multiplier);
    hash ^= hash >>> 15;
    this.#hash = hash;
    if (this.#words === 0) return -1;
    const entries = this.#entries.data;
    for (let probe = 0; probe < PROBES; probe++) {
      const entry = this.#slots[(hash + probe) & (SLOTS - 1)] - 1;
      if (entry < 0) return -1;
      if (entries[entry] === hash && this.#equal(entry, text, from, to)) return entry;
    }
    return -1;
  }

  #equal(entry: number, text: string, from: number, to: number): boolean {
    const start = this.#entries.data[entry + 1];
    if (this.#entries.data[entry + 2] !== to - from) return false;
    for (let i = from, k = start; i < to; i++, k++) {
      if (this.#keys[k] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #growKeys(more: number): void {
    const keys = new Uint16Array(Math.max(4096, this.#keys.length * 2, this.#keysUsed + more));
    keys.set(this.#keys);
    this.#keys = keys;
  }

  #clear(): void {
    if (this.#slots.length === 0) this.#slots = new Int32Array(SLOTS);
    else this.#slots.fill(0);
    this.#words = 0;
    this.#entries.length = 0;
    this.#keysUsed = 0;
    this.#values.length = 0;
  }
}
