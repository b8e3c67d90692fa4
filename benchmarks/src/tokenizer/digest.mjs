// What is compared of tokenizers: a digest of everything they found, as numbers that all sides' outputs are made of.
import { createHash } from 'node:crypto';

/**
 * The SHA-256 of lists of integers, each as its length and its numbers in 32 bits, as 32 floats; and how many numbers
 * there were, in two.
 */
export class Digest {
  #hash = createHash('sha256');
  #count = 0;

  /** @param {Iterable<number> & { length: number }} numbers */
  add(numbers) {
    this.#hash.update(Int32Array.of(numbers.length));
    this.#hash.update(numbers instanceof Int32Array ? numbers : Int32Array.from(numbers));
    this.#count += numbers.length;
  }

  addText(text) {
    this.#hash.update(text);
  }

  values() {
    return Float32Array.of(...this.#hash.digest(), this.#count >>> 16, this.#count & 0xffff);
  }
}
