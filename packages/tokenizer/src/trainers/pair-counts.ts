/**
 * Counts of pairs of symbols. Pairs are numbered in the order of their first appearance; open addressing over typed
 * arrays, with the columns that training keeps for each.
 */
export class PairCounts {
  left: Int32Array = new Int32Array(1 << 16);
  right: Int32Array = new Int32Array(1 << 16);
  /** May sink below 0, as in the Rust library, where merges that are too long are not counted. */
  counts: Float64Array = new Float64Array(1 << 16);
  /** Occurrences found since the pair was last queued. */
  fresh: Int32Array = new Int32Array(1 << 16);
  /** 1 where the pair's occurrences are not all in one queued list. */
  scattered: Uint8Array = new Uint8Array(1 << 16);
  /** 1 where the pair was queued before. */
  queued: Uint8Array = new Uint8Array(1 << 16);
  /** Index + 1 by slot; 0 is free. At most half of the slots are taken. */
  #slots: Int32Array = new Int32Array(1 << 17);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The pair's index, a new one if it is new. */
  index(left: number, right: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(left, right) & mask;
    for (;;) {
      const index = slots[slot] - 1;
      if (index < 0) break;
      if (this.left[index] === left && this.right[index] === right) return index;
      slot = (slot + 1) & mask;
    }
    if (this.#size === this.left.length) {
      this.#grow();
      return this.#insert(left, right);
    }
    const index = this.#size++;
    slots[slot] = index + 1;
    this.left[index] = left;
    this.right[index] = right;
    return index;
  }

  #insert(left: number, right: number): number {
    const index = this.#size++;
    this.left[index] = left;
    this.right[index] = right;
    this.#place(index);
    return index;
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash(this.left[index], this.right[index]) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + 1;
  }

  #grow(): void {
    const capacity = this.left.length * 2;
    this.left = grown(this.left, new Int32Array(capacity));
    this.right = grown(this.right, new Int32Array(capacity));
    this.counts = grown(this.counts, new Float64Array(capacity));
    this.fresh = grown(this.fresh, new Int32Array(capacity));
    this.scattered = grown(this.scattered, new Uint8Array(capacity));
    this.queued = grown(this.queued, new Uint8Array(capacity));
    this.#slots = new Int32Array(capacity * 2);
    for (let index = 0; index < this.#size; index++) this.#place(index);
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

function hash(left: number, right: number): number {
  const mixed = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca77);
  return mixed ^ (mixed >>> 15);
}
