import { completeToken } from '../added-tokens/added-token.js';
import { ByteLevelDecoder } from '../decoders/byte-level.js';
import { Bpe, type MergePair } from '../models/bpe.js';
import { checkOptions } from '../options.js';
import { ByteLevelProcessing } from '../post-processors/byte-level.js';
import { ByteLevelPreTokenizer } from '../pre-tokenizers/byte-level.js';
import type { TokenizerParts } from '../tokenizer-core.js';
import { specialTokens, toVocabulary, type VocabularyInput } from './vocabulary-input.js';

export interface Gpt2TokenizerOptions {
  vocab: VocabularyInput;
  merges: readonly MergePair[];
  /** False by default: a space before the first word. */
  addPrefixSpace?: boolean;
  /** Special tokens; `<|endoftext|>` by default, where the vocabulary has it. */
  specialTokens?: readonly string[];
}

/** GPT-2's tokenizer over a vocabulary and merges (Radford et al. 2019). Special tokens that are new are added. */
export function gpt2Parts(options: Gpt2TokenizerOptions): TokenizerParts {
  checkOptions(options, ['vocab', 'merges', 'addPrefixSpace', 'specialTokens'], 'gpt2Tokenizer');
  const vocabulary = toVocabulary(options.vocab);
  const addPrefixSpace = options.addPrefixSpace ?? false;
  const byteLevel = { addPrefixSpace, trimOffsets: true, useRegex: true };
  return {
    preTokenizer: new ByteLevelPreTokenizer(byteLevel),
    model: new Bpe({ vocabulary, merges: options.merges }),
    postProcessor: new ByteLevelProcessing({ ...byteLevel, addPrefixSpace: true, trimOffsets: false }),
    decoder: new ByteLevelDecoder({ ...byteLevel, addPrefixSpace: true }),
    addedTokens: options.specialTokens
      ? options.specialTokens.map((token) => completeToken(token, true))
      : specialTokens(vocabulary, ['<|endoftext|>']),
  };
}
