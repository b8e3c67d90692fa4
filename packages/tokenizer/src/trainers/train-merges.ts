import { checkInteger } from '../options.js';
import { MergeTrainer, type MergeTrainingResult } from './merge-trainer.js';
import { checkAlphabet, checkOptional, checkSpecialTokens, checkText, type TrainingOptions } from './options.js';
import type { Pacer } from './pacer.js';
import type { CountedWords } from './word-table.js';

/**
 * The trainer's options, checked, as a function that learns from counted words. Defaults are those of the Rust library's
 * builders; WordPiece is the same trainer with the prefix `##`.
 */
export function mergeTraining(options: TrainingOptions, prefix: string) {
  const { vocabSize = 30000, minFrequency = 0, limitAlphabet, maxTokenLength, initialAlphabet } = options;
  const trainer = new MergeTrainer({
    vocabSize: checkInteger(vocabSize, 1, 'vocabSize'),
    minFrequency: checkInteger(minFrequency, 0, 'minFrequency'),
    limitAlphabet: checkOptional(limitAlphabet, 1, 'limitAlphabet'),
    maxTokenLength: checkOptional(maxTokenLength, 1, 'maxTokenLength') ?? Infinity,
    initialAlphabet: checkAlphabet(initialAlphabet),
    specialTokens: checkSpecialTokens(options.specialTokens).map(({ content }) => content),
    continuingSubwordPrefix: checkText(options.continuingSubwordPrefix ?? prefix, 'continuingSubwordPrefix'),
    endOfWordSuffix: checkText(options.endOfWordSuffix ?? '', 'endOfWordSuffix'),
  });
  return (words: CountedWords, pacer: Pacer): Promise<MergeTrainingResult> =>
    trainer.train(words, pacer, (done) => options.onProgress?.({ stage: 'merge', done, total: vocabSize }));
}
