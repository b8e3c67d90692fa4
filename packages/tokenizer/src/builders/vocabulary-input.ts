import { type AddedToken, completeToken } from '../added-tokens/added-token.js';
import { Vocabulary } from '../models/vocabulary.js';

/** Tokens in the order of their ids, or their ids. */
export type VocabularyInput = Iterable<string> | ReadonlyMap<string, number>;

export function toVocabulary(input: VocabularyInput): Vocabulary {
  if (input instanceof Map) return new Vocabulary(new Map(input));
  const ids = new Map<string, number>();
  let id = 0;
  // A token that is listed twice has its last id.
  for (const token of input as Iterable<string>) ids.set(token, id++);
  return new Vocabulary(ids);
}

/** Those of `contents` that the vocabulary has. */
export function specialTokens(vocabulary: Vocabulary, contents: readonly string[]): AddedToken[] {
  return contents
    .filter((content) => vocabulary.id(content) !== undefined)
    .map((content) => completeToken(content, true));
}
