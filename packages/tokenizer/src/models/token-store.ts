function odd(): number {
  return ((Math.random() * 0x100000000) | 1) >> 0;
}

/**
 * The tokens of a vocabulary as UTF-8 in one array, with their ids and a hash table over typed arrays: no string is made
 * until somebody asks for one. `build` makes the table once all are added.
 */
export class TokenStore {
  /** Number of tokens. */
  size = 0;
  #pool: Uint8Array;
  #used = 0;
  /** Where each token ends in the pool. */
  #ends = new Int32Array(1024);
  #hashes = new Int32Array(1024);
  #ids = new Int32Array(1024);
  /** Token + 1 by slot, 0 where free. */
  #slots = new Int32Array(0);
  /** Token + 1 by id. */
  #byId = new Int32Array(0);
  readonly #multiplier = odd();
  readonly #seed = odd();

  /** `capacity`: most bytes that will be put. */
  constructor(capacity: number) {
    this.#pool = new Uint8Array(capacity);
  }

  /** The hash of no bytes. */
  get seed(): number {
    return this.#seed;
  }

  /** What a hash goes on with: `hash = Math.imul(hash ^ byte, multiplier)`. */
  get multiplier(): number {
    return this.#multiplier;
  }

  get pool(): Uint8Array {
    return this.#pool;
  }

  /** Where the next token begins in the pool. */
  get used(): number {
    return this.#used;
  }

  /** Adds the token whose bytes were written into the pool from `used` to `end`. */
  add(end: number, hash: number, id: number): void {
    const n = this.size++;
    if (n === this.#ids.length) {
      this.#ends = doubled(this.#ends);
      this.#hashes = doubled(this.#hashes);
      this.#ids = doubled(this.#ids);
    }
    this.#ends[n] = end;
    this.#hashes[n] = hash;
    this.#ids[n] = id;
    this.#used = end;
  }

  /** Makes the tables. False where a token or an id is there twice, or ids are few and far between. */
  build(): boolean {
    this.#pool = this.#pool.slice(0, this.#used);
    const bits = Math.ceil(Math.log2(Math.max(16, this.size) * 2));
    this.#slots = new Int32Array(1 << bits);
    let most = 0;
    for (let n = 0; n < this.size; n++) most = Math.max(most, this.#ids[n]);
    if (most > 4 * this.size + 1024) return false;
    this.#byId = new Int32Array(most + 1);
    for (let n = 0; n < this.size; n++) {
      const slot = this.#locate(this.#hashes[n], this.#pool, this.#start(n), this.#ends[n]);
      if (this.#slots[slot] !== 0 || this.#byId[this.#ids[n]] !== 0) return false;
      this.#slots[slot] = n + 1;
      this.#byId[this.#ids[n]] = n + 1;
    }
    return true;
  }

  /** The id of the token with the bytes `from` to `to` and their hash, or -1. */
  find(hash: number, bytes: Uint8Array, from: number, to: number): number {
    const n = this.#slots[this.#locate(hash, bytes, from, to)] - 1;
    return n < 0 ? -1 : this.#ids[n];
  }

  /** Whether the token of this id has the bytes `from` to `to`. */
  is(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const n = id >= 0 && id < this.#byId.length ? this.#byId[id] - 1 : -1;
    return n >= 0 && this.#equal(n, bytes, from, to);
  }

  hash(bytes: Uint8Array, from: number, to: number): number {
    let hash = this.#seed;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], this.#multiplier);
    return hash;
  }

  id(token: string): number | undefined {
    // A lone surrogate would be written as U+FFFD.
    if (/\p{Surrogate}/u.test(token)) return undefined;
    const bytes = new TextEncoder().encode(token);
    const id = this.find(this.hash(bytes, 0, bytes.length), bytes, 0, bytes.length);
    return id < 0 ? undefined : id;
  }

  token(id: number): string | undefined {
    const n = (this.#byId[id] ?? 0) - 1;
    return n < 0 ? undefined : this.#text(n);
  }

  /** Tokens and ids in the order in which they were added. */
  *entries(): IterableIterator<[string, number]> {
    for (let n = 0; n < this.size; n++) yield [this.#text(n), this.#ids[n]];
  }

  #start(n: number): number {
    return n === 0 ? 0 : this.#ends[n - 1];
  }

  #text(n: number): string {
    const from = this.#start(n);
    const to = this.#ends[n];
    let text = '';
    for (let i = from; i < to; i++) {
      // Most tokens are short and ASCII, which a decoder takes long to begin with.
      if (this.#pool[i] >= 0x80 || to - from > 64) return DECODER.decode(this.#pool.subarray(from, to));
      text += String.fromCharCode(this.#pool[i]);
    }
    return text;
  }

  /** The slot of the token with these bytes, or the free one where it would be. */
  #locate(hash: number, bytes: Uint8Array, from: number, to: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const n = slots[slot] - 1;
      if (n < 0) return slot;
      if (this.#hashes[n] === hash && this.#equal(n, bytes, from, to)) return slot;
    }
  }

  #equal(n: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#start(n);
    if (this.#ends[n] - start !== to - from) return false;
    const pool = this.#pool;
    for (let i = from, k = start; i < to; i++, k++) if (pool[k] !== bytes[i]) return false;
    return true;
  }
}

const DECODER = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** The same values, with as much room again. */
export function doubled(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(list.length * 2);
  grown.set(list);
  return grown;
}
