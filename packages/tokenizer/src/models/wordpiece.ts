import { TokenizerError } from '../errors.js';
import type { Fields, JsonObject } from '../json/fields.js';
import { IntList } from '../text/int-list.js';
import type { Model, TokenSink } from './model.js';
import { PieceFinder } from './piece-finder.js';
import { Vocabulary } from './vocabulary.js';
import { WordCache } from './word-cache.js';

export interface WordPieceOptions {
  vocabulary: Vocabulary;
  /** Stands for every word that cannot be put together. */
  unkToken: string;
  /** What tokens inside a word begin with, `##`. */
  continuingSubwordPrefix: string;
  /** Words with more code points are the unknown token at once. */
  maxInputCharsPerWord: number;
}

/**
 * WordPiece (Schuster and Nakajima 2012, as in BERT): the longest token that begins the word, then the longest
 * continuing token that begins the rest, and so on. `unaffable` → `un` `##aff` `##able`.
 */
export class WordPiece implements Model {
  readonly vocabulary: Vocabulary;
  readonly unkToken: string;
  readonly continuingSubwordPrefix: string;
  readonly maxInputCharsPerWord: number;
  /** Made when the first word is tokenized. */
  #pieces: PieceFinder | undefined;
  #units = new Uint16Array(128);
  readonly #cache = new WordCache();
  readonly #scratch = { ids: new IntList(), ends: new IntList() };

  constructor(options: WordPieceOptions) {
    this.vocabulary = options.vocabulary;
    this.unkToken = options.unkToken;
    this.continuingSubwordPrefix = options.continuingSubwordPrefix;
    this.maxInputCharsPerWord = options.maxInputCharsPerWord;
  }

  static read(fields: Fields): WordPiece {
    return new WordPiece({
      vocabulary: Vocabulary.read(fields.get('vocab'), `${fields.where}.vocab`),
      unkToken: fields.string('unk_token'),
      continuingSubwordPrefix: fields.string('continuing_subword_prefix'),
      maxInputCharsPerWord: fields.count('max_input_chars_per_word'),
    });
  }

  /** @throws TokenizerError `TOKENIZER_UNK_MISSING` where the unknown token is needed and not in the vocabulary. */
  tokenize(text: string, from: number, to: number, sink: TokenSink): void {
    if (this.#cache.find(text, from, to, sink)) return;
    const length = to - from;
    if (this.#units.length < length) this.#units = new Uint16Array(2 * length);
    for (let i = 0; i < length; i++) this.#units[i] = text.charCodeAt(from + i);
    const first = sink.ids.length;
    this.tokenizeUnits(this.#units, length, sink);
    const { ids, ends } = this.#scratch;
    ids.length = 0;
    ends.length = 0;
    for (let i = first; i < sink.ids.length; i++) {
      ids.push(sink.ids.data[i]);
      ends.push(sink.ends.data[i]);
      sink.starts.data[i] += from;
      sink.ends.data[i] += from;
    }
    this.#cache.add(text, from, to, { ids, ends });
  }

  /** The same for a word given as the first `length` units of `units`; nothing is remembered. */
  tokenizeUnits(units: Uint16Array, length: number, sink: TokenSink): void {
    const first = sink.ids.length;
    if (!this.#tooLong(units, length)) {
      this.#pieces ??= new PieceFinder(this.vocabulary.store(), this.continuingSubwordPrefix);
      if (this.#pieces.match(units, length, sink)) return;
    }
    sink.truncate(first);
    sink.push(this.#unkId(), 0, length);
  }

  toJSON(): JsonObject {
    return {
      type: 'WordPiece',
      unk_token: this.unkToken,
      continuing_subword_prefix: this.continuingSubwordPrefix,
      max_input_chars_per_word: this.maxInputCharsPerWord,
      vocab: this.vocabulary.toJSON(),
    };
  }

  #tooLong(units: Uint16Array, length: number): boolean {
    const most = this.maxInputCharsPerWord;
    if (length <= most) return false;
    let count = length;
    for (let i = 0; i + 1 < length && count > most; i++) {
      const pair = (units[i] & 0xfc00) === 0xd800 && (units[i + 1] & 0xfc00) === 0xdc00;
      if (pair) count--;
    }
    return count > most;
  }

  #unkId(): number {
    const id = this.vocabulary.id(this.unkToken);
    if (id !== undefined) return id;
    const message = `WordPiece: a word is not covered and the unknown token "${this.unkToken}" is not in the vocabulary; add it.`;
    throw new TokenizerError('TOKENIZER_UNK_MISSING', message);
  }
}
