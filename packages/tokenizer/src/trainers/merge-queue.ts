import { IntList } from '../text/int-list.js';

/** One queued pair: its count when it was last looked at, and which of the listed occurrences belong to it. */
export interface Candidate {
  pair: number;
  /** Range of the list of occurrences. */
  from: number;
  to: number;
  count: number;
}

/** What decides between candidates. */
export interface PairIds {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/**
 * Candidates by descending count; of equals the one with the lower ids first. A heap over typed arrays. Counts are
 * compared as the Rust library does, where one below 0 has become a very large one.
 */
export class MergeQueue {
  readonly #pairs: PairIds;
  readonly #pair = new IntList(1 << 12);
  readonly #from = new IntList(1 << 12);
  readonly #to = new IntList(1 << 12);
  #counts: Float64Array = new Float64Array(1 << 12);
  /** Candidates in the order of a binary heap. */
  readonly #heap = new IntList(1 << 12);

  constructor(pairs: PairIds) {
    this.#pairs = pairs;
  }

  /** Queues a pair whose occurrences are `from` to `to` of the list. */
  add(pair: number, from: number, to: number, count: number): void {
    const candidate = this.#pair.length;
    this.#pair.push(pair);
    this.#from.push(from);
    this.#to.push(to);
    if (candidate === this.#counts.length) {
      const counts = new Float64Array(candidate * 2);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#counts[candidate] = count;
    this.#heap.push(candidate);
    this.#up(this.#heap.length - 1);
  }

  /**
   * Takes the best candidate out whose count is the present one of `counts`; the others that come before it are put back
   * in their places. Undefined where none is left.
   */
  pop(counts: Float64Array): Candidate | undefined {
    const heap = this.#heap;
    while (heap.length > 0) {
      const candidate = heap.data[0];
      const pair = this.#pair.data[candidate];
      const count = unsigned(counts[pair]);
      if (count !== this.#counts[candidate]) {
        this.#counts[candidate] = count;
        this.#down();
        continue;
      }
      heap.data[0] = heap.data[--heap.length];
      this.#down();
      return { pair, from: this.#from.data[candidate], to: this.#to.data[candidate], count };
    }
    return undefined;
  }

  #precedes(a: number, b: number): boolean {
    const difference = this.#counts[a] - this.#counts[b];
    if (difference !== 0) return difference > 0;
    const { left, right } = this.#pairs;
    const p = this.#pair.data[a];
    const q = this.#pair.data[b];
    if (left[p] !== left[q]) return left[p] < left[q];
    return right[p] !== right[q] ? right[p] < right[q] : a < b;
  }

  #up(at: number): void {
    const heap = this.#heap.data;
    const candidate = heap[at];
    let i = at;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#precedes(candidate, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = candidate;
  }

  /** Lets the first one sink to its place. */
  #down(): void {
    const { data: heap, length } = this.#heap;
    const candidate = heap[0];
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      if (child + 1 < length && this.#precedes(heap[child + 1], heap[child])) child++;
      if (!this.#precedes(heap[child], candidate)) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = candidate;
  }
}

/** The count as the unsigned number that the Rust library compares: what is below 0 comes after all others. */
function unsigned(count: number): number {
  return count < 0 ? 2 ** 52 + count : count;
}
