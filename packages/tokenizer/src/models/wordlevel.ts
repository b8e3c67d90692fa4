import { TokenizerError } from '../errors.js';
import type { Fields, JsonObject } from '../json/fields.js';
import type { Model, TokenSink } from './model.js';
import { Vocabulary } from './vocabulary.js';

export interface WordLevelOptions {
  vocabulary: Vocabulary;
  /** Stands for every word that is not in the vocabulary. */
  unkToken: string;
}

/** Whole words, or the unknown token. */
export class WordLevel implements Model {
  readonly vocabulary: Vocabulary;
  readonly unkToken: string;

  constructor(options: WordLevelOptions) {
    this.vocabulary = options.vocabulary;
    this.unkToken = options.unkToken;
  }

  static read(fields: Fields): WordLevel {
    return new WordLevel({
      vocabulary: Vocabulary.read(fields.get('vocab'), `${fields.where}.vocab`),
      unkToken: fields.string('unk_token'),
    });
  }

  /** @throws TokenizerError `TOKENIZER_UNK_MISSING` where the unknown token is needed and not in the vocabulary. */
  tokenize(text: string, from: number, to: number, sink: TokenSink): void {
    const id = this.vocabulary.id(text.slice(from, to)) ?? this.vocabulary.id(this.unkToken);
    if (id !== undefined) {
      sink.push(id, from, to);
      return;
    }
    const message = `WordLevel: a word is not known and the unknown token "${this.unkToken}" is not in the vocabulary; add it.`;
    throw new TokenizerError('TOKENIZER_UNK_MISSING', message);
  }

  toJSON(): JsonObject {
    return { type: 'WordLevel', vocab: this.vocabulary.toJSON(), unk_token: this.unkToken };
  }
}
