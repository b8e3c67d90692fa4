import type { SpeltWords } from './spelling.js';

/**
 * Words as chains of symbols that shrink by merging. A symbol stands at the place of its first character and covers a
 * number of places, which is kept at the first and the last of them, so that both neighbours are found at once.
 */
export class SymbolChain {
  /** The symbol that begins at a place; -1 where none begins. */
  readonly symbols: Int32Array;
  /** How many characters a symbol covers, at its first and last place. */
  readonly lengths: Int32Array;
  /** The word of every place. */
  readonly words: Int32Array;
  readonly starts: Int32Array;
  readonly counts: Float64Array;

  constructor({ symbols, starts, counts, size }: SpeltWords) {
    this.symbols = symbols;
    this.starts = starts;
    this.counts = counts;
    this.lengths = new Int32Array(symbols.length).fill(1);
    this.words = new Int32Array(symbols.length);
    for (let w = 0; w < size; w++) this.words.fill(w, starts[w], starts[w + 1]);
  }

  /** Where the symbol behind the one at `at` begins, or -1 at the end of the word. */
  next(at: number): number {
    const next = at + this.lengths[at];
    return next < this.starts[this.words[at] + 1] ? next : -1;
  }

  /** Where the symbol before the one at `at` begins, or -1 at the start of the word. */
  previous(at: number): number {
    return at > this.starts[this.words[at]] ? at - this.lengths[at - 1] : -1;
  }

  /** Makes one symbol of the one at `at` and the one at `next`. */
  join(at: number, next: number, merged: number): void {
    const length = this.lengths[at] + this.lengths[next];
    this.symbols[at] = merged;
    this.symbols[next] = -1;
    this.lengths[at] = length;
    this.lengths[at + length - 1] = length;
  }
}
