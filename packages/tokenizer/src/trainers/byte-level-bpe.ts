import type { AddedTokenInput } from '../added-tokens/added-token.js';
import { checkOptions } from '../options.js';
import { byteAlphabet } from '../text/byte-alphabet.js';
import type { Tokenizer } from '../tokenizer.js';
import { MERGE_OPTIONS, type TrainingOptions } from './options.js';
import { trainTokenizer } from './train.js';
import type { Corpus } from './word-counter.js';

export interface ByteLevelBpeTrainingOptions extends TrainingOptions {
  /** False by default: a space before the first word of every text. */
  addPrefixSpace?: boolean;
}

/**
 * Learns a GPT-2 tokenizer; the vocabulary is the special tokens (`<|endoftext|>` by default), the 256 bytes, then the
 * merges. `initialAlphabet` defaults to all bytes, in the byte alphabet, `minFrequency` to 2.
 */
export async function trainByteLevelBpe(corpus: Corpus, options: ByteLevelBpeTrainingOptions = {}): Promise<Tokenizer> {
  checkOptions(options, [...MERGE_OPTIONS, 'addPrefixSpace'], 'trainByteLevelBpe');
  const { addPrefixSpace = false, ...rest } = options;
  const specialTokens: readonly AddedTokenInput[] = options.specialTokens ?? ['<|endoftext|>'];
  const byteLevel = { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true };
  return trainTokenizer(corpus, {
    minFrequency: 2,
    initialAlphabet: byteAlphabet(),
    ...rest,
    model: 'bpe',
    specialTokens,
    preTokenizer: byteLevel,
    postProcessor: { ...byteLevel, add_prefix_space: true, trim_offsets: false },
    decoder: { ...byteLevel, add_prefix_space: true },
  });
}
