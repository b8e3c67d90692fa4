import { Tokenizer } from '../tokenizer.js';
import { type BertTokenizerOptions, bertParts } from './bert.js';
import { type Gpt2TokenizerOptions, gpt2Parts } from './gpt2.js';
import { type TiktokenOptions, tiktokenParts } from './tiktoken.js';

export type { BertTokenizerOptions } from './bert.js';
export type { Gpt2TokenizerOptions } from './gpt2.js';
export type { TiktokenEncoding, TiktokenOptions } from './tiktoken.js';
export type { VocabularyInput } from './vocabulary-input.js';

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

/**
 * A tokenizer of OpenAI's tiktoken over its file of ranks: `{ ranks, encoding: 'o200k_base' }`, or with a pattern and special
 * tokens of one's own. `encode` finds special tokens in texts, unless `encodeSpecialTokens` is set.
 * @throws TokenizerError `TOKENIZER_FILE_MALFORMED` with the line of the ranks; `TOKENIZER_OPTION_INVALID`
 */
export function tiktokenTokenizer(options: TiktokenOptions): Tokenizer {
  return new Tokenizer(tiktokenParts(options));
}
