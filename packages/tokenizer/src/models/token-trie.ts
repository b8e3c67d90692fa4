/** Integers of one entry: node, unit, child, id of the token that ends in the child (-1: none). */
const ENTRY = 4;
const CHILD = 2;
const ID = 3;

function odd(): number {
  return ((Math.random() * 0x100000000) | 1) >> 0;
}

/**
 * Tokens by their UTF-16 units, for finding the longest one that begins a text: one step a unit. The edges of the trie lie
 * in one open-addressing hash table, whose multipliers are drawn anew each time.
 */
export class TokenTrie {
  /** Where tokens begin. */
  static readonly ROOT = 1;
  #entries = new Int32Array(ENTRY << 10);
  #mask = (1 << 10) - 1;
  #nodes = TokenTrie.ROOT;
  readonly #a = odd();
  readonly #b = odd();
  /** Id and length of what `longest` found. */
  id = -1;
  length = 0;

  add(token: string, id: number): void {
    let node = TokenTrie.ROOT;
    let at = -1;
    for (let i = 0; i < token.length; i++) {
      // A table that is half full grows; node numbers start at 1, so that 0 marks what is free.
      if (this.#nodes * 2 > this.#mask) this.#grow();
      const unit = token.charCodeAt(i);
      at = this.#locate(node, unit);
      if (this.#entries[at] === 0) {
        this.#entries[at] = node;
        this.#entries[at + 1] = unit;
        this.#entries[at + CHILD] = ++this.#nodes;
        this.#entries[at + ID] = -1;
      }
      node = this.#entries[at + CHILD];
    }
    if (at >= 0) this.#entries[at + ID] = id;
  }

  /** The node that `text` leads to from the root; 0 where no token begins with it. */
  node(text: string): number {
    let node = TokenTrie.ROOT;
    for (let i = 0; i < text.length && node !== 0; i++) {
      node = this.#entries[this.#locate(node, text.charCodeAt(i)) + CHILD];
    }
    return node;
  }

  /**
   * Finds the longest token whose rest, from `node` on, begins the units `from` to `to`: leaves its id and the length of that
   * rest behind. False where there is none; an empty rest does not count.
   */
  longest(node: number, units: Uint16Array, from: number, to: number): boolean {
    const entries = this.#entries;
    this.id = -1;
    for (let i = from; i < to && node !== 0; i++) {
      const at = this.#locate(node, units[i]);
      node = entries[at + CHILD];
      if (node === 0 || entries[at + ID] < 0) continue;
      this.id = entries[at + ID];
      this.length = i + 1 - from;
    }
    return this.id >= 0;
  }

  /** Start of the edge's entry, or of the free one where it would be. */
  #locate(node: number, unit: number): number {
    const entries = this.#entries;
    const mixed = (Math.imul(node, this.#a) + Math.imul(unit, this.#b)) | 0;
    for (let slot = (mixed ^ (mixed >>> 15)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * ENTRY;
      if ((entries[at] === node && entries[at + 1] === unit) || entries[at] === 0) return at;
    }
  }

  #grow(): void {
    const old = this.#entries;
    this.#entries = new Int32Array(old.length * 4);
    this.#mask = this.#entries.length / ENTRY - 1;
    for (let from = 0; from < old.length; from += ENTRY) {
      if (old[from] === 0) continue;
      const at = this.#locate(old[from], old[from + 1]);
      for (let i = 0; i < ENTRY; i++) this.#entries[at + i] = old[from + i];
    }
  }
}
