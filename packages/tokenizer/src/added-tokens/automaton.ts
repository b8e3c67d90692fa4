/**
 * Aho and Corasick's automaton (1975) over reversed patterns: read from right to left, a text tells for every place the
 * longest pattern that begins there, in time linear in the text whatever the patterns are.
 */
export class ReversedAutomaton {
  readonly #next: Map<number, number>[] = [new Map()];
  /** Where to go on where there is no transition: the longest proper suffix that is a prefix of some reversed pattern. */
  readonly #fail: number[] = [0];
  /** Length of the longest pattern that ends (reversed) in a state; 0 for none. */
  readonly #longest: number[] = [0];

  constructor(patterns: Iterable<string>) {
    for (const pattern of patterns) this.#add(pattern);
    this.#link();
  }

  /** For every unit of `text` the length of the longest pattern that begins there, 0 for none. */
  longestAt(text: string): Int32Array {
    const lengths = new Int32Array(text.length);
    let state = 0;
    for (let i = text.length - 1; i >= 0; i--) {
      state = this.#step(state, text.charCodeAt(i));
      lengths[i] = this.#longest[state];
    }
    return lengths;
  }

  /** Every step down the failure links undoes a step deeper, of which there is one a unit. */
  #step(from: number, unit: number): number {
    for (let state = from; ; state = this.#fail[state]) {
      const next = this.#next[state].get(unit);
      if (next !== undefined) return next;
      if (state === 0) return 0;
    }
  }

  #add(pattern: string): void {
    let state = 0;
    for (let i = pattern.length - 1; i >= 0; i--) {
      const unit = pattern.charCodeAt(i);
      let next = this.#next[state].get(unit);
      if (next === undefined) {
        next = this.#next.length;
        this.#next.push(new Map());
        this.#fail.push(0);
        this.#longest.push(0);
        this.#next[state].set(unit, next);
      }
      state = next;
    }
    this.#longest[state] = pattern.length;
  }

  /** Failure links, breadth first, so that those of shorter states are there when they are needed. */
  #link(): void {
    const queue = [...this.#next[0].values()];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head];
      for (const [unit, child] of this.#next[state]) {
        this.#fail[child] = this.#step(this.#fail[state], unit);
        queue.push(child);
      }
      this.#longest[state] ||= this.#longest[this.#fail[state]];
    }
  }
}
