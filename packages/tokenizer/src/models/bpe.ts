import { TokenizerError } from '../errors.js';
import { type Fields, type Json, type JsonObject, malformed, unsupported } from '../json/fields.js';
import { byteAlphabet, byteCharacterCode } from '../text/byte-alphabet.js';
import { IntList } from '../text/int-list.js';
import { BpeMerges } from './bpe-merges.js';
import type { Model, TokenSink } from './model.js';
import { Vocabulary } from './vocabulary.js';
import { WordCache } from './word-cache.js';

export type MergePair = readonly [left: string, right: string];

export interface BpeOptions {
  vocabulary: Vocabulary;
  /** In the order in which they were learnt. */
  merges: readonly MergePair[];
  unkToken?: string;
  continuingSubwordPrefix?: string;
  endOfWordSuffix?: string;
  /** Neighbouring unknown characters become one unknown token. */
  fuseUnk?: boolean;
  /** A word that is a token is that token, whatever the merges make of it. */
  ignoreMerges?: boolean;
}

/** What tokenizer.json spelt in a way of its own; kept so that writing gives back what was read. */
interface Spelling {
  mergesAsLines: boolean;
  ignoreMergesGiven: boolean;
}

/**
 * Byte pair encoding (Sennrich et al. 2016): a word's characters, merged pair by pair in the order the pairs were learnt.
 * With merges `h e`, `l l`: `hello` → `he` `ll` `o`.
 */
export class Bpe implements Model {
  readonly vocabulary: Vocabulary;
  readonly merges: readonly MergePair[];
  readonly options: Omit<BpeOptions, 'vocabulary' | 'merges'>;
  /** By byte: the id of the character that stands for it, where the vocabulary has all 256 and needs no affixes. */
  readonly byteIds: Int32Array | undefined;
  readonly #table: BpeMerges;
  readonly #spelling: Spelling;
  readonly #cache = new WordCache();
  readonly #symbols = { ids: new IntList(), ends: new IntList() };

  /** @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where a merge names or makes a token outside the vocabulary. */
  constructor(options: BpeOptions, spelling: Spelling = { mergesAsLines: false, ignoreMergesGiven: true }) {
    const { vocabulary, merges, ...rest } = options;
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.options = rest;
    this.#spelling = spelling;
    this.#table = new BpeMerges(merges.length);
    const prefixLength = rest.continuingSubwordPrefix?.length ?? 0;
    merges.forEach(([left, right], rank) => {
      const result = left + right.slice(prefixLength);
      const [a, b, c] = [left, right, result].map((token) => {
        const id = vocabulary.id(token);
        if (id === undefined)
          throw malformed(
            'model.merges',
            `merge ${rank} (${left} ${right}) needs "${token}", which is not in the vocabulary`,
          );
        return id;
      });
      this.#table.add(a, b, c, rank);
    });
    this.byteIds = this.#findByteIds();
  }

  static read(fields: Fields): Bpe {
    if (fields.get('dropout') != null) throw unsupported(fields.where, '"dropout"', ['null']);
    if (fields.boolean('byte_fallback', false)) throw unsupported(fields.where, '"byte_fallback": true', ['false']);
    const rows = fields.list('merges');
    return new Bpe(
      {
        vocabulary: Vocabulary.read(fields.get('vocab'), `${fields.where}.vocab`),
        merges: rows.map(readMerge),
        unkToken: fields.optional('unk_token', fields.string),
        continuingSubwordPrefix: fields.optional('continuing_subword_prefix', fields.string),
        endOfWordSuffix: fields.optional('end_of_word_suffix', fields.string),
        fuseUnk: fields.boolean('fuse_unk', false),
        ignoreMerges: fields.boolean('ignore_merges', false),
      },
      { mergesAsLines: typeof rows[0] === 'string', ignoreMergesGiven: fields.has('ignore_merges') },
    );
  }

