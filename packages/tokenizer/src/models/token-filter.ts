import { byteCharacterCode } from '../text/byte-alphabet.js';
import { randomOdd } from './random-odd.js';
import type { Vocabulary } from './vocabulary.js';

/**
 * Tells words in the byte alphabet that are no tokens from those that may be, by a bit for the hash of every token: much
 * sooner than the vocabulary does.
 */
export class TokenFilter {
  readonly #bits: Int32Array;
  readonly #seed = randomOdd();
  readonly #multiplier = randomOdd();
  /** By byte: the unit that stands for it. */
  readonly #units = Uint16Array.from({ length: 256 }, (_, byte) => byteCharacterCode(byte));

  constructor(vocabulary: Vocabulary) {
    // Sixteen bits a token.
    this.#bits = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, vocabulary.size))) / 2);
    for (const [token] of vocabulary.entries()) {
      let hash = this.#seed;
      for (let i = 0; i < token.length; i++) hash = Math.imul(hash ^ token.charCodeAt(i), this.#multiplier);
      hash ^= hash >>> 15;
      this.#bits[(hash >>> 5) & (this.#bits.length - 1)] |= 1 << hash;
    }
  }

  /** Whether the word given as UTF-8 may be a token. */
  mayHave(bytes: Uint8Array, from: number, to: number): boolean {
    let hash = this.#seed;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ this.#units[bytes[i]], this.#multiplier);
    hash ^= hash >>> 15;
    return ((this.#bits[(hash >>> 5) & (this.#bits.length - 1)] >>> hash) & 1) !== 0;
  }
}
