import { randomOdd } from './random-odd.js';
/**
 * Strings by their UTF-16 units, for all prefixes of a text at once. Node 0 is the root; the edges are one open-addressing
 * hash table.
 */
export class UnitTrie {
  #parents = new Int32Array(1024);
  #units = new Uint16Array(1024);
  #values = new Int32Array(1024).fill(-1);
  /** Node by slot; 0, the root, has no parent and stands for a free slot. */
  #slots = new Int32Array(4096);
  #size = 1;
  readonly #parentFactor = randomOdd();
  readonly #unitFactor = randomOdd();

  /** A string that is added again takes the new value (not negative). The empty string is never found. */
  add(text: string, value: number): void {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const child = this.child(node, unit);
      node = child > 0 ? child : this.#append(node, unit);
    }
    this.#values[node] = value;
  }

  /** The node below `node` by `unit`, or 0. */
  child(node: number, unit: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = this.#hash(node, unit) & mask; ; slot = (slot + 1) & mask) {
      const found = slots[slot];
      if (found === 0 || (this.#parents[found] === node && this.#units[found] === unit)) return found;
    }
  }

  /** The value of the string that ends at `node`, or -1. */
  value(node: number): number {
    return this.#values[node];
  }

  #hash(node: number, unit: number): number {
    const mixed = Math.imul(node, this.#parentFactor) ^ Math.imul(unit, this.#unitFactor);
    return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 8;
  }

  #append(parent: number, unit: number): number {
    if (this.#size === this.#parents.length) this.#grow();
    const node = this.#size++;
    this.#parents[node] = parent;
    this.#units[node] = unit;
    this.#values[node] = -1;
    this.#place(node);
    return node;
  }

  #place(node: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.#parents[node], this.#units[node]) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = node;
  }

  #grow(): void {
    const capacity = this.#parents.length * 2;
    const [parents, units, values] = [new Int32Array(capacity), new Uint16Array(capacity), new Int32Array(capacity)];
    parents.set(this.#parents);
    units.set(this.#units);
    values.set(this.#values);
    this.#parents = parents;
    this.#units = units;
    this.#values = values;
    this.#slots = new Int32Array(capacity * 4);
    for (let node = 1; node < this.#size; node++) this.#place(node);
  }
}