  tokenize(text: string, from: number, to: number, sink: TokenSink): void {
    if (this.#cache.find(text, from, to, sink)) return;
    const { ids, ends } = this.#symbols;
    ids.length = 0;
    ends.length = 0;
    const whole = this.options.ignoreMerges ? this.vocabulary.id(text.slice(from, to)) : undefined;
    if (whole === undefined) {
      this.#spell(text, from, to);
      this.#table.apply(this.#symbols);
    } else {
      ids.push(whole);
      ends.push(to - from);
    }
    // A character that is dropped (unknown, and no unknown token) counts to the token after it.
    let start = 0;
    for (let i = 0; i < ids.length; i++) {
      sink.push(ids.data[i], from + start, from + ends.data[i]);
      start = ends.data[i];
    }
    this.#cache.add(text, from, to, { ids: ids.toArray(), ends: ends.toArray() });
  }

  /**
   * Appends the tokens of a word given as UTF-8, with their starts and ends in bytes from its start: the same as writing it
   * in the byte alphabet and calling `tokenize`. Only where `byteIds` is defined.
   */
  encodeBytes(bytes: Uint8Array, from: number, to: number, sink: TokenSink): void {
    const whole = this.options.ignoreMerges ? this.vocabulary.id(inAlphabet(bytes, from, to)) : undefined;
    if (whole !== undefined) {
      sink.push(whole, 0, to - from);
      return;
    }
    const { ids, ends } = this.#symbols;
    const byteIds = this.byteIds!;
    ids.length = 0;
    ends.length = 0;
    ids.reserve(to - from);
    ends.reserve(to - from);
    for (let i = from; i < to; i++) {
      ids.data[i - from] = byteIds[bytes[i]];
      ends.data[i - from] = i + 1 - from;
    }
    ids.length = to - from;
    ends.length = to - from;
    this.#table.apply(this.#symbols);
    let start = 0;
    for (let i = 0; i < ids.length; i++) {
      sink.push(ids.data[i], start, ends.data[i]);
      start = ends.data[i];
    }
  }

  toJSON(): JsonObject {
    const { options } = this;
    const merges = this.merges.map((pair) => (this.#spelling.mergesAsLines ? pair.join(' ') : [...pair]));
    return {
      type: 'BPE',
      dropout: null,
      unk_token: options.unkToken ?? null,
      continuing_subword_prefix: options.continuingSubwordPrefix ?? null,
      end_of_word_suffix: options.endOfWordSuffix ?? null,
      fuse_unk: options.fuseUnk ?? false,
      byte_fallback: false,
      ...(this.#spelling.ignoreMergesGiven ? { ignore_merges: options.ignoreMerges ?? false } : {}),
      vocab: this.vocabulary.toJSON(),
      merges,
    };
  }

  #findByteIds(): Int32Array | undefined {
    if (this.options.continuingSubwordPrefix || this.options.endOfWordSuffix) return undefined;
    const ids = byteAlphabet().map((character) => this.vocabulary.id(character) ?? -1);
    return ids.includes(-1) ? undefined : Int32Array.from(ids);
  }

  /** Fills the symbols with the word's characters; those without id or unknown token are dropped. */
  #spell(text: string, from: number, to: number): void {
    const { continuingSubwordPrefix = '', endOfWordSuffix = '', unkToken, fuseUnk } = this.options;
    const { ids, ends } = this.#symbols;
    let unkPending = false;
    for (let i = from; i < to; ) {
      const next = i + (text.codePointAt(i)! > 0xffff ? 2 : 1);
      const character = `${i > from ? continuingSubwordPrefix : ''}${text.slice(i, next)}${next === to ? endOfWordSuffix : ''}`;
      const id = this.vocabulary.id(character);
      if (id !== undefined) {
        ids.push(id);
        ends.push(next - from);
        unkPending = false;
      } else if (unkToken !== undefined && unkPending && fuseUnk) {
        ends.data[ends.length - 1] = next - from;
      } else if (unkToken !== undefined) {
        ids.push(this.#unkId(unkToken));
        ends.push(next - from);
        unkPending = true;
      }
      i = next;
    }
  }

  #unkId(token: string): number {
    const id = this.vocabulary.id(token);
    if (id !== undefined) return id;
    const message = `BPE: a character is not covered and the unknown token "${token}" is not in the vocabulary; add it.`;
    throw new TokenizerError('TOKENIZER_UNK_MISSING', message);
  }
}

function readMerge(row: Json, rank: number): MergePair {
  const parts = typeof row === 'string' ? row.split(' ') : row;
  if (Array.isArray(parts) && parts.length === 2 && parts.every((part) => typeof part === 'string')) {
    return parts as unknown as MergePair;
  }
  throw malformed(`model.merges[${rank}]`, `expected two tokens, found ${JSON.stringify(row)}`);
}

/** A word given as UTF-8, in the byte alphabet. */
function inAlphabet(bytes: Uint8Array, from: number, to: number): string {
  let word = '';
  for (let i = from; i < to; i++) word += String.fromCharCode(byteCharacterCode(bytes[i]));
  return word;
}
