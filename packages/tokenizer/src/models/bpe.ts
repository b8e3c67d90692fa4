import { type Fields, type Json, type JsonObject, malformed } from '../json/fields.js';
import { byteAlphabet, byteCharacterCode } from '../text/byte-alphabet.js';
import { IntList } from '../text/int-list.js';
import { DropoutMerges, seededRandom } from './bpe-dropout.js';
import { BpeMerges } from './bpe-merges.js';
import { BpeSpelling, pushBytewise, utf8Length } from './bpe-spelling.js';
import { MergeList, type MergePair } from './merge-list.js';
import type { Model, TokenSink } from './model.js';
import { TokenFilter } from './token-filter.js';
import { Vocabulary } from './vocabulary.js';
import { WordCache } from './word-cache.js';

export type { MergePair } from './merge-list.js';

export interface BpeOptions {
  vocabulary: Vocabulary;
  /** In the order in which they were learnt. */
  merges: readonly MergePair[] | MergeList;
  unkToken?: string;
  continuingSubwordPrefix?: string;
  endOfWordSuffix?: string;
  /** Neighbouring unknown characters become one unknown token. */
  fuseUnk?: boolean;
  /** Unknown characters become the tokens of their bytes, `<0x0A>`, where the vocabulary has them all. */
  byteFallback?: boolean;
  /** A word that is a token is that token, whatever the merges make of it (without dropout). */
  ignoreMerges?: boolean;
  /** Probability, from 0 to 1, with which each merge is left out at each step; results then differ from call to call. */
  dropout?: number;
  /** Where dropout's random numbers come from, in [0, 1). `Math.random` by default; see also `seedDropout`. */
  random?: () => number;
}

/** What tokenizer.json spelt in a way of its own; kept so that writing gives back what was read. */
interface Spelling {
  mergesAsLines: boolean;
  /** Fields that were not there. */
  absent: ReadonlySet<string>;
}

/** Words of which the vocabulary is asked whether they are tokens, before a filter is made. */
const FEW = 4096;

const OPTIONAL = [
  'dropout',
  'unk_token',
  'continuing_subword_prefix',
  'end_of_word_suffix',
  'fuse_unk',
  'byte_fallback',
  'ignore_merges',
];

/**
 * Byte pair encoding (Sennrich et al. 2016): a word's characters, merged pair by pair in the order the pairs were learnt.
 * With merges `h e`, `l l`: `hello` → `he` `ll` `o`.
 */
export class Bpe implements Model {
  readonly vocabulary: Vocabulary;
  #merges: readonly MergePair[] | MergeList;
  readonly options: Omit<BpeOptions, 'vocabulary' | 'merges' | 'random'>;
  /** By byte: the id of the character that stands for it, where the vocabulary has all 256 and needs no affixes. */
  readonly byteIds: Int32Array | undefined;
  readonly #table: BpeMerges;
  readonly #spelling: Spelling;
  readonly #cache = new WordCache();
  readonly #symbols = { ids: new IntList(), ends: new IntList() };
  readonly #characters: BpeSpelling;
  /** Units of the longest token, or more. */
  #longest: number | undefined;
  /** Words of bytes that the vocabulary was asked for. */
  #asked = 0;
  /** Asked before the vocabulary, when that has been asked often enough for it to pay. */
  #filter: TokenFilter | undefined;
  readonly #dropout: DropoutMerges | undefined;
  #random: () => number;

