import { type MergeTable, NO_RANK, POSITION_BITS } from './merge-table.js';

/** Up to so many symbols the next merge is looked for among all pairs, beyond that among the least of each block. */
const SHORT = 16;
const BLOCK_BITS = 3;
const BLOCK = 1 << BLOCK_BITS;
const POSITION = (1 << POSITION_BITS) - 1;

/**
 * Merges a few symbols, in arrays that stay in the cache. A symbol stays where it began, and knows where the next one
 * begins; what was merged into the one before it has no key any more.
 */
export class MergeWindow {
  /** The most symbols at once. */
  static readonly MOST = 1 << POSITION_BITS;
  readonly symbols = new Int32Array(MergeWindow.MOST);
  /** By symbol: the key of the pair that it begins, with its own position. */
  readonly keys = new Int32Array(MergeWindow.MOST);
  /** By symbol: where the next one begins, which is where it ends. */
  readonly next = new Int32Array(MergeWindow.MOST);
  readonly #previous = new Int32Array(MergeWindow.MOST);
  /** The least key of each block. */
  readonly #least = new Int32Array(MergeWindow.MOST >> BLOCK_BITS);
  readonly #table: MergeTable;

  constructor(table: MergeTable) {
    this.#table = table;
  }

  /** Looks up the keys of the first `n` symbols, and merges them. */
  merge(n: number): void {
    const { symbols, keys } = this;
    for (let i = 0; i + 1 < n; i++) keys[i] = this.#table.key(symbols[i], symbols[i + 1]) | i;
    this.mergeByKeys(n);
  }

  /** The same where `keys` is filled already. */
  mergeByKeys(n: number): void {
    const { next } = this;
    for (let i = 0; i < n; i++) {
      next[i] = i + 1;
      this.#previous[i] = i - 1;
    }
    this.keys[n - 1] = NO_RANK;
    if (n <= SHORT) this.#mergeShort(n);
    else this.#mergeBlocks(n);
  }

  #mergeShort(n: number): void {
    for (;;) {
      const key = least(this.keys, 0, n);
      if (key === NO_RANK) return;
      this.#join(key, n);
    }
  }

  #mergeBlocks(n: number): void {
    const blocks = ((n - 1) >> BLOCK_BITS) + 1;
    for (let i = n; i < blocks << BLOCK_BITS; i++) this.keys[i] = NO_RANK;
    for (let block = 0; block < blocks; block++) this.#refresh(block);
    for (;;) {
      const key = least(this.#least, 0, blocks);
      if (key === NO_RANK) return;
      const at = key & POSITION;
      const block = at >> BLOCK_BITS;
      const right = this.next[at] >> BLOCK_BITS;
      const before = Math.max(0, this.#previous[at]) >> BLOCK_BITS;
      this.#join(key, n);
      this.#refresh(block);
      if (before !== block) this.#refresh(before);
      if (right !== block) this.#refresh(right);
    }
  }

  #refresh(block: number): void {
    const from = block << BLOCK_BITS;
    this.#least[block] = least(this.keys, from, from + BLOCK);
  }

  /** Makes the merge that the key stands for. */
  #join(key: number, n: number): void {
    const { symbols, keys, next } = this;
    const table = this.#table;
    const at = key & POSITION;
    const symbol = table.result(key >> POSITION_BITS);
    const right = next[at];
    const after = next[right];
    const before = this.#previous[at];
    symbols[at] = symbol;
    next[at] = after;
    keys[right] = NO_RANK;
    if (after < n) {
      this.#previous[after] = at;
      keys[at] = table.key(symbol, symbols[after]) | at;
    } else {
      keys[at] = NO_RANK;
    }
    if (before >= 0) keys[before] = table.key(symbols[before], symbol) | before;
  }
}

/** The least of the keys from `from` to `to`, found without a branch that would be guessed wrongly. Keys are not negative. */
function least(keys: Int32Array, from: number, to: number): number {
  let found = NO_RANK;
  for (let i = from; i < to; i++) {
    const difference = (keys[i] - found) | 0;
    found = (found + (difference & (difference >> 31))) | 0;
  }
  return found;
}
