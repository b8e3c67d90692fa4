/**
 * Numbers the pairs of ids it is given: 0, 1, … in the order of their first appearance. Open addressing over typed arrays;
 * callers keep what belongs to a pair in columns of their own.
 */
export class PairTable {
  #left: Int32Array;
  #right: Int32Array;
  /** Index + 1 by slot; 0 is free. */
  #slots: Int32Array;
  #size = 0;

  constructor(capacity = 1024) {
    this.#left = new Int32Array(capacity);
    this.#right = new Int32Array(capacity);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
  }

  get size(): number {
    return this.#size;
  }

  left(index: number): number {
    return this.#left[index];
  }

  right(index: number): number {
    return this.#right[index];
  }

  /** The pair's index, or -1. */
  find(left: number, right: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = this.#hash(left, right) & mask; ; slot = (slot + 1) & mask) {
      const index = slots[slot] - 1;
      if (index < 0) return -1;
      if (this.#left[index] === left && this.#right[index] === right) return index;
    }
  }

  /** The pair's index, a new one if it is new. */
  add(left: number, right: number): number {
    const known = this.find(left, right);
    if (known >= 0) return known;
    if (this.#size === this.#left.length) this.#grow();
    const index = this.#size++;
    this.#left[index] = left;
    this.#right[index] = right;
    this.#place(index);
    return index;
  }

  #hash(left: number, right: number): number {
    const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca77);
    return mixed ^ (mixed >>> 15);
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.#left[index], this.#right[index]) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + 1;
  }

  #grow(): void {
    const capacity = this.#left.length * 2;
    const left = new Int32Array(capacity);
    left.set(this.#left);
    this.#left = left;
    const right = new Int32Array(capacity);
    right.set(this.#right);
    this.#right = right;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#size; index++) this.#place(index);
  }
}
