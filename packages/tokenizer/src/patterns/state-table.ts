/** Places that are looked at for a state before it is made anew. Two states with the same outcomes do no harm. */
const MAX_PROBES = 64;

/** Sets of outcomes by number, with room for what is known about each, in flat arrays. */
export class StateTable {
  /** How many outcomes a state has. */
  readonly size: number;
  /** Bytes from the outcomes of one state to those of the next. */
  readonly stride: number;
  /** Transitions of each state; 0 where they are kept elsewhere. */
  readonly symbols: number;
  /** How many are made at most. */
  readonly most: number;
  /** Outcomes that are about to become a state. */
  readonly scratch: Uint8Array;
  readonly #scratchWords: Int32Array;
  count = 0;
  #capacity = 0;
  /** Outcomes, state after state. */
  outcomes = new Uint8Array(0);
  #words = new Int32Array(0);
  /** By state and symbol: the state before, plus 1; 0 where not yet known. */
  transitions = new Uint16Array(0);
  /** By state and state of the program: where a walk goes on (see `Automaton.step`); 0 where not yet known. */
  walks = new Uint16Array(0);
  #hashes = new Int32Array(0);
  /** Open addressing: a state, plus 1. */
  #slots = new Int32Array(0);

  /** `most`: states that will be made at most until all are forgotten; below 2 ** 16. */
  constructor(size: number, symbols: number, most: number) {
    this.size = size;
    this.stride = (size + 3) & ~3;
    this.symbols = symbols;
    this.most = most;
    this.scratch = new Uint8Array(this.stride);
    this.#scratchWords = new Int32Array(this.scratch.buffer);
  }

  clear(): void {
    this.transitions.fill(0, 0, this.count * this.symbols);
    this.walks.fill(0, 0, this.count * this.size);
    this.#slots.fill(0);
    this.count = 0;
  }

  /** The state with the outcomes in `scratch`. */
  intern(): number {
    if (this.count === this.#capacity) this.#grow();
    const hash = hashOf(this.#scratchWords);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let probes = 1; this.#slots[slot] !== 0; probes++) {
      const id = this.#slots[slot] - 1;
      if (this.#hashes[id] === hash && this.#equals(id)) return id;
      if (probes === MAX_PROBES) break;
      slot = (slot + 1) & mask;
    }
    const made = this.count++;
    this.outcomes.set(this.scratch, made * this.stride);
    this.#hashes[made] = hash;
    this.#slots[slot] = made + 1;
    return made;
  }

  #equals(id: number): boolean {
    const words = this.#scratchWords;
    const base = id * words.length;
    for (let i = 0; i < words.length; i++) if (this.#words[base + i] !== words[i]) return false;
    return true;
  }

  #grow(): void {
    if (this.#capacity >= this.most) throw new Error('more states than there is room for');
    const capacity = Math.min(this.most, Math.max(16, 4 * this.#capacity));
    this.#capacity = capacity;
    const { outcomes, transitions, walks } = this;
    this.outcomes = new Uint8Array(capacity * this.stride);
    this.outcomes.set(outcomes);
    this.#words = new Int32Array(this.outcomes.buffer);
    this.transitions = new Uint16Array(capacity * this.symbols);
    this.transitions.set(transitions);
    this.walks = new Uint16Array(capacity * this.size);
    this.walks.set(walks);
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      let slot = hashes[id] & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id + 1;
    }
  }
}

function hashOf(words: Int32Array): number {
  let hash = 0x2545f491;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words[i], 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash;
}
