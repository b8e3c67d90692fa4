import { randomOdd } from './random-odd.js';
/** Tokens as they are read, one behind the other: the columns of a `TokenStore` to be. */
export class TokenColumns {
  /** UTF-8 of all tokens. */
  readonly pool: Uint8Array<ArrayBuffer>;
  /** Where each token begins in the pool; behind the last one, where that ends. */
  starts: Int32Array<ArrayBuffer>;
  hashes: Int32Array<ArrayBuffer>;
  ids: Int32Array<ArrayBuffer>;
  /** The hash of no bytes. */
  readonly seed: number;
  /** What a hash goes on with: `hash = Math.imul(hash ^ byte, multiplier)`. */
  readonly multiplier: number;

  /** `bytes`: most that all tokens have. `like`: where hashes are to be the same as others. `tokens`: room for so many. */
  constructor(
    bytes: number,
    like: { seed: number; multiplier: number } = { seed: randomOdd(), multiplier: randomOdd() },
    tokens = 1024 + (bytes >> 4),
  ) {
    this.pool = new Uint8Array(bytes);
    this.starts = new Int32Array(tokens + 1);
    this.hashes = new Int32Array(tokens);
    this.ids = new Int32Array(tokens);
    this.seed = like.seed;
    this.multiplier = like.multiplier;
  }

  /** Makes room for as many tokens again. */
  grow(): void {
    const tokens = 2 * this.hashes.length;
    this.starts = resized(this.starts, tokens + 1);
    this.hashes = resized(this.hashes, tokens);
    this.ids = resized(this.ids, tokens);
  }
}

/**
 * The tokens of a vocabulary as UTF-8 in one array, with their ids and a hash table over typed arrays: no string is made
 * until somebody asks for one.
 */
export class TokenStore {
  /** Number of tokens. */
  readonly size: number;
  /** The hash of no bytes. */
  readonly seed: number;
  readonly multiplier: number;
  readonly #pool: Uint8Array;
  readonly #starts: Int32Array;
  /** Id of each token; undefined where the first token has id 0, the next 1 and so on. */
  readonly #ids: Int32Array | undefined;
  /** Token + 1 by id, where ids are not in order. */
  readonly #byId: Int32Array | undefined;
  /** By slot: token + 1 in the low bits, bits of its hash in the others; 0 where free. */
  readonly #slots: Int32Array;
  readonly #tokenMask: number;
  /** By number of bytes: whether any token has so many. Made when it is first needed. */
  #lengths = new Uint8Array(0);
  /** Hashes of what `findLongest` looks at. */
  #prefixes = new Int32Array(0);
  /** A bit for the hash of every beginning of a token: `findLongest` looks no further than these go on. */
  #beginnings = new Int32Array(0);
  /** What `findLongest` found. */
  found = -1;

  private constructor({ pool, starts, ids, seed, multiplier }: TokenColumns, size: number) {
    this.size = size;
    this.seed = seed;
    this.multiplier = multiplier;
    this.#pool = pool.slice(0, starts[size]);
    this.#starts = starts.slice(0, size + 1);
    this.#ids = inOrder(ids, size) ? undefined : ids.slice(0, size);
    this.#byId = this.#ids === undefined ? undefined : numbered(this.#ids);
    const bits = Math.ceil(Math.log2(Math.max(16, size) * 2));
    this.#tokenMask = (1 << bits) - 1;
    this.#slots = new Int32Array(1 << bits);
  }

  /** Of the first `size` tokens; undefined where a token or an id is there twice, or ids are few and far between. */
  static of(columns: TokenColumns, size: number): TokenStore | undefined {
    const store = new TokenStore(columns, size);
    if (store.#ids !== undefined && store.#byId === undefined) return undefined;
    return store.#fill(columns.hashes) ? store : undefined;
  }

  /** Of a map of tokens to ids. Those with lone surrogates, which no text has, are left out. */
  static ofMap(ids: ReadonlyMap<string, number>): TokenStore {
    const columns = columnsOfLines(ids) ?? columnsOfTokens(ids);
    const size = columns.hashes.length;
    const store = new TokenStore(columns, size);
    store.#fill(columns.hashes);
    return store;
  }

  /** The id of the token with the bytes `from` to `to` and their hash, or -1. */
  find(hash: number, bytes: Uint8Array, from: number, to: number): number {
    const slots = this.#slots;
    const tokenMask = this.#tokenMask;
    const mask = slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot];
      if (entry === 0) return -1;
      if (((entry ^ hash) & ~tokenMask) !== 0) continue;
      const n = (entry & tokenMask) - 1;
      if (this.#equal(n, bytes, from, to)) return this.#ids === undefined ? n : this.#ids[n];
    }
  }

