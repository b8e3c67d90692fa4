import { checkOptions, GerbertError } from '@gerbert/tensor';
import { type CausalModel, checkWhole, logLikelihoods, type Scored } from '@gerbert/transformer';

export interface ScoreOptions {
  /** Most tokens the model reads to predict one: its context. Default (and at most): the model's positions. */
  window?: number;
  /** How far each window moves; every token but the first few is predicted from more than window − stride tokens. At most `window`. Default: window / 2. */
  stride?: number;
  /** First token to score. Default 1. */
  from?: number;
  signal?: AbortSignal;
}

/**
 * Negative log-likelihood of a text, in nats, each token from `from` on predicted once from a sliding window of the tokens before it: the
 * protocol behind the perplexities reported here.
 *
 * @throws `OPTION_UNKNOWN`, `OPTION_RANGE`; the signal's reason when aborted
 */
export async function scoreText(
  model: CausalModel,
  tokens: Int32Array,
  options: ScoreOptions = {},
): Promise<{ nll: number; tokens: number }> {
  checkOptions('scoreText()', options, ['window', 'stride', 'from', 'signal']);
  const { window = model.maxPositions, from = 1, signal } = options;
  const { stride = Math.max(1, Math.floor(window / 2)) } = options;
  checkWhole('scoreText(): window', window, 1);
  checkWhole('scoreText(): stride', stride, 1);
  checkWhole('scoreText(): from', from, 1);
  if (window > model.maxPositions || stride > window) {
    const what = `stride ${stride} ≤ window ${window} ≤ ${model.maxPositions} (the model's positions)`;
    throw new GerbertError('OPTION_RANGE', `scoreText(): ${what} does not hold.`);
  }
  const windows: Scored[] = [];
  for (let next = from; next < tokens.length; ) {
    const end = Math.min(tokens.length, next === 1 ? 1 + window : next + stride);
    const begin = Math.max(0, end - 1 - window);
    windows.push({ tokens: tokens.subarray(begin, end), from: next - begin });
    next = end;
  }
  const sums = await logLikelihoods(model, windows, { signal });
  return { nll: sums.reduce((nll, log) => nll - log, 0), tokens: Math.max(0, tokens.length - from) };
}
