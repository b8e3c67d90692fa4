import type { TokenSink } from './model.js';
import type { TokenStore } from './token-store.js';

/** Divides words into the tokens of WordPiece, looking the longest beginnings up in the vocabulary as it is. */
export class PieceFinder {
  readonly #tokens: TokenStore;
  /** What tokens inside a word begin with. */
  readonly #prefix: Uint8Array;
  readonly #prefixHash: number;
  /** A word as UTF-8, with room for the prefix before it. */
  #bytes = new Uint8Array(256);
  /** By byte of it: how many units come before. */
  #units = new Int32Array(256);

  constructor(tokens: TokenStore, prefix: string) {
    this.#tokens = tokens;
    this.#prefix = new TextEncoder().encode(prefix);
    this.#prefixHash = tokens.hash(this.#prefix, 0, this.#prefix.length);
  }

  /** Appends the tokens of the word (the first `length` units); false where some rest begins no token. */
  match(units: Uint16Array, length: number, sink: TokenSink): boolean {
    const tokens = this.#tokens;
    const before = this.#prefix.length;
    const to = this.#write(units, length);
    const bytes = this.#bytes;
    const places = this.#units;
    let hash = tokens.seed;
    for (let from = before, first = before; from < to; ) {
      const end = tokens.findLongest(hash, bytes, first, from, to);
      if (end === 0) return false;
      sink.push(tokens.found, places[from], places[end]);
      // Before the rest the prefix takes the place of what has been matched.
      first = end - before;
      for (let i = 0; i < before; i++) bytes[first + i] = this.#prefix[i];
      hash = this.#prefixHash;
      from = end;
    }
    return true;
  }

  /** Writes the word behind the room for the prefix, as UTF-8. Returns where it ends. */
  #write(units: Uint16Array, length: number): number {
    const most = this.#prefix.length + 3 * length + 1;
    if (this.#bytes.length < most) {
      this.#bytes = new Uint8Array(2 * most);
      this.#units = new Int32Array(2 * most);
    }
    const bytes = this.#bytes;
    const places = this.#units;
    let at = this.#prefix.length;
    for (let i = 0; i < length; ) {
      const unit = units[i];
      const start = at;
      let width = 1;
      if (unit < 0x80) {
        bytes[at++] = unit;
      } else if (unit < 0x800) {
        bytes[at++] = 0xc0 | (unit >> 6);
        bytes[at++] = 0x80 | (unit & 0x3f);
      } else if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < length) {
        const code = 0x10000 + ((unit - 0xd800) << 10) + (units[i + 1] - 0xdc00);
        width = 2;
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        bytes[at++] = 0xe0 | (unit >> 12);
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
        bytes[at++] = 0x80 | (unit & 0x3f);
      }
      // Tokens are whole characters: only where these begin it is asked.
      places[start] = i;
      i += width;
    }
    places[at] = length;
    return at;
  }
}
