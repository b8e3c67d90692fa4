import { IntList } from '../text/int-list.js';

/** Words as sequences of symbol ids, one behind the other in one array; merging shortens them in place. */
export class SymbolWords {
  #counts = new Float64Array(0);
  readonly #symbols = new IntList();
  readonly #starts = new IntList();
  readonly #lengths = new IntList();

  get length(): number {
    return this.#starts.length;
  }

  /** Makes room for `words` words. Call first. */
  reserve(words: number): void {
    this.#counts = new Float64Array(words);
    this.#starts.reserve(words);
    this.#lengths.reserve(words);
  }

  /** Begins a word that occurs `count` times; `push` gives its symbols. */
  begin(count: number): void {
    this.#counts[this.length] = count;
    this.#starts.push(this.#symbols.length);
    this.#lengths.push(0);
  }

  push(symbol: number): void {
    this.#symbols.push(symbol);
    this.#lengths.data[this.#lengths.length - 1]++;
  }

  count(w: number): number {
    return this.#counts[w];
  }

  /** Calls `visit` with every pair of neighbours in word `w`. */
  forPairs(w: number, visit: (left: number, right: number) => void): void {
    const start = this.#starts.data[w];
    const end = start + this.#lengths.data[w];
    const symbols = this.#symbols.data;
    for (let i = start; i + 1 < end; i++) visit(symbols[i], symbols[i + 1]);
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
    const symbols = this.#symbols.data;
    const start = this.#starts.data[w];
    const end = start + this.#lengths.data[w];
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
    this.#lengths.data[w] = write - start;
  }
}
