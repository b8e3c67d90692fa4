import { type AddedToken, type AddedTokenInput, completeToken } from '../added-tokens/added-token.js';
import { TokenizerError } from '../errors.js';
import { checkInteger } from '../options.js';

/**
 * `count`: `done` code units of text read. `merge`: `done` of `total` tokens in the vocabulary. `prune`: `done` pieces are
 * left, on the way down to `total`.
 */
export interface TrainingProgress {
  stage: 'count' | 'merge' | 'prune';
  done: number;
  total?: number;
}

/** What all trainers take. */
export interface CommonTrainingOptions {
  /**
   * Tokens to end up with; 30,000 by default, 8,000 for Unigram. The alphabet and the special tokens are kept even where
   * they are more (not with WordLevel).
   */
  vocabSize?: number;
  /** First in the vocabulary, in this order. */
  specialTokens?: readonly AddedTokenInput[];
  /** Ends the training; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: TrainingProgress) => void;
}

/** What the trainers by merging take, BPE and WordPiece. */
export interface TrainingOptions extends CommonTrainingOptions {
  /** Pairs that occur less often are not merged. */
  minFrequency?: number;
  /** Most characters of the alphabet, the most frequent ones. */
  limitAlphabet?: number;
  /** Characters of the alphabet even where the corpus lacks them. */
  initialAlphabet?: readonly string[];
  /** Merging two symbols into one of this many characters or more is not done. */
  maxTokenLength?: number;
  /** What symbols inside a word begin with; nothing by default, `##` for WordPiece. */
  continuingSubwordPrefix?: string;
  /** What the last symbol of a word ends with; nothing by default. */
  endOfWordSuffix?: string;
}

export interface WordLevelTrainingOptions extends CommonTrainingOptions {
  /** Words that occur less often are left out; 0 by default. */
  minFrequency?: number;
}

export interface UnigramTrainingOptions extends CommonTrainingOptions {
  /** Characters of the vocabulary even where the corpus lacks them. */
  initialAlphabet?: readonly string[];
  /** Stands for what the vocabulary does not cover; none by default. It comes first where it is no special token. */
  unkToken?: string;
  /** Share of the pieces that one round of pruning leaves; 0.75 by default. */
  shrinkingFactor?: number;
  /** Rounds of expectation and maximization before each pruning; 2 by default. */
  nSubIterations?: number;
  /** Most characters of a piece; 16 by default. */
  maxPieceLength?: number;
  /** Most pieces to begin with; 1,000,000 by default. */
  seedSize?: number;
}

const COMMON = ['vocabSize', 'specialTokens', 'signal', 'onProgress'];

export const MERGE_OPTIONS: readonly string[] = [
  ...COMMON,
  'minFrequency',
  'limitAlphabet',
  'initialAlphabet',
  'maxTokenLength',
  'continuingSubwordPrefix',
  'endOfWordSuffix',
];

export const WORD_LEVEL_OPTIONS: readonly string[] = [...COMMON, 'minFrequency'];

export const UNIGRAM_OPTIONS: readonly string[] = [
  ...COMMON,
  'initialAlphabet',
  'unkToken',
  'shrinkingFactor',
  'nSubIterations',
  'maxPieceLength',
  'seedSize',
];

function invalid(message: string): TokenizerError {
  return new TokenizerError('TOKENIZER_OPTION_INVALID', message);
}

export function checkAlphabet(alphabet: readonly string[] = []): readonly string[] {
  if (!Array.isArray(alphabet)) throw invalid('initialAlphabet must be an array of characters.');
  for (const character of alphabet) {
    if (typeof character === 'string' && [...character].length === 1) continue;
    throw invalid(`initialAlphabet must hold single characters, not ${JSON.stringify(character)}.`);
  }
  return alphabet;
}

/** An integer that may be left out. */
export function checkOptional(value: number | undefined, least: number, what: string): number | undefined {
  return value === undefined ? undefined : checkInteger(value, least, what);
}

export function checkText(value: string, what: string): string {
  if (typeof value === 'string') return value;
  throw invalid(`${what} must be a string, not ${typeof value}.`);
}

/** The special tokens with all their properties. */
export function checkSpecialTokens(tokens: readonly AddedTokenInput[] = []): AddedToken[] {
  if (!Array.isArray(tokens)) throw invalid('specialTokens must be an array of tokens.');
  return tokens.map((token) => {
    const complete = completeToken(token, true);
    if (typeof complete.content === 'string' && complete.content !== '') return complete;
    throw invalid(`specialTokens must hold non-empty texts, not ${JSON.stringify(token)}.`);
  });
}
