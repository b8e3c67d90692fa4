import { type CausalModel, logLikelihoods, type Scored } from '@gerbert/transformer';

export interface ScoreOptions {
  /** Tokens of context and prediction together. Default: the model's positions. */
  window?: number;
  /** How far each window moves; every token but the first few has at least window − stride tokens before it. Default: window / 2. */
  stride?: number;
  /** First token to score. Default 1. */
  from?: number;
  signal?: AbortSignal;
}

/**
 * Negative log-likelihood of a text, in nats, each token from `from` on predicted once from a sliding window of the tokens before it: the
 * protocol behind the perplexities reported here.
 */
export async function scoreText(
  model: CausalModel,
  tokens: Int32Array,
  { window = model.maxPositions, stride = Math.max(1, Math.floor(window / 2)), from = 1, signal }: ScoreOptions = {},
): Promise<{ nll: number; tokens: number }> {
  const windows: Scored[] = [];
  for (let next = Math.max(1, from); next < tokens.length; ) {
    const end = Math.min(tokens.length, next === 1 ? 1 + window : next + stride);
    const begin = Math.max(0, end - 1 - window);
    windows.push({ tokens: tokens.subarray(begin, end), from: next - begin });
    next = end;
  }
  const sums = await logLikelihoods(model, windows, { signal });
  return { nll: -sums.reduce((a, b) => a + b, 0), tokens: Math.max(0, tokens.length - Math.max(1, from)) };
}
