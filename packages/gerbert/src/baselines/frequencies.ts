import { BaselineError, checkInteger, checkOptions, checkTokens } from './errors.js';
import type { LanguageModel, Score } from './result.js';

/** A model that looks at no context. */
class Unconditional implements LanguageModel {
  readonly vocabSize: number;
  readonly tokensSeen: number;
  readonly #logProbs: Float64Array;

  constructor(logProbs: Float64Array, tokensSeen: number) {
    this.vocabSize = logProbs.length;
    this.tokensSeen = tokensSeen;
    this.#logProbs = logProbs;
  }

  logProb(_context: ArrayLike<number>, token: number): number {
    checkTokens([token], this.vocabSize, 'token');
    return this.#logProbs[token];
  }

  async score(tokens: Int32Array, options: { from?: number; signal?: AbortSignal } = {}): Promise<Score> {
    checkOptions(options, ['from', 'signal'], 'score');
    const { from = 0, signal } = options;
    signal?.throwIfAborted();
    checkInteger(from, { least: 0, most: tokens.length }, 'from');
    checkTokens(tokens, this.vocabSize, 'tokens');
    let nll = 0;
    for (let i = from; i < tokens.length; i++) nll -= this.#logProbs[tokens[i]];
    return { nll, tokens: tokens.length - from };
  }
}

/** Every token equally likely: ln p = −ln vocabSize. */
export function uniform(vocabSize: number): LanguageModel {
  checkInteger(vocabSize, { least: 1, most: 2 ** 31 - 2 }, 'vocabSize');
  return new Unconditional(new Float64Array(vocabSize).fill(-Math.log(vocabSize)), 0);
}

/**
 * Tokens by their frequency, each counted once more than it occurs (Laplace's rule): p(w) = (c(w) + 1) / (T + vocabSize).
 * @throws BaselineError for an unknown option, no tokens at all, or a token outside the vocabulary.
 */
export function trainUnigram(tokens: Int32Array, options: { readonly vocabSize: number }): LanguageModel {
  checkOptions(options, ['vocabSize'], 'trainUnigram');
  const { vocabSize } = options;
  checkInteger(vocabSize, { least: 1, most: 2 ** 31 - 2 }, 'vocabSize');
  if (tokens.length === 0)
    throw new BaselineError('BASELINE_ARGUMENT_INVALID', 'A unigram model needs training tokens.');
  checkTokens(tokens, vocabSize, 'tokens');
  const counts = new Float64Array(vocabSize).fill(1);
  for (let i = 0; i < tokens.length; i++) counts[tokens[i]]++;
  return new Unconditional(
    counts.map((count) => Math.log(count / (tokens.length + vocabSize))),
    tokens.length,
  );
}