  /**
   * @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where a merge names or makes a token outside the vocabulary, or
   * dropout is no probability.
   */
  constructor(options: BpeOptions, spelling: Spelling = { mergesAsLines: false, absent: new Set() }) {
    const { vocabulary, merges, random = Math.random, ...rest } = options;
    this.vocabulary = vocabulary;
    this.#merges = merges;
    this.options = rest;
    this.#spelling = spelling;
    this.#table = new BpeMerges(merges.length);
    this.#characters = new BpeSpelling(vocabulary, rest);
    this.#random = random;
    this.#dropout = dropoutOf(rest.dropout);
    if (!this.#addList(merges)) this.#addPairs(this.merges);
    this.byteIds = this.#findByteIds();
  }

  /** In the order in which they were learnt. */
  get merges(): readonly MergePair[] {
    if (this.#merges instanceof MergeList) this.#merges = this.#merges.pairs();
    return this.#merges;
  }

  /** Takes merges by their ids; false where they have to be looked at as text. */
  #addList(merges: readonly MergePair[] | MergeList): boolean {
    if (!(merges instanceof MergeList) || this.#dropout !== undefined) return false;
    if (this.options.continuingSubwordPrefix || merges.ids.includes(-1)) return false;
    this.#table.addAll(merges.ids);
    return true;
  }

  #addPairs(merges: readonly MergePair[]): void {
    const prefix = this.options.continuingSubwordPrefix ?? '';
    merges.forEach(([left, right], rank) => {
      const result = left + withoutPrefix(right, prefix, rank);
      const [a, b, c] = [left, right, result].map((token) => {
        const id = this.vocabulary.id(token);
        if (id === undefined)
          throw malformed(
            'model.merges',
            `merge ${rank} (${left} ${right}) needs "${token}", which is not in the vocabulary`,
          );
        return id;
      });
      this.#table.add(a, b, c, rank);
      this.#dropout?.add(a, b, c, rank);
    });
  }

  static read(fields: Fields): Bpe {
    const given: unknown = fields.get('merges');
    const list = given instanceof MergeList ? given : undefined;
    const rows = list === undefined ? fields.list('merges') : [];
    const lines = list?.lines ?? typeof rows[0] === 'string';
    return new Bpe(
      {
        vocabulary: Vocabulary.read(fields.get('vocab'), `${fields.where}.vocab`),
        merges: list ?? (lines ? readMergeLines(rows) : rows.map(readMergePair)),
        unkToken: fields.optional('unk_token', fields.string),
        continuingSubwordPrefix: fields.optional('continuing_subword_prefix', fields.string),
        endOfWordSuffix: fields.optional('end_of_word_suffix', fields.string),
        fuseUnk: fields.boolean('fuse_unk', false),
        byteFallback: fields.boolean('byte_fallback', false),
        ignoreMerges: fields.boolean('ignore_merges', false),
        dropout: fields.optional('dropout', readDropout),
      },
      { mergesAsLines: lines, absent: new Set(OPTIONAL.filter((key) => !fields.has(key))) },
    );
  }

  tokenize(text: string, from: number, to: number, sink: TokenSink): void {
    const dropout = this.#dropout;
    if (dropout === undefined && this.#cache.find(text, from, to, sink)) return;
    const { ids, ends } = this.#symbols;
    ids.length = 0;
    ends.length = 0;
    const ignoreMerges = this.options.ignoreMerges && dropout === undefined;
    const whole =
      ignoreMerges && !this.#exceedsTokens(to - from) ? this.vocabulary.id(text.slice(from, to)) : undefined;
    if (whole !== undefined) {
      ids.push(whole);
      ends.push(to - from);
    } else {
      const inUnits = this.#characters.spell(text, from, to, this.#symbols);
      if (dropout === undefined) this.#table.apply(this.#symbols);
      else dropout.apply(this.#symbols, this.#random);
      if (!inUnits) {
        pushBytewise(text, from, to, this.#symbols, sink);
        return;
      }
    }
    let start = 0;
    for (let i = 0; i < ids.length; i++) {
      sink.push(ids.data[i], from + start, from + ends.data[i]);
      start = ends.data[i];
    }
    if (dropout === undefined) this.#cache.add(text, from, to, { ids, ends });
  }

  /** Makes dropout's choices from here on follow from `seed`. */
  seedDropout(seed: number): void {
    this.#random = seededRandom(seed);
  }

  /**
   * Appends the tokens of a word given as UTF-8, with their starts and ends in bytes from its start: the same as writing it
   * in the byte alphabet and calling `tokenize`. Only where `byteIds` is defined.
   */
  encodeBytes(bytes: Uint8Array, from: number, to: number, sink: TokenSink): void {
    const first = sink.ids.length;
    this.#mergeBytes(bytes, from, to, sink);
    if (!this.options.ignoreMerges || sink.ids.length === first + 1 || this.#exceedsTokens(to - from)) return;
    // Merges have not made one token of the word, which it may be all the same.
    if (!this.#mayBeToken(bytes, from, to)) return;
    const whole = this.vocabulary.id(inAlphabet(bytes, from, to));
    if (whole === undefined) return;
    sink.truncate(first);
    sink.push(whole, 0, to - from);
  }

  #mayBeToken(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#asked < FEW) {
      this.#asked++;
      return true;
    }
    this.#filter ??= new TokenFilter(this.vocabulary);
    return this.#filter.mayHave(bytes, from, to);
  }

  /** Whether a word of so many units is longer than any token. */
  #exceedsTokens(units: number): boolean {
    this.#longest ??= this.vocabulary.longest;
    return units > this.#longest;
  }

  #mergeBytes(bytes: Uint8Array, from: number, to: number, sink: TokenSink): void {
    const byteIds = this.byteIds!;
    if (this.#table.applyBytes(bytes, from, to, byteIds, sink)) return;
    const { ids, ends } = this.#symbols;
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
    const { mergesAsLines, absent } = this.#spelling;
    const fields: [string, Json][] = [
      ['type', 'BPE'],
      ['dropout', options.dropout ?? null],
      ['unk_token', options.unkToken ?? null],
      ['continuing_subword_prefix', options.continuingSubwordPrefix ?? null],
      ['end_of_word_suffix', options.endOfWordSuffix ?? null],
      ['fuse_unk', options.fuseUnk ?? false],
      ['byte_fallback', options.byteFallback ?? false],
      ['ignore_merges', options.ignoreMerges ?? false],
      ['vocab', this.vocabulary.toJSON()],
      ['merges', lastOfEach(this.merges).map((pair) => (mergesAsLines ? pair.join(' ') : [...pair]))],
    ];
    return Object.fromEntries(fields.filter(([key]) => !absent.has(key)));
  }

  #findByteIds(): Int32Array | undefined {
    const { continuingSubwordPrefix, endOfWordSuffix } = this.options;
    if (continuingSubwordPrefix || endOfWordSuffix || this.#dropout !== undefined) return undefined;
    const ids = byteAlphabet().map((character) => this.vocabulary.id(character) ?? -1);
    return ids.includes(-1) ? undefined : Int32Array.from(ids);
  }
}

function readDropout(this: Fields, key: string): number {
  const value = this.get(key);
  if (typeof value !== 'number') throw malformed(`${this.where}.${key}`, 'expected a number or null');
  return value;
}

function dropoutOf(rate = 0): DropoutMerges | undefined {
  if (!(rate >= 0 && rate <= 1)) throw malformed('model.dropout', `${rate} is not a probability from 0 to 1`);
  return rate > 0 ? new DropoutMerges(rate) : undefined;
}

/** Merges as pairs. */
function readMergePair(row: Json, rank: number): MergePair {
  if (Array.isArray(row) && row.length === 2 && row.every((part) => typeof part === 'string')) {
    return row as unknown as MergePair;
  }
  throw malformed(`model.merges[${rank}]`, `expected two tokens, found ${JSON.stringify(row)}`);
}

/** A short word given as UTF-8, in the byte alphabet. */
function inAlphabet(bytes: Uint8Array, from: number, to: number): string {
  const units: number[] = [];
  for (let i = from; i < to; i++) units.push(byteCharacterCode(bytes[i]));
  return String.fromCharCode.apply(null, units);
}

/** Merges as lines of merges.txt, of which the version is none. */
function readMergeLines(rows: readonly Json[]): MergePair[] {
  const merges: MergePair[] = [];
  rows.forEach((row, i) => {
    if (typeof row === 'string' && row.startsWith('#version')) return;
    const parts = typeof row === 'string' ? row.split(' ') : [];
    if (parts.length !== 2) {
      throw malformed(`model.merges[${i}]`, `expected two tokens with a space between, found ${JSON.stringify(row)}`);
    }
    merges.push([parts[0], parts[1]]);
  });
  return merges;
}

/** A pair that is given twice has the rank of the last. */
function lastOfEach(merges: readonly MergePair[]): MergePair[] {
  const key = ([left, right]: MergePair): string => `${left.length} ${left}${right}`;
  const last = new Map(merges.map((pair, rank) => [key(pair), rank]));
  return last.size === merges.length ? [...merges] : merges.filter((pair, rank) => last.get(key(pair)) === rank);
}

/** `right` without as many bytes of UTF-8 as the prefix has, whichever they are. */
function withoutPrefix(right: string, prefix: string, rank: number): string {
  if (right.startsWith(prefix)) return right.slice(prefix.length);
  let bytes = 0;
  for (const character of prefix) bytes += utf8Length(character.codePointAt(0)!);
  let i = 0;
  while (bytes > 0 && i < right.length) {
    const code = right.codePointAt(i)!;
    bytes -= utf8Length(code);
    i += code > 0xffff ? 2 : 1;
  }
  if (bytes === 0) return right.slice(i);
  throw malformed(`model.merges[${rank}]`, `"${right}" does not begin with the continuing subword prefix "${prefix}"`);
}
