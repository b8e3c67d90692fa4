import { IntList } from '../text/int-list.js';
import { MinHeap } from './min-heap.js';

/** Words up to this many symbols are merged by looking over all ranks each time; longer ones use a heap. */
const SHORT = 32;
/** Integers of one entry: left, right, rank, result. */
const ENTRY = 4;
const RANK = 2;
const RESULT = 3;
const NONE = 0x7fffffff;

/** Symbols of one word: ids, and where each ends. Merging shortens both. */
export interface Symbols {
  readonly ids: IntList;
  readonly ends: IntList;
}

function odd(): number {
  return ((Math.random() * 0x100000000) | 1) >> 0;
}

/**
 * The merge rules: of all neighbouring pairs the one of lowest rank is merged first, leftmost of equals.
 * Pairs are found in an open-addressing hash table whose multipliers are drawn anew each time, so that no file and no text
 * can make it slow.
 */
export class BpeMerges {
  #entries: Int32Array;
  #mask: number;
  #size = 0;
  readonly #left = odd();
  readonly #right = odd();
  readonly #ranks = new Int32Array(SHORT);
  readonly #next = new IntList();
  readonly #previous = new IntList();
  readonly #heap = new MinHeap();

  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity) * 2));
    this.#entries = new Int32Array(slots * ENTRY).fill(-1);
    this.#mask = slots - 1;
  }

  /** A pair that is given again takes the new rank. */
  add(left: number, right: number, result: number, rank: number): void {
    if (this.#size * 2 > this.#mask) this.#grow();
    const at = this.#locate(left, right);
    const entries = this.#entries;
    if (entries[at] < 0) this.#size++;
    entries[at] = left;
    entries[at + 1] = right;
    entries[at + RANK] = rank;
    entries[at + RESULT] = result;
  }

  /** Adds merges that lie in `ids` as left, right, result, by rank. */
  addAll(ids: Int32Array): void {
    for (let i = 0, rank = 0; i < ids.length; i += 3, rank++) this.add(ids[i], ids[i + 1], ids[i + 2], rank);
  }

  apply(symbols: Symbols): void {
    if (symbols.ids.length < 2) return;
    if (symbols.ids.length <= SHORT) this.#applyShort(symbols);
    else this.#applyLong(symbols);
  }

  /** Start of the pair's entry, or of the free one where it would be. */
  #locate(left: number, right: number): number {
    const entries = this.#entries;
    const mask = this.#mask;
    const mixed = (Math.imul(left, this.#left) + Math.imul(right, this.#right)) | 0;
    for (let slot = (mixed ^ (mixed >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * ENTRY;
      if ((entries[at] === left && entries[at + 1] === right) || entries[at] < 0) return at;
    }
  }

  #rank(left: number, right: number): number {
    const at = this.#locate(left, right);
    return this.#entries[at] < 0 ? NONE : this.#entries[at + RANK];
  }

  #applyShort({ ids, ends }: Symbols): void {
    const ranks = this.#ranks;
    const symbols = ids.data;
    let n = ids.length;
    for (let i = 0; i + 1 < n; i++) ranks[i] = this.#rank(symbols[i], symbols[i + 1]);
    for (;;) {
      let best = 0;
      let least = NONE;
      for (let i = 0; i + 1 < n; i++) {
        if (ranks[i] < least) {
          least = ranks[i];
          best = i;
        }
      }
      if (least === NONE) break;
      symbols[best] = this.#entries[this.#locate(symbols[best], symbols[best + 1]) + RESULT];
      n--;
      for (let i = best + 1; i < n; i++) {
        symbols[i] = symbols[i + 1];
        ranks[i] = ranks[i + 1];
      }
      for (let i = best; i < n; i++) ends.data[i] = ends.data[i + 1];
      if (best > 0) ranks[best - 1] = this.#rank(symbols[best - 1], symbols[best]);
      if (best + 1 < n) ranks[best] = this.#rank(symbols[best], symbols[best + 1]);
    }
    ids.length = n;
    ends.length = n;
  }

  /** O(n log n): a linked list of symbols and a heap of (rank, position); entries that no longer hold are skipped. */
  #applyLong({ ids, ends }: Symbols): void {
    const n = ids.length;
    const next = room(this.#next, n);
    const previous = room(this.#previous, n);
    for (let i = 0; i < n; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    const heap = this.#heap;
    // Of equal ranks the lower position comes first.
    const offer = (at: number): void => {
      if (at < 0 || next[at] >= n) return;
      const rank = this.#rank(ids.data[at], ids.data[next[at]]);
      if (rank !== NONE) heap.push(rank * n + at);
    };
    for (let i = 0; i + 1 < n; i++) offer(i);
    while (heap.size > 0) {
      const key = heap.pop();
      const at = key % n;
      if (ids.data[at] < 0 || next[at] >= n) continue;
      const right = next[at];
      const entry = this.#locate(ids.data[at], ids.data[right]);
      if (this.#entries[entry] < 0 || this.#entries[entry + RANK] * n + at !== key) continue;
      ids.data[at] = this.#entries[entry + RESULT];
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

  #grow(): void {
    const old = this.#entries;
    this.#entries = new Int32Array(old.length * 2).fill(-1);
    this.#mask = this.#entries.length / ENTRY - 1;
    for (let from = 0; from < old.length; from += ENTRY) {
      if (old[from] < 0) continue;
      const at = this.#locate(old[from], old[from + 1]);
      for (let i = 0; i < ENTRY; i++) this.#entries[at + i] = old[from + i];
    }
  }
}

/** Memory for `n` integers, of any value. */
function room(list: IntList, n: number): Int32Array {
  list.length = 0;
  list.reserve(n);
  return list.data;
}
