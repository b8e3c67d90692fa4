import { isObject, type Json, type JsonObject, malformed } from '../json/fields.js';
import { TokenStore } from './token-store.js';

/** Tokens and their ids, both ways. Ids may have holes. */
export class Vocabulary {
  /** What was read without making strings; gone once the map was asked for. */
  #store: TokenStore | undefined;
  #ids: Map<string, number>;
  readonly #tokens: (string | undefined)[] = [];
  /** How many pieces were listed, where they were; one that was listed twice counts twice. */
  #listed = 0;

  /** @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where an id is not a non-negative integer or is used twice. */
  constructor(ids: Map<string, number>, where = 'vocabulary') {
    this.#ids = ids;
    for (const [token, id] of ids) {
      if (!Number.isSafeInteger(id) || id < 0 || id > 0x7fffffff) {
        throw malformed(where, `the id of "${token}" is ${id}, not a non-negative 32-bit integer`);
      }
      const other = this.#tokens[id];
      if (other !== undefined) throw malformed(where, `"${other}" and "${token}" share the id ${id}`);
      this.#tokens[id] = token;
    }
  }

  /** From tokenizer.json's object of ids. */
  static read(json: Json | undefined, where: string): Vocabulary {
    if ((json as unknown) instanceof TokenStore) {
      const vocabulary = new Vocabulary(new Map());
      vocabulary.#store = json as unknown as TokenStore;
      return vocabulary;
    }
    if (!isObject(json)) throw malformed(where, 'expected an object of token ids');
    return new Vocabulary(new Map(Object.entries(json) as [string, number][]), where);
  }

  /** From tokens in the order of their ids. A token that is listed twice has its last id; the others still name it. */
  static ofPieces(pieces: readonly string[]): Vocabulary {
    const vocabulary = new Vocabulary(new Map());
    vocabulary.#listed = pieces.length;
    pieces.forEach((piece, id) => {
      vocabulary.ids.set(piece, id);
      vocabulary.#tokens.push(piece);
    });
    return vocabulary;
  }

  /** All tokens. Asking for it makes a string of each: `id` and `token` do without. */
  get ids(): Map<string, number> {
    this.#makeStrings();
    return this.#ids;
  }

  get size(): number {
    return this.#store?.size ?? Math.max(this.#ids.size, this.#listed);
  }

  /** No token has more UTF-16 units. */
  get longest(): number {
    if (this.#store !== undefined) return this.#store.longest;
    let longest = 0;
    for (const token of this.#ids.keys()) longest = Math.max(longest, token.length);
    return longest;
  }

  id(token: string): number | undefined {
    return this.#store === undefined ? this.#ids.get(token) : this.#store.id(token);
  }

  token(id: number): string | undefined {
    return this.#store === undefined ? this.#tokens[id] : this.#store.token(id);
  }

  /** The tokens as UTF-8. */
  store(): TokenStore {
    return this.#store ?? TokenStore.ofMap(this.#ids);
  }

  /** Tokens in the order of their ids. */
  *entries(): IterableIterator<[string, number]> {
    this.#makeStrings();
    // Ids may be few and far between.
    if (this.#tokens.length > 4 * this.ids.size + 1024) {
      yield* [...this.ids].sort(([, a], [, b]) => a - b);
      return;
    }
    for (let id = 0; id < this.#tokens.length; id++) {
      const token = this.#tokens[id];
      if (token !== undefined) yield [token, id];
    }
  }

  toJSON(): JsonObject {
    // fromEntries defines own properties, so that "__proto__" is a token like any other.
    return Object.fromEntries(this.entries());
  }

  #makeStrings(): void {
    if (this.#store === undefined) return;
    this.#ids = new Map(this.#store.entries());
    for (const [token, id] of this.#ids) this.#tokens[id] = token;
    this.#store = undefined;
  }
}
