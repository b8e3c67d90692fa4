import { IntList } from '../text/int-list.js';
import type { Symbols } from './bpe-merges.js';
import { type MergeTable, NO_RANK } from './merge-table.js';
import { MinHeap } from './min-heap.js';

/**
 * Merges words of any length by any table in O(n log n): a linked list of symbols and a heap of (rank, position), of which
 * entries that no longer hold are skipped.
 */
export class HeapMerges {
  readonly #table: MergeTable;
  readonly #next = new IntList();
  readonly #previous = new IntList();
  readonly #heap = new MinHeap();

  constructor(table: MergeTable) {
    this.#table = table;
  }

  merge({ ids, ends }: Symbols): void {
    const n = ids.length;
    const symbols = ids.data;
    const next = room(this.#next, n);
    const previous = room(this.#previous, n);
    for (let i = 0; i < n; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    const heap = this.#heap;
    const table = this.#table;
    for (let i = 0; i + 1 < n; i++) this.#offer(symbols, i, n);
    while (heap.size > 0) {
      const key = heap.pop();
      const at = key % n;
      if (symbols[at] < 0 || next[at] >= n) continue;
      const right = next[at];
      const rank = table.rank(symbols[at], symbols[right]);
      if (rank === NO_RANK || rank * n + at !== key) continue;
      symbols[at] = table.result(rank);
      ends.data[at] = ends.data[right];
      symbols[right] = -1;
      next[at] = next[right];
      if (next[at] < n) previous[next[at]] = at;
      if (previous[at] >= 0) this.#offer(symbols, previous[at], n);
      this.#offer(symbols, at, n);
    }
    let kept = 0;
    for (let i = 0; i < n; i = next[i]) {
      symbols[kept] = symbols[i];
      ends.data[kept++] = ends.data[i];
    }
    ids.length = kept;
    ends.length = kept;
  }

  /** Puts the pair that begins at `at` on the heap. Of equal ranks the lower position comes first. */
  #offer(symbols: Int32Array, at: number, n: number): void {
    const right = this.#next.data[at];
    if (right >= n) return;
    const rank = this.#table.rank(symbols[at], symbols[right]);
    if (rank !== NO_RANK) this.#heap.push(rank * n + at);
  }
}

/** Memory for `n` integers, of any value. */
function room(list: IntList, n: number): Int32Array {
  list.length = 0;
  list.reserve(n);
  return list.data;
}
