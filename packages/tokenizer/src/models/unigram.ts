import { TokenizerError } from '../errors.js';
import { type Fields, type Json, type JsonObject, malformed } from '../json/fields.js';
import { forUtf8 } from '../text/byte-alphabet.js';
import { IntList } from '../text/int-list.js';
import { byteTokenIds } from './byte-tokens.js';
import type { Model, TokenSink } from './model.js';
import { UnitTrie } from './unit-trie.js';
import { Vocabulary } from './vocabulary.js';
import { WordCache } from './word-cache.js';

/** What an unknown character costs beyond the least likely piece. */
const UNK_PENALTY = 10;

export type ScoredPiece = readonly [piece: string, score: number];

export interface UnigramOptions {
  /** Pieces and the logarithms of their probabilities, in the order of their ids. Of a piece given twice the last counts. */
  pieces: readonly ScoredPiece[];
  /** The piece that stands for characters of no piece; without it such a character is an error. */
  unkId?: number;
  /** Unknown characters become the tokens of their bytes, `<0x0A>`, where the vocabulary has them all. */
  byteFallback?: boolean;
}

/**
 * The unigram language model (Kudo 2018, as in SentencePiece): of all ways to divide a text into pieces the one whose
 * scores add up to the most, found by the Viterbi algorithm. Neighbouring unknown characters are one token.
 */
export class Unigram implements Model {
  readonly vocabulary: Vocabulary;
  readonly pieces: readonly ScoredPiece[];
  readonly unkId: number | undefined;
  readonly byteFallback: boolean;
  readonly #byteFallbackGiven: boolean;
  readonly #scores: Float64Array;
  readonly #unkScore: number;
  readonly #byteIds: Int32Array;
  readonly #trie = new UnitTrie();
  #longest = 0;
  /** By position: score of the best division up to here, and the last piece of it. */
  #best = new Float64Array(0);
  #begins = new Int32Array(0);
  #ids = new Int32Array(0);
  readonly #path = new IntList();
  readonly #cache = new WordCache();
  readonly #scratch = { ids: new IntList(), ends: new IntList() };

  /** @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where `unkId` is no piece or a score is not finite. */
  constructor(options: UnigramOptions, byteFallbackGiven = true) {
    this.pieces = options.pieces;
    this.unkId = options.unkId;
    this.byteFallback = options.byteFallback ?? false;
    this.#byteFallbackGiven = byteFallbackGiven;
    const { unkId, pieces } = this;
    if (unkId !== undefined && !(Number.isInteger(unkId) && unkId >= 0 && unkId < pieces.length)) {
      throw malformed('model.unk_id', `${unkId} is not the id of one of the ${pieces.length} pieces`);
    }
    this.vocabulary = Vocabulary.ofPieces(pieces.map(([piece]) => piece));
    this.#scores = Float64Array.from(pieces, ([, score]) => score);
    this.#byteIds = byteTokenIds(this.vocabulary);
    let least = Infinity;
    pieces.forEach(([piece, score], id) => {
      if (!Number.isFinite(score)) throw malformed(`model.vocab[${id}]`, `the score of "${piece}" is ${score}`);
      least = Math.min(least, score);
      this.#longest = Math.max(this.#longest, piece.length);
      this.#trie.add(piece, id);
    });
    this.#unkScore = least - UNK_PENALTY;
  }

  static read(fields: Fields): Unigram {
    return new Unigram(
      {
        pieces: fields.list('vocab').map((row, id) => readPiece(row, `${fields.where}.vocab[${id}]`)),
        unkId: fields.optional('unk_id', fields.count),
        byteFallback: fields.boolean('byte_fallback', false),
      },
      fields.has('byte_fallback'),
    );
  }

  /** Tokens with this id show the text they stand for, not the piece, unless they are one of its bytes. */
  get surfaceId(): number | undefined {
    return this.unkId;
  }

