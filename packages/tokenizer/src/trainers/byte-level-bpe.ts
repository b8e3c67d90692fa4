import { gpt2Tokenizer } from '../builders.js';
import { checkOptions } from '../options.js';
import { byteAlphabet, toByteAlphabet } from '../text/byte-alphabet.js';
import type { Tokenizer } from '../tokenizer.js';
import { TRAINING_OPTIONS, type TrainingOptions, train } from './train.js';
import { type Corpus, gpt2Splitter } from './word-counter.js';

export interface ByteLevelBpeTrainingOptions extends TrainingOptions {
  /** False by default: a space before the first word of every text. */
  addPrefixSpace?: boolean;
}

async function* withPrefixSpace(corpus: Corpus): AsyncGenerator<string> {
  for await (const text of corpus) yield text === '' || text.startsWith(' ') ? text : ` ${text}`;
}

/**
 * Learns a GPT-2 tokenizer; the vocabulary is the special tokens (`<|endoftext|>` by default), the 256 bytes, then the
 * merges. `initialAlphabet` defaults to all bytes, in the byte alphabet. The same corpus and options give the same
 * tokenizer, whatever the order of the texts, and the same as the Rust library's trainer.
 */
export async function trainByteLevelBpe(corpus: Corpus, options: ByteLevelBpeTrainingOptions = {}): Promise<Tokenizer> {
  checkOptions(options, [...TRAINING_OPTIONS, 'addPrefixSpace'], 'trainByteLevelBpe');
  const { specialTokens = ['<|endoftext|>'], addPrefixSpace = false, initialAlphabet = byteAlphabet() } = options;
  const { tokens, merges } = await train({
    corpus: addPrefixSpace && typeof corpus !== 'string' ? withPrefixSpace(corpus) : corpus,
    splitter: gpt2Splitter,
    options: { ...options, specialTokens, initialAlphabet },
    continuingSubwordPrefix: '',
    spell: toByteAlphabet,
  });
  return gpt2Tokenizer({ vocab: tokens, merges, addPrefixSpace, specialTokens });
}
