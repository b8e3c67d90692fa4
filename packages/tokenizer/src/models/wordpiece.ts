import { TokenizerError } from '../errors.js';
import type { Fields, JsonObject } from '../json/fields.js';
import { IntList } from '../text/int-list.js';
import type { Model, TokenSink } from './model.js';
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
  /** Continuing tokens without their prefix. */
  readonly #continuing = new Map<string, number>();
  #longestInitial = 0;
  #longestContinuing = 0;
  readonly #cache = new WordCache();
  readonly #scratch = { ids: new IntList(), ends: new IntList() };

  constructor(options: WordPieceOptions) {
    this.vocabulary = options.vocabulary;
    this.unkToken = options.unkToken;
    this.continuingSubwordPrefix = options.continuingSubwordPrefix;
    this.maxInputCharsPerWord = options.maxInputCharsPerWord;
    const prefix = this.continuingSubwordPrefix;
    for (const [token, id] of this.vocabulary.ids) {
      this.#longestInitial = Math.max(this.#longestInitial, token.length);
      if (!token.startsWith(prefix)) continue;
      this.#continuing.set(token.slice(prefix.length), id);
      this.#longestContinuing = Math.max(this.#longestContinuing, token.length - prefix.length);
    }
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
    const { ids, ends } = this.#scratch;
    ids.length = 0;
    ends.length = 0;
    if (this.#tooLong(text, from, to) || !this.#match(text, from, to)) {
      ids.length = 0;
      ends.length = 0;
      ids.push(this.#unkId());
      ends.push(to - from);
    }
    let start = from;
    for (let i = 0; i < ids.length; i++) {
      sink.push(ids.data[i], start, from + ends.data[i]);
      start = from + ends.data[i];
    }
    this.#cache.add(text, from, to, { ids: ids.toArray(), ends: ends.toArray() });
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

  #tooLong(text: string, from: number, to: number): boolean {
    const most = this.maxInputCharsPerWord;
    if (to - from <= most) return false;
    let count = 0;
    for (let i = from; i < to && count <= most; count++) i += text.codePointAt(i)! > 0xffff ? 2 : 1;
    return count > most;
  }

  /** Fills the scratch with the word's tokens; false where some rest begins no token. */
  #match(text: string, from: number, to: number): boolean {
    const { ids, ends } = this.#scratch;
    let start = from;
    while (start < to) {
      const first = start === from;
      const tokens = first ? this.vocabulary.ids : this.#continuing;
      let end = Math.min(to, start + (first ? this.#longestInitial : this.#longestContinuing));
      let id: number | undefined;
      while (end > start) {
        id = tokens.get(text.slice(start, end));
        if (id !== undefined) break;
        end--;
      }
      if (id === undefined) return false;
      ids.push(id);
      ends.push(end - from);
      start = end;
    }
    return true;
  }

  #unkId(): number {
    const id = this.vocabulary.id(this.unkToken);
    if (id !== undefined) return id;
    const message = `WordPiece: a word is not covered and the unknown token "${this.unkToken}" is not in the vocabulary; add it.`;
    throw new TokenizerError('TOKENIZER_UNK_MISSING', message);
  }
}