  /**
   * Finds the longest token that begins at `first` and ends behind `from` and not behind `to`. Returns where it ends, and
   * leaves its id in `found`; 0 where there is none.
   * @param hash that of the bytes `first` to `from`
   */
  findLongest(hash: number, bytes: Uint8Array, first: number, from: number, to: number): number {
    if (this.#lengths.length === 0) this.#measure();
    const lengths = this.#lengths;
    const prefixes = this.#prefixes;
    const last = Math.min(to, first + lengths.length - 1);
    const { multiplier } = this;
    const beginnings = this.#beginnings;
    let next = hash;
    let i = from;
    for (; i < last; i++) {
      next = Math.imul(next ^ bytes[i], multiplier);
      const bit = next ^ (next >>> 15);
      // No token begins so.
      if (((beginnings[(bit >>> 5) & (beginnings.length - 1)] >>> bit) & 1) === 0) break;
      prefixes[i - from] = next;
    }
    for (let end = i; end > from; end--) {
      if (lengths[end - first] === 0) continue;
      const id = this.find(prefixes[end - 1 - from], bytes, first, end);
      if (id < 0) continue;
      this.found = id;
      return end;
    }
    return 0;
  }

  /** Whether the token of this id has the bytes `from` to `to`. */
  is(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const n = this.#byId === undefined ? id : this.#byId[id] - 1;
    return n >= 0 && n < this.size && this.#equal(n, bytes, from, to);
  }

  hash(bytes: Uint8Array, from: number, to: number): number {
    return hashOf(this, bytes, from, to);
  }

  /** Bytes of the longest token. */
  get longest(): number {
    let longest = 0;
    for (let n = 0; n < this.size; n++) longest = Math.max(longest, this.#starts[n + 1] - this.#starts[n]);
    return longest;
  }

  id(token: string): number | undefined {
    // A lone surrogate would be written as U+FFFD.
    if (/\p{Surrogate}/u.test(token)) return undefined;
    const bytes = ENCODER.encode(token);
    const id = this.find(this.hash(bytes, 0, bytes.length), bytes, 0, bytes.length);
    return id < 0 ? undefined : id;
  }

  token(id: number): string | undefined {
    const n = this.#byId === undefined ? id : (this.#byId[id] ?? 0) - 1;
    return n >= 0 && n < this.size ? this.#text(n) : undefined;
  }

  /** Tokens and ids in the order in which they were added. */
  *entries(): IterableIterator<[string, number]> {
    for (let n = 0; n < this.size; n++) yield [this.#text(n), this.#ids?.[n] ?? n];
  }

  #measure(): void {
    const starts = this.#starts;
    let longest = 0;
    for (let n = 0; n < this.size; n++) longest = Math.max(longest, starts[n + 1] - starts[n]);
    this.#prefixes = new Int32Array(longest);
    const lengths = new Uint8Array(longest + 1);
    for (let n = 0; n < this.size; n++) lengths[starts[n + 1] - starts[n]] = 1;
    this.#lengths = lengths;
    this.#measureBeginnings();
  }

  #measureBeginnings(): void {
    const pool = this.#pool;
    const beginnings = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(32, pool.length))) / 8);
    for (let n = 0; n < this.size; n++) {
      let hash = this.seed;
      for (let i = this.#starts[n]; i < this.#starts[n + 1]; i++) {
        hash = Math.imul(hash ^ pool[i], this.multiplier);
        const bit = hash ^ (hash >>> 15);
        beginnings[(bit >>> 5) & (beginnings.length - 1)] |= 1 << bit;
      }
    }
    this.#beginnings = beginnings;
  }

  /** Puts all tokens into the table; false where one is there twice. */
  #fill(hashes: Int32Array): boolean {
    for (let from = 0; from < this.size; from += STEP) {
      if (!this.#put(hashes, from, Math.min(this.size, from + STEP))) return false;
    }
    return true;
  }

  #put(hashes: Int32Array, from: number, to: number): boolean {
    const slots = this.#slots;
    const tokenMask = this.#tokenMask;
    const starts = this.#starts;
    const mask = slots.length - 1;
    for (let n = from; n < to; n++) {
      const hash = hashes[n];
      let slot = (hash ^ (hash >>> 15)) & mask;
      for (let entry = slots[slot]; entry !== 0; entry = slots[slot]) {
        const same = ((entry ^ hash) & ~tokenMask) === 0;
        if (same && this.#equal((entry & tokenMask) - 1, this.#pool, starts[n], starts[n + 1])) return false;
        slot = (slot + 1) & mask;
      }
      slots[slot] = (hash & ~tokenMask) | (n + 1);
    }
    return true;
  }

  #text(n: number): string {
    const from = this.#starts[n];
    const to = this.#starts[n + 1];
    let text = '';
    for (let i = from; i < to; i++) {
      // Most tokens are short and ASCII, which a decoder takes long to begin with.
      if (this.#pool[i] >= 0x80 || to - from > 64) return DECODER.decode(this.#pool.subarray(from, to));
      text += String.fromCharCode(this.#pool[i]);
    }
    return text;
  }

  #equal(n: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[n];
    if (this.#starts[n + 1] - start !== to - from) return false;
    const pool = this.#pool;
    for (let i = from, k = start; i < to; i++, k++) if (pool[k] !== bytes[i]) return false;
    return true;
  }
}

