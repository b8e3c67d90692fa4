/** Words as sequences of symbol ids, one behind the other in one array; merging shortens them in place. */
export class SymbolWords {
  readonly counts: Float64Array;
  readonly #symbols: Int32Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;

  constructor(words: readonly (readonly number[])[], counts: readonly number[]) {
    this.counts = Float64Array.from(counts);
    this.#symbols = new Int32Array(words.reduce((sum, word) => sum + word.length, 0));
    this.#starts = new Int32Array(words.length);
    this.#lengths = new Int32Array(words.length);
    let at = 0;
    words.forEach((word, w) => {
      this.#starts[w] = at;
      this.#lengths[w] = word.length;
      this.#symbols.set(word, at);
      at += word.length;
    });
  }

  get length(): number {
    return this.#starts.length;
  }

  /** Calls `visit` with every pair of neighbours in word `w`. */
  forPairs(w: number, visit: (left: number, right: number) => void): void {
    const start = this.#starts[w];
    const end = start + this.#lengths[w];
    for (let i = start; i + 1 < end; i++) visit(this.#symbols[i], this.#symbols[i + 1]);
  }

  /**
   * Replaces `left` `right` by `merged` throughout word `w`, from the left. `change` hears of the pairs of neighbours that
   * go (-1) and come (+1); the merged pair itself is not reported. Those that come must satisfy `allowed`, by the symbol
   * beside the merged one.
   */
  merge(
    w: number,
    rule: { left: number; right: number; merged: number; allowed: (neighbour: number) => boolean },
    change: (left: number, right: number, by: 1 | -1) => void,
  ): void {
    const { left, right, merged, allowed } = rule;
    const symbols = this.#symbols;
    const start = this.#starts[w];
    const end = start + this.#lengths[w];
    let write = start;
    for (let read = start; read < end; ) {
      if (symbols[read] !== left || read + 1 >= end || symbols[read + 1] !== right) {
        symbols[write++] = symbols[read++];
        continue;
      }
      if (write > start) {
        const before = symbols[write - 1];
        change(before, left, -1);
        if (allowed(before)) change(before, merged, 1);
      }
      symbols[write++] = merged;
      read += 2;
      if (read < end) {
        const after = symbols[read];
        change(right, after, -1);
        if (allowed(after)) change(merged, after, 1);
      }
    }
    this.#lengths[w] = write - start;
  }
}
