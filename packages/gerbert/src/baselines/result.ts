import { BaselineError } from './errors.js';

/** What a language model makes of a text: the sum every other figure is computed from. */
export interface Score {
  /** Negative log-likelihood of the scored tokens, in nats, summed. */
  readonly nll: number;
  /** How many tokens were scored. */
  readonly tokens: number;
}

/** The figures by which language models are compared, whatever they are made of. */
export interface LanguageModelResult {
  /** exp(nll / tokens): comparable between models of one tokenizer only. */
  readonly perplexity: number;
  /** nll / (bytes · ln 2): comparable between tokenizers. */
  readonly bitsPerByte: number;
  /** Training tokens the model has read, every epoch counted. */
  readonly tokensSeen: number;
}

/**
 * The result of a score. `bytes`: how many UTF-8 bytes the scored tokens stand for; `tokensSeen`: training tokens read.
 * @throws BaselineError `BASELINE_ARGUMENT_INVALID` when there is nothing to divide by.
 */
export function languageModelResult(
  { nll, tokens }: Score,
  { bytes, tokensSeen }: { readonly bytes: number; readonly tokensSeen: number },
): LanguageModelResult {
  if (!(tokens > 0) || !(bytes > 0)) {
    const message = `A result needs scored tokens and the bytes they stand for, not ${tokens} tokens of ${bytes} bytes.`;
    throw new BaselineError('BASELINE_ARGUMENT_INVALID', message);
  }
  return { perplexity: Math.exp(nll / tokens), bitsPerByte: nll / (bytes * Math.LN2), tokensSeen };
}

/** Every model of this folder: the probability of a token after a context, and the score of a text. */
export interface LanguageModel {
  readonly vocabSize: number;
  /** Training tokens read. */
  readonly tokensSeen: number;
  /** ln p(token | context); the last token of `context` is the nearest. */
  logProb(context: ArrayLike<number>, token: number): number;
  /**
   * Scores tokens[from], tokens[from + 1], … each after all tokens before it, those of earlier documents included: contexts cross
   * the end-of-text token, as they do for a GPT that reads one packed stream. `from` defaults to 0; a model that cannot predict the first
   * token of a stream is compared with `from: 1`.
   */
  score(tokens: Int32Array, options?: { readonly from?: number; readonly signal?: AbortSignal }): Promise<Score>;
}
