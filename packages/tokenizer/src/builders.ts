import { type BertTokenizerOptions, bertParts } from './builders/bert.js';
import { type Gpt2TokenizerOptions, gpt2Parts } from './builders/gpt2.js';
import { Tokenizer } from './tokenizer.js';

export type { BertTokenizerOptions } from './builders/bert.js';
export type { Gpt2TokenizerOptions } from './builders/gpt2.js';
export type { VocabularyInput } from './builders/vocabulary-input.js';

/**
 * BERT's tokenizer over a vocabulary (Devlin et al. 2019).
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where the vocabulary lacks the separator or classification token.
 */
export function bertTokenizer(options: BertTokenizerOptions): Tokenizer {
  return new Tokenizer(bertParts(options));
}

/** GPT-2's tokenizer over a vocabulary and merges (Radford et al. 2019). Special tokens that are new are added. */
export function gpt2Tokenizer(options: Gpt2TokenizerOptions): Tokenizer {
  return new Tokenizer(gpt2Parts(options));
}
