import type { IntList } from '../text/int-list.js';
import { MinHeap } from './min-heap.js';
import { PairTable } from './pair-table.js';

/** Words up to this many symbols are merged by looking over all pairs each time; longer ones use a heap. */
const SHORT = 24;

/** Symbols of one word: ids, and where each ends. Merging shortens both. */
export interface Symbols {
  readonly ids: IntList;
  readonly ends: IntList;
}

/** The merge rules: of all neighbouring pairs the one of lowest rank is merged first, leftmost of equals. */
export class BpeMerges {
  readonly #pairs: PairTable;
  /** By pair index. */
  readonly #ranks: number[] = [];
  readonly #results: number[] = [];

  constructor(capacity: number) {
    this.#pairs = new PairTable(Math.max(16, capacity));
  }

  /** A pair that is given again takes the new rank. */
  add(left: number, right: number, result: number, rank: number): void {
    const index = this.#pairs.add(left, right);
    this.#ranks[index] = rank;
    this.#results[index] = result;
  }

  apply(symbols: Symbols): void {
    if (symbols.ids.length < 2) return;
    if (symbols.ids.length <= SHORT) this.#applyShort(symbols);
    else this.#applyLong(symbols);
  }

  #applyShort({ ids, ends }: Symbols): void {
    for (;;) {
      let best = -1;
      let bestRank = Infinity;
      for (let i = 0; i + 1 < ids.length; i++) {
        const index = this.#pairs.find(ids.data[i], ids.data[i + 1]);
        if (index >= 0 && this.#ranks[index] < bestRank) {
          best = i;
          bestRank = this.#ranks[index];
        }
      }
      if (best < 0) return;
      ids.data[best] = this.#results[this.#pairs.find(ids.data[best], ids.data[best + 1])];
      ids.data.copyWithin(best + 1, best + 2, ids.length);
      ends.data.copyWithin(best, best + 1, ends.length);
      ids.length--;
      ends.length--;
    }
  }

  /** O(n log n): a linked list of symbols and a heap of (rank, position); entries that no longer hold are skipped. */
  #applyLong({ ids, ends }: Symbols): void {
    const n = ids.length;
    const next = Int32Array.from({ length: n }, (_, i) => i + 1);
    const previous = Int32Array.from({ length: n }, (_, i) => i - 1);
    const heap = new MinHeap(n);
    // Of equal ranks the lower position comes first.
    const offer = (at: number): void => {
      if (at < 0 || next[at] >= n) return;
      const index = this.#pairs.find(ids.data[at], ids.data[next[at]]);
      if (index >= 0) heap.push(this.#ranks[index] * n + at);
    };
    for (let i = 0; i + 1 < n; i++) offer(i);
    while (heap.size > 0) {
      const key = heap.pop();
      const at = key % n;
      if (ids.data[at] < 0 || next[at] >= n) continue;
      const right = next[at];
      const index = this.#pairs.find(ids.data[at], ids.data[right]);
      if (index < 0 || this.#ranks[index] * n + at !== key) continue;
      ids.data[at] = this.#results[index];
      ends.data[at] = ends.data[right];
      ids.data[right] = -1;
      next[at] = next[right];
      if (next[at] < n) previous[next[at]] = at;
      offer(previous[at]);
      offer(at);
    }
    let kept = 0;
    for (let i = 0; i < n; i = next[i]) {
      ids.data[kept] = ids.data[i];
      ends.data[kept++] = ends.data[i];
    }
    ids.length = kept;
    ends.length = kept;
  }
}
