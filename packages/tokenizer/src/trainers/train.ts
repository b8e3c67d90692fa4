import { TokenizerError } from '../errors.js';
import { checkInteger } from '../options.js';
import { MergeTrainer, type MergeTrainingOptions, type MergeTrainingResult } from './merge-trainer.js';
import { Pacer } from './pacer.js';
import { type Corpus, countWords, type WordSplitter } from './word-counter.js';

/** `count`: `done` code units of text read. `merge`: `done` of `total` tokens in the vocabulary. */
export interface TrainingProgress {
  stage: 'count' | 'merge';
  done: number;
  total?: number;
}

/** What all trainers take. */
export interface TrainingOptions {
  /** Tokens to end up with; 30,000 by default. The alphabet and the special tokens are kept even where they are more. */
  vocabSize?: number;
  /** Pairs that occur less often are not merged; 2 by default. */
  minFrequency?: number;
  /** First in the vocabulary, in this order. */
  specialTokens?: readonly string[];
  /** Most characters of the alphabet, the most frequent ones. */
  limitAlphabet?: number;
  /** Characters of the alphabet even where the corpus lacks them. */
  initialAlphabet?: readonly string[];
  /** Merging two symbols into one of this many characters or more is not done. */
  maxTokenLength?: number;
  /** Ends the training; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: TrainingProgress) => void;
}

export const TRAINING_OPTIONS = [
  'vocabSize',
  'minFrequency',
  'specialTokens',
  'limitAlphabet',
  'initialAlphabet',
  'maxTokenLength',
  'signal',
  'onProgress',
];

export interface TrainingPlan {
  corpus: Corpus;
  splitter: WordSplitter;
  options: TrainingOptions;
  continuingSubwordPrefix: string;
  /** From a word of the splitter to the text whose characters are merged. */
  spell?: (word: string) => string;
}

function checkedOptions({ options, continuingSubwordPrefix }: TrainingPlan): MergeTrainingOptions {
  const { vocabSize = 30000, minFrequency = 2, limitAlphabet, maxTokenLength, initialAlphabet = [] } = options;
  for (const character of initialAlphabet) {
    if ([...character].length === 1) continue;
    const message = `initialAlphabet must hold single characters, not "${character}".`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  }
  return {
    vocabSize: checkInteger(vocabSize, 1, 'vocabSize'),
    minFrequency: checkInteger(minFrequency, 0, 'minFrequency'),
    limitAlphabet: limitAlphabet === undefined ? undefined : checkInteger(limitAlphabet, 1, 'limitAlphabet'),
    maxTokenLength: maxTokenLength === undefined ? Infinity : checkInteger(maxTokenLength, 1, 'maxTokenLength'),
    initialAlphabet,
    specialTokens: options.specialTokens ?? [],
    continuingSubwordPrefix,
  };
}

async function respell(
  words: ReadonlyMap<string, number>,
  spell: (word: string) => string,
  pacer: Pacer,
): Promise<Map<string, number>> {
  const spelt = new Map<string, number>();
  for (const [word, count] of words) {
    const key = spell(word);
    spelt.set(key, (spelt.get(key) ?? 0) + count);
    if ((spelt.size & 255) === 0 && pacer.due) await pacer.pause();
  }
  return spelt;
}

/** Counts words, then learns merges; the event loop gets its turn at least every 50 ms. */
export async function train(plan: TrainingPlan): Promise<MergeTrainingResult> {
  const options = checkedOptions(plan);
  const { signal, onProgress } = plan.options;
  const pacer = new Pacer(signal);
  let words = await countWords(plan.corpus, plan.splitter, pacer, (done) => onProgress?.({ stage: 'count', done }));
  if (plan.spell !== undefined) words = await respell(words, plan.spell, pacer);
  return new MergeTrainer(options).train(words, pacer, (done) => {
    onProgress?.({ stage: 'merge', done, total: options.vocabSize });
  });
}
