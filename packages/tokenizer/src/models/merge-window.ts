import { type MergeTable, NO_RANK } from './merge-table.js';

/** Up to so many symbols the next merge is looked for among all pairs, beyond that among the least of each block. */
const SHORT = 32;
const BLOCK_BITS = 3;
const BLOCK = 1 << BLOCK_BITS;

/**
 * Merges a few symbols, in arrays that stay in the cache. A symbol stays where it began, and knows where the next one
 * begins; what was merged into the one before it has no rank any more.
 */
export class MergeWindow {
  /** The most symbols at once. */
  static readonly MOST = 512;
  readonly symbols = new Int32Array(MergeWindow.MOST);
  /** By symbol: the rank of the pair that it begins. */
  readonly ranks = new Int32Array(MergeWindow.MOST);
  /** By symbol: where the next one begins, which is where it ends. */
  readonly next = new Int32Array(MergeWindow.MOST);
  readonly #previous = new Int32Array(MergeWindow.MOST);
  /** The least rank of each block. */
  readonly #least = new Int32Array(MergeWindow.MOST >> BLOCK_BITS);
  readonly #table: MergeTable;

  constructor(table: MergeTable) {
    this.#table = table;
  }

  /** Looks up the ranks of the first `n` symbols, and merges them. */
  merge(n: number): void {
    const { symbols, ranks } = this;
    for (let i = 0; i + 1 < n; i++) ranks[i] = this.#table.rank(symbols[i], symbols[i + 1]);
    this.mergeRanked(n);
  }

  /** The same where `ranks` is filled already. */
  mergeRanked(n: number): void {
    const { next, ranks } = this;
    for (let i = 0; i < n; i++) {
      next[i] = i + 1;
      this.#previous[i] = i - 1;
    }
    ranks[n - 1] = NO_RANK;
    if (n <= SHORT) this.#mergeShort(n);
    else this.#mergeBlocks(n);
  }

  #mergeShort(n: number): void {
    const { ranks } = this;
    for (;;) {
      let best = 0;
      let least = NO_RANK;
      for (let i = 0; i + 1 < n; i++) {
        if (ranks[i] < least) {
          least = ranks[i];
          best = i;
        }
      }
      if (least === NO_RANK) return;
      this.#join(best, n);
    }
  }

  #mergeBlocks(n: number): void {
    const { ranks } = this;
    const least = this.#least;
    const blocks = ((n - 1) >> BLOCK_BITS) + 1;
    for (let i = n; i < blocks << BLOCK_BITS; i++) ranks[i] = NO_RANK;
    for (let block = 0; block < blocks; block++) this.#refresh(block);
    for (;;) {
      let first = 0;
      let rank = NO_RANK;
      for (let block = 0; block < blocks; block++) {
        if (least[block] < rank) {
          rank = least[block];
          first = block;
        }
      }
      if (rank === NO_RANK) return;
      let at = first << BLOCK_BITS;
      while (ranks[at] !== rank) at++;
      const right = this.next[at];
      this.#join(at, n);
      const before = Math.max(0, this.#previous[at]) >> BLOCK_BITS;
      this.#refresh(first);
      if (before !== first) this.#refresh(before);
      if (right >> BLOCK_BITS !== first) this.#refresh(right >> BLOCK_BITS);
    }
  }

  #refresh(block: number): void {
    const { ranks } = this;
    let rank = NO_RANK;
    const from = block << BLOCK_BITS;
    for (let i = from; i < from + BLOCK; i++) if (ranks[i] < rank) rank = ranks[i];
    this.#least[block] = rank;
  }

  /** Makes the merge of the symbol at `at` with the next one. */
  #join(at: number, n: number): void {
    const { symbols, ranks, next } = this;
    const table = this.#table;
    const symbol = table.result(ranks[at]);
    const right = next[at];
    const after = next[right];
    const before = this.#previous[at];
    symbols[at] = symbol;
    next[at] = after;
    ranks[right] = NO_RANK;
    if (after < n) {
      this.#previous[after] = at;
      ranks[at] = table.rank(symbol, symbols[after]);
    } else {
      ranks[at] = NO_RANK;
    }
    if (before >= 0) ranks[before] = table.rank(symbols[before], symbol);
  }
}