const LINE_FEED = 0x0a;
/** Tokens put at once: what is compiled meanwhile is used from the next call on, sooner than within a loop. */
const STEP = 512;
const ENCODER = /* @__PURE__ */ new TextEncoder();
const DECODER = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** All tokens are written at once, a line each; undefined where one has line breaks or lone surrogates. */
function columnsOfLines(ids: ReadonlyMap<string, number>): TokenColumns | undefined {
  const lines = `${[...ids.keys()].join('\n')}\n`;
  if (/\p{Surrogate}/u.test(lines)) return undefined;
  const bytes = ENCODER.encode(lines);
  const columns = new TokenColumns(bytes.length, undefined, ids.size);
  const { pool, starts, hashes, seed, multiplier } = columns;
  let hash = seed;
  let end = 0;
  let n = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte !== LINE_FEED) {
      pool[end++] = byte;
      hash = Math.imul(hash ^ byte, multiplier);
      continue;
    }
    if (n === hashes.length) return undefined;
    hashes[n++] = hash;
    starts[n] = end;
    hash = seed;
  }
  columns.ids.set([...ids.values()]);
  return columns;
}

/** The same for one token after the other. */
function columnsOfTokens(ids: ReadonlyMap<string, number>): TokenColumns {
  const kept = [...ids].filter(([token]) => !/\p{Surrogate}/u.test(token));
  const most = kept.reduce((bytes, [token]) => bytes + 3 * token.length, 0);
  const columns = new TokenColumns(most, undefined, kept.length);
  const { pool, starts } = columns;
  kept.forEach(([token, id], n) => {
    const end = starts[n] + ENCODER.encodeInto(token, pool.subarray(starts[n])).written;
    columns.ids[n] = id;
    columns.hashes[n] = hashOf(columns, pool, starts[n], end);
    starts[n + 1] = end;
  });
  return columns;
}

function hashOf(
  { seed, multiplier }: { seed: number; multiplier: number },
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  let hash = seed;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], multiplier);
  return hash;
}

function inOrder(ids: Int32Array, size: number): boolean {
  for (let n = 0; n < size; n++) if (ids[n] !== n) return false;
  return true;
}

/** Token + 1 by id; undefined where an id is there twice, or ids are few and far between. */
function numbered(ids: Int32Array): Int32Array | undefined {
  let most = 0;
  for (let n = 0; n < ids.length; n++) most = Math.max(most, ids[n]);
  if (most > 4 * ids.length + 1024) return undefined;
  const byId = new Int32Array(most + 1);
  for (let n = 0; n < ids.length; n++) {
    if (byId[ids[n]] !== 0) return undefined;
    byId[ids[n]] = n + 1;
  }
  return byId;
}

function resized(list: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(list);
  return grown;
}
