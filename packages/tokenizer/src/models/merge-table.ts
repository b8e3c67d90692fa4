import { randomOdd } from './random-odd.js';
/** What a pair without a rule has for a rank or a key: more than any other. */
export const NO_RANK = 0x7fffffff;
/** A key is a rank with so many bits behind it, zero, for a position in a window: the least of keys is leftmost of equals. */
export const POSITION_BITS = 9;
/** Ranks from here on have no keys. */
export const RANKS_WITH_KEYS = 1 << (31 - POSITION_BITS);

/**
 * The merge rules by their pairs: an open-addressing hash table whose multipliers are drawn anew each time, so that no file
 * and no text can make it slow.
 */
export class MergeTable {
  /** By slot: left and right, -1 where free. Apart from the ranks, since most pairs that are asked for have no rule. */
  #pairs: Int32Array;
  #ranks: Int32Array;
  /** By rank: what the rule makes. */
  #results: Int32Array;
  #mask: number;
  /** A bit for every hash of a pair that is there: small enough for the cache, and most pairs that are asked for are not. */
  #known: Int32Array;
  #size = 0;
  /** One more than the highest rank. */
  ranks = 0;
  readonly #left = randomOdd();
  readonly #right = randomOdd();

  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity) * 2));
    this.#pairs = new Int32Array(2 * slots).fill(-1);
    this.#ranks = new Int32Array(slots);
    this.#results = new Int32Array(Math.max(16, capacity));
    this.#mask = slots - 1;
    this.#known = new Int32Array(slots >> 2);
  }

  /** A pair that is given again takes the new rank. Ranks count from 0. */
  add(left: number, right: number, result: number, rank: number): void {
    if (this.#size * 2 > this.#mask) this.#grow();
    const hash = this.#hash(left, right);
    const slot = this.#locate(hash, left, right);
    this.#known[(hash >>> 5) & (this.#known.length - 1)] |= 1 << hash;
    if (this.#pairs[2 * slot] < 0) this.#size++;
    this.#pairs[2 * slot] = left;
    this.#pairs[2 * slot + 1] = right;
    this.#ranks[slot] = rank;
    if (rank >= this.#results.length) {
      const grown = new Int32Array(Math.max(rank + 1, 2 * this.#results.length));
      grown.set(this.#results);
      this.#results = grown;
    }
    this.#results[rank] = result;
    this.ranks = Math.max(this.ranks, rank + 1);
  }

  /**
   * Adds merges that lie in `ids` as left, right, result, by rank, as the first: what `add` does, in a loop of its own that
   * is compiled soon.
   */
  addAll(ids: Int32Array): void {
    const count = ids.length / 3;
    while (count * 2 > this.#mask) this.#grow();
    if (this.#results.length < count) this.#results = new Int32Array(count);
    const pairs = this.#pairs;
    const ranks = this.#ranks;
    const results = this.#results;
    const known = this.#known;
    const mask = this.#mask;
    const a = this.#left;
    const b = this.#right;
    let size = 0;
    for (let i = 0, rank = 0; i < ids.length; i += 3, rank++) {
      const left = ids[i];
      const right = ids[i + 1];
      const mixed = (Math.imul(left, a) + Math.imul(right, b)) | 0;
      const hash = mixed ^ (mixed >>> 15);
      known[(hash >>> 5) & (known.length - 1)] |= 1 << hash;
      let slot = hash & mask;
      let found = pairs[2 * slot];
      while (found >= 0 && (found !== left || pairs[2 * slot + 1] !== right)) {
        slot = (slot + 1) & mask;
        found = pairs[2 * slot];
      }
      if (found < 0) size++;
      pairs[2 * slot] = left;
      pairs[2 * slot + 1] = right;
      ranks[slot] = rank;
      results[rank] = ids[i + 2];
    }
    this.#size = size;
    this.ranks = count;
  }

  /** The rank of the pair's rule, or `NO_RANK`. */
  rank(left: number, right: number): number {
    const hash = this.#hash(left, right);
    if (((this.#known[(hash >>> 5) & (this.#known.length - 1)] >>> hash) & 1) === 0) return NO_RANK;
    const slot = this.#locate(hash, left, right);
    return this.#pairs[2 * slot] < 0 ? NO_RANK : this.#ranks[slot];
  }

  /** The key of the pair's rule, or `NO_RANK`. Only where all ranks have keys. */
  key(left: number, right: number): number {
    const hash = this.#hash(left, right);
    if (((this.#known[(hash >>> 5) & (this.#known.length - 1)] >>> hash) & 1) === 0) return NO_RANK;
    const slot = this.#locate(hash, left, right);
    return this.#pairs[2 * slot] < 0 ? NO_RANK : this.#ranks[slot] << POSITION_BITS;
  }

  /** What the rule of that rank makes. */
  result(rank: number): number {
    return this.#results[rank];
  }

  #hash(left: number, right: number): number {
    const mixed = (Math.imul(left, this.#left) + Math.imul(right, this.#right)) | 0;
    return mixed ^ (mixed >>> 15);
  }

  /** The pair's slot, or the free one where it would be. */
  #locate(hash: number, left: number, right: number): number {
    const pairs = this.#pairs;
    const mask = this.#mask;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = pairs[2 * slot];
      if ((found === left && pairs[2 * slot + 1] === right) || found < 0) return slot;
    }
  }

  #grow(): void {
    const [pairs, ranks] = [this.#pairs, this.#ranks];
    this.#pairs = new Int32Array(pairs.length * 2).fill(-1);
    this.#ranks = new Int32Array(ranks.length * 2);
    this.#mask = this.#ranks.length - 1;
    this.#known = new Int32Array(ranks.length >> 1);
    for (let from = 0; from < ranks.length; from++) {
      if (pairs[2 * from] < 0) continue;
      const hash = this.#hash(pairs[2 * from], pairs[2 * from + 1]);
      this.#known[(hash >>> 5) & (this.#known.length - 1)] |= 1 << hash;
      const slot = this.#locate(hash, pairs[2 * from], pairs[2 * from + 1]);
      this.#pairs[2 * slot] = pairs[2 * from];
      this.#pairs[2 * slot + 1] = pairs[2 * from + 1];
      this.#ranks[slot] = ranks[from];
    }
  }
}