  /** @throws TokenizerError `TOKENIZER_UNK_MISSING` where a character belongs to no piece and there is no unknown piece. */
  tokenize(text: string, from: number, to: number, sink: TokenSink): void {
    if (this.#cache.find(text, from, to, sink)) return;
    this.#search(text, from, to);
    // From the last piece to the first.
    const path = this.#path;
    path.length = 0;
    for (let end = to - from; end > 0; end = this.#begins[end]) path.push(end);
    const { ids, ends } = this.#scratch;
    ids.length = 0;
    ends.length = 0;
    let plain = true;
    for (let i = path.length - 1; i >= 0; i--) {
      const start = from + this.#begins[path.data[i]];
      const id = this.#ids[path.data[i]];
      if (id === this.unkId) while (i > 0 && this.#ids[path.data[i - 1]] === id) i--;
      const end = from + path.data[i];
      if (id === this.unkId && this.#pushBytes(text, start, end, sink)) {
        plain = false;
        continue;
      }
      const token = id === this.unkId ? this.#fusedId(text, start, end, id) : id;
      sink.push(token, start, end);
      ids.push(token);
      ends.push(end - from);
    }
    if (plain) this.#cache.add(text, from, to, { ids, ends });
  }

  toJSON(): JsonObject {
    return {
      type: 'Unigram',
      unk_id: this.unkId ?? null,
      vocab: this.pieces.map(([piece, score]) => [piece, score]),
      ...(this.#byteFallbackGiven ? { byte_fallback: this.byteFallback } : {}),
    };
  }

  /** Fills the columns by position. Of equal scores the piece that begins first stays. */
  #search(text: string, from: number, to: number): void {
    const n = to - from;
    this.#reserve(n);
    const { unkId } = this;
    const best = this.#best;
    const begins = this.#begins.fill(-1, 0, n + 1);
    const ids = this.#ids;
    best[0] = 0;
    for (let i = 0; i < n; ) {
      const width = text.codePointAt(from + i)! > 0xffff ? 2 : 1;
      let single = false;
      for (let node = 0, k = i; k < n; ) {
        node = this.#trie.child(node, text.charCodeAt(from + k));
        if (node === 0) break;
        k++;
        const id = this.#trie.value(node);
        if (id < 0) continue;
        const score = this.#scores[id] + best[i];
        if (begins[k] < 0 || score > best[k]) {
          best[k] = score;
          begins[k] = i;
          ids[k] = id;
        }
        if (k - i === width) single = true;
      }
      const next = i + width;
      const score = this.#unkScore + best[i];
      if (!single && (begins[next] < 0 || score > best[next])) {
        if (unkId === undefined) throw unkMissing(text, from + i);
        best[next] = score;
        begins[next] = i;
        ids[next] = unkId;
      }
      i = next;
    }
  }

  /** Unknown characters side by side may spell a piece that lost against them. */
  #fusedId(text: string, from: number, to: number, unkId: number): number {
    return to - from <= this.#longest ? (this.vocabulary.id(text.slice(from, to)) ?? unkId) : unkId;
  }

  /** Appends the bytes of unknown text, each with the whole span; false where that is not to be or not possible. */
  #pushBytes(text: string, from: number, to: number, sink: TokenSink): boolean {
    if (!this.byteFallback || this.#fusedId(text, from, to, -1) >= 0) return false;
    const { length } = sink.ids;
    let complete = true;
    for (let i = from; i < to && complete; i += text.codePointAt(i)! > 0xffff ? 2 : 1) {
      forUtf8(text.codePointAt(i)!, (byte) => {
        const id = this.#byteIds[byte];
        if (id < 0) complete = false;
        else sink.push(id, from, to);
      });
    }
    if (!complete) {
      for (const column of [sink.ids, sink.starts, sink.ends]) column.length = length;
      return false;
    }
    // The unknown piece may be a byte's.
    for (let i = length; i < sink.ids.length; i++) if (sink.ids.data[i] === this.unkId) sink.themselves.add(i);
    return true;
  }

  #reserve(n: number): void {
    if (this.#best.length > n) return;
    const capacity = Math.max(n + 1, 2 * this.#best.length);
    this.#best = new Float64Array(capacity);
    this.#begins = new Int32Array(capacity);
    this.#ids = new Int32Array(capacity);
  }
}

function unkMissing(text: string, at: number): TokenizerError {
  const character = String.fromCodePoint(text.codePointAt(at)!);
  const message = `Unigram: "${character}" belongs to no piece, and there is no unknown piece; give unk_id.`;
  return new TokenizerError('TOKENIZER_UNK_MISSING', message);
}

function readPiece(row: Json, where: string): ScoredPiece {
  if (Array.isArray(row) && row.length === 2 && typeof row[0] === 'string' && typeof row[1] === 'number') {
    return [row[0], row[1]];
  }
  throw malformed(where, `expected a piece and its score, found ${JSON.stringify(row)}`);
}
