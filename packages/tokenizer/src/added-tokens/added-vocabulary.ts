import { TokenizerError } from '../errors.js';
import type { Json } from '../json/fields.js';
import type { Vocabulary } from '../models/vocabulary.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { AlignedText } from '../text/aligned-text.js';
import { type AddedToken, writeAddedToken } from './added-token.js';
import { AddedTokenMatcher } from './matcher.js';

/** The added tokens of a tokenizer, on top of its model's vocabulary. */
export class AddedVocabulary {
  readonly #model: Vocabulary;
  readonly #normalizer: Normalizer | undefined;
  readonly #ids = new Map<string, number>();
  readonly #tokens = new Map<number, AddedToken>();
  /** What is looked for and given back where it differs from the content: the normalized content. */
  readonly #forms = new Map<number, string>();
  /** Looks in the text as given. */
  raw = new AddedTokenMatcher();
  /** Looks in the normalized text. */
  normalized = new AddedTokenMatcher();

  constructor(model: Vocabulary, normalizer: Normalizer | undefined) {
    this.#model = model;
    this.#normalizer = normalizer;
  }

  /** Adds tokens; one that the model knows keeps its id, others are numbered on. Returns how many were new or changed. */
  add(tokens: Iterable<AddedToken>): number {
    let next = this.#model.size;
    for (const id of this.#tokens.keys()) next = Math.max(next, id + 1);
    let changed = 0;
    for (const token of tokens) {
      if (token.content === '') {
        throw new TokenizerError('TOKENIZER_OPTION_INVALID', 'An added token must not be empty.');
      }
      const id = this.#ids.get(token.content) ?? this.#model.id(token.content) ?? next++;
      const known = this.#tokens.get(id);
      if (known !== undefined && JSON.stringify(known) === JSON.stringify(token)) continue;
      changed++;
      this.#ids.set(token.content, id);
      this.#tokens.set(id, token);
      this.#forms.delete(id);
      if (!token.normalized || this.#normalizer === undefined) continue;
      const form = this.#normalizer.normalize(AlignedText.untracked(token.content)).text;
      if (form !== token.content) this.#forms.set(id, form);
    }
    this.#rebuild();
    return changed;
  }

  id(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** The token's text; its normalized form where it is looked for in normalized text. */
  token(id: number): string | undefined {
    return this.#forms.get(id) ?? this.#tokens.get(id)?.content;
  }

  get(id: number): AddedToken | undefined {
    return this.#tokens.get(id);
  }

  /** In the order of their ids. */
  entries(): [number, AddedToken][] {
    return [...this.#tokens].sort(([a], [b]) => a - b);
  }

  toJSON(): Json[] {
    return this.entries().map(([id, token]) => writeAddedToken(id, token));
  }

  #rebuild(): void {
    this.raw = new AddedTokenMatcher();
    this.normalized = new AddedTokenMatcher();
    for (const [id, token] of this.#tokens) {
      if (token.normalized) this.normalized.add(this.token(id)!, id, token);
      else this.raw.add(token.content, id, token);
    }
  }
}
