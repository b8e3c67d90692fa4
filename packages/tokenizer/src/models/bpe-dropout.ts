import type { Symbols } from './bpe-merges.js';
import { MinHeap } from './min-heap.js';
import { PairTable } from './pair-table.js';

/** Numbers in [0, 1) that follow from the seed (SplitMix32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x100000000;
  };
}

/**
 * BPE-dropout (Provilkov et al. 2020): at every step each merge that could be made is left out with probability `rate`, and
 * the best of the others is made; it ends when all are left out.
 */
export class DropoutMerges {
  readonly #rate: number;
  readonly #pairs = new PairTable(1024);
  /** By pair. */
  readonly #ranks: number[] = [];
  /** By rank. */
  readonly #results: number[] = [];

  constructor(rate: number) {
    this.#rate = rate;
  }

  /** A pair that is given again takes the new rank. */
  add(left: number, right: number, result: number, rank: number): void {
    this.#ranks[this.#pairs.add(left, right)] = rank;
    this.#results[rank] = result;
  }

  apply({ ids, ends }: Symbols, random: () => number): void {
    const n = ids.length;
    const next = Int32Array.from({ length: n }, (_, i) => i + 1);
    const previous = Int32Array.from({ length: n }, (_, i) => i - 1);
    const heap = new MinHeap(n);
    const skipped: number[] = [];
    const rankAt = (at: number): number => {
      if (at < 0 || ids.data[at] < 0 || next[at] >= n) return -1;
      const pair = this.#pairs.find(ids.data[at], ids.data[next[at]]);
      return pair < 0 ? -1 : this.#ranks[pair];
    };
    const offer = (at: number): void => {
      const rank = rankAt(at);
      if (rank >= 0) heap.push(rank * n + at);
    };
    for (let i = 0; i + 1 < n; i++) offer(i);
    while (heap.size > 0) {
      const key = heap.pop();
      if (random() < this.#rate) {
        skipped.push(key);
        continue;
      }
      for (const other of skipped.splice(0)) heap.push(other);
      const at = key % n;
      const rank = rankAt(at);
      // The entry may be of a pair that is gone.
      if (rank < 0 || rank !== (key - at) / n) continue;
      const right = next[at];
      ids.data[at] = this.#results[rank];
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
