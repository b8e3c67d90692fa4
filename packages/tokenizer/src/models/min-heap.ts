/** Binary heap of numbers, least first. */
export class MinHeap {
  #keys: Float64Array;
  #size = 0;

  constructor(capacity = 64) {
    this.#keys = new Float64Array(Math.max(1, capacity));
  }

  get size(): number {
    return this.#size;
  }

  push(key: number): void {
    if (this.#size === this.#keys.length) {
      const grown = new Float64Array(this.#keys.length * 2);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    const keys = this.#keys;
    let i = this.#size++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[i] = keys[parent];
      i = parent;
    }
    keys[i] = key;
  }

  /** Undefined behaviour where the heap is empty: check `size` first. */
  pop(): number {
    const keys = this.#keys;
    const least = keys[0];
    const last = keys[--this.#size];
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= last) break;
      keys[i] = keys[child];
      i = child;
    }
    keys[i] = last;
    return least;
  }
}
