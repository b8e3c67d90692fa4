import type { TokenSink } from '../models/model.js';
import { randomOdd } from '../models/random-odd.js';

/** Longest word a table holds, in bytes: four 32-bit integers. */
export const LONGEST_WORD = 16;

/** Integers of one entry: the word's bytes (4), `PACKED`, ids (3). */
export const ENTRY = 8;
/**
 * 0 in a free entry. Else, from the lowest bits, five bits each: the word's length in bytes, the number of its tokens, and
 * the ends of up to three tokens, in units from the word's start. Tokens in the entry cover the word without gaps.
 * Where `POOLED` is set, the first id is a place in the pool instead, which has all ids and after them all starts and ends.
 */
export const PACKED = 4;
export const FIRST_ID = 5;
export const POOLED = 1 << 30;

export const LENGTH_MASK = 31;
export const COUNT_MASK = 31 << 5;

const INLINE = 3;
/** Slots looked at for one word. A word that finds no room in them takes the place of another. */
export const PROBES = 8;
const FIRST_BITS = 11;
const MOST_BITS = 17;
/** A table that is half full grows by so many bits: seldom, since every word is then placed anew. */
const MORE_BITS = 2;
const MOST_POOLED = 1 << 19;

/**
 * Words already tokenized: a hash table over one typed array, with the word's bytes and its first tokens in the entry
 * itself, so that a word that is found costs one line of memory. Bounded in memory and in steps: the multipliers of the
 * hash are drawn anew for every table, and no word looks further than a few slots, whatever the text.
 */
export class WordTable {
  entries = new Int32Array(ENTRY << FIRST_BITS);
  /** A hash's first slot is `hash >>> shift`. */
  shift = 32 - FIRST_BITS;
  pool = new Int32Array(256);
  readonly multipliers = Int32Array.from({ length: 5 }, randomOdd);
  #pooled = 0;
  #words = 0;
  #victim = 0;

  /** Remembers a word that is not in the table: its bytes as four integers, its length, its tokens. */
  add(key: Int32Array, length: number, tokens: TokenSink): void {
    const count = tokens.ids.length;
    // Characters of one byte that become several tokens are not to be had; still, the field has five bits.
    if (count > 31) return;
    if (this.#words * 2 > this.entries.length / ENTRY && this.shift > 32 - MOST_BITS) this.#grow();
    if (this.#pooled + 3 * count > MOST_POOLED) this.#clear();
    const at = this.#place(hashWord(this.multipliers, key));
    const { entries } = this;
    for (let i = 0; i < 4; i++) entries[at + i] = key[i];
    entries[at + PACKED] = length | (count << 5);
    if (count <= INLINE && coversWithoutGaps(tokens)) {
      for (let i = 0; i < INLINE; i++) {
        entries[at + FIRST_ID + i] = i < count ? tokens.ids.data[i] : 0;
        entries[at + PACKED] |= (i < count ? tokens.ends.data[i] : 0) << (10 + 5 * i);
      }
    } else {
      entries[at + PACKED] |= POOLED;
      entries[at + FIRST_ID] = this.#pooled;
      this.#keep(tokens);
    }
  }

  #keep({ ids, starts, ends }: TokenSink): void {
    const needed = this.#pooled + 3 * ids.length;
    if (needed > this.pool.length) {
      const pool = new Int32Array(Math.max(this.pool.length * 2, needed));
      pool.set(this.pool);
      this.pool = pool;
    }
    for (let i = 0; i < ids.length; i++) this.pool[this.#pooled++] = ids.data[i];
    for (let i = 0; i < ids.length; i++) {
      this.pool[this.#pooled++] = starts.data[i];
      this.pool[this.#pooled++] = ends.data[i];
    }
  }

  /** Start of a free entry for the hash, or of one to write over. */
  #place(hash: number): number {
    const { entries } = this;
    const mask = entries.length / ENTRY - 1;
    const slot = hash >>> this.shift;
    for (let probe = 0; probe < PROBES; probe++) {
      const at = ((slot + probe) & mask) * ENTRY;
      if (entries[at + PACKED] !== 0) continue;
      this.#words++;
      return at;
    }
    this.#victim = (this.#victim + 1) % PROBES;
    return ((slot + this.#victim) & mask) * ENTRY;
  }

  #grow(): void {
    const old = this.entries;
    const key = new Int32Array(4);
    this.entries = new Int32Array(old.length << MORE_BITS);
    this.shift -= MORE_BITS;
    this.#words = 0;
    for (let at = 0; at < old.length; at += ENTRY) {
      if (old[at + PACKED] === 0) continue;
      for (let i = 0; i < 4; i++) key[i] = old[at + i];
      const place = this.#place(hashWord(this.multipliers, key));
      for (let i = 0; i < ENTRY; i++) this.entries[place + i] = old[at + i];
    }
  }

  #clear(): void {
    this.entries.fill(0);
    this.#words = 0;
    this.#pooled = 0;
  }
}

function coversWithoutGaps({ ids, starts, ends }: TokenSink): boolean {
  for (let i = 0; i < ids.length; i++) {
    if (starts.data[i] !== (i === 0 ? 0 : ends.data[i - 1])) return false;
  }
  return true;
}

/** Multiply-shift over a word's four integers: its high bits depend on all of them. `WordEncoder` has the same inline. */
function hashWord(multipliers: Int32Array, key: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < 4; i++) sum = (sum + Math.imul(key[i], multipliers[i])) | 0;
  return Math.imul(sum ^ (sum >>> 15), multipliers[4]);
}
