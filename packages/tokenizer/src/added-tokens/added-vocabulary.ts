import type { Json } from '../json/fields.js';
import type { Vocabulary } from '../models/vocabulary.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { AlignedText } from '../text/aligned-text.js';
import { wellFormed } from '../unicode/well-formed.js';
import { type AddedToken, sameToken, writeAddedToken } from './added-token.js';
import { AddedTokenMatcher } from './matcher.js';

/** The added tokens of a tokenizer, on top of its model's vocabulary. */
export class AddedVocabulary {
  readonly #model: Vocabulary;
  readonly #normalizer: Normalizer | undefined;
  readonly #ids = new Map<string, number>();
  readonly #tokens = new Map<number, AddedToken>();
  /** What stands for a token where it differs from the content: the normalized content. It stays once it is there. */
  readonly #forms = new Map<number, string>();
  /** Contents that were ever added as special. */
  readonly #special = new Set<string>();
  /** Looks in the text as given. */
  raw = new AddedTokenMatcher();
  /** Looks in the normalized text. */
  normalized = new AddedTokenMatcher();

  constructor(model: Vocabulary, normalizer: Normalizer | undefined) {
    this.#model = model;
    this.#normalizer = normalizer;
  }

  /**
   * Adds tokens; one that the model knows keeps its id, others are numbered on. Empty ones are passed over. Returns how
   * many were new or changed.
   */
  add(tokens: Iterable<AddedToken>): number {
    let next = this.#model.size;
    for (const id of this.#tokens.keys()) next = Math.max(next, id + 1);
    let changed = 0;
    for (const given of tokens) {
      const token = { ...given, content: wellFormed(given.content) };
      const { content } = token;
      const known = this.#ids.get(content);
      if (content === '' || (known !== undefined && sameToken(this.#tokens.get(known)!, token))) continue;
      changed++;
      const id = known ?? this.#model.id(content) ?? next++;
      if (token.normalized) this.#keepForm(id, content);
      if (token.special) this.#special.add(content);
      this.#ids.set(content, id);
      this.#tokens.set(id, token);
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

  /** The token as it was added. */
  content(id: number): string | undefined {
    return this.#tokens.get(id)?.content;
  }

  /** Whether decoding may leave out a token with this text. */
  isSpecial(token: string): boolean {
    return this.#special.has(token);
  }

  /** In the order of their ids. */
  entries(): [number, AddedToken][] {
    return [...this.#tokens].sort(([a], [b]) => a - b);
  }

  toJSON(): Json[] {
    return this.entries().map(([id, token]) => writeAddedToken(id, token));
  }

  /** Runs `work`, during which special tokens in texts are plain text. */
  withPlainSpecial<T>(work: () => T): T {
    return this.raw.withPlainSpecial(this.#special, () => this.normalized.withPlainSpecial(this.#special, work));
  }

  #keepForm(id: number, content: string): void {
    const form = this.#normalizer?.normalize(AlignedText.untracked(content)).text ?? content;
    if (form !== content) this.#forms.set(id, form);
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
