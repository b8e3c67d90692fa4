import { GerbertError, type RandomStream } from '@gerbert/tensor';
import type { ResolvedOptions } from './options.js';

/** The first of the greatest. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Throws `NO_TOKEN` unless some token has a finite logit, and none NaN. */
export function expectToken(logits: Float32Array): void {
  let some = false;
  for (const logit of logits) {
    some ||= logit > Number.NEGATIVE_INFINITY;
    if (Number.isNaN(logit)) throw new GerbertError('NO_TOKEN', 'generate(): the model gave a logit that is NaN.');
  }
  if (some) return;
  throw new GerbertError(
    'NO_TOKEN',
    'generate(): every token is forbidden here; loosen noRepeatNgram, minNewTokens or the processors.',
  );
}

/** Draws a token from softmax(logits / temperature), cut down by topK, minP and topP in that order. */
export function drawToken(
  logits: Float32Array,
  { temperature, topK, topP, minP }: Pick<ResolvedOptions, 'temperature' | 'topK' | 'topP' | 'minP'>,
  random: RandomStream,
): number {
  let tokens = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  if (topK > 0) tokens = tokens.slice(0, topK);
  const top = logits[tokens[0]!]!;
  const weights = tokens.map((token) => Math.exp((logits[token]! - top) / temperature));
  let count = weights.length;
  if (minP > 0) count = weights.findIndex((w) => w < minP);
  if (count === -1) count = weights.length;
  if (topP < 1) count = Math.min(count, nucleus(weights.slice(0, count), topP));
  const total = weights.slice(0, count).reduce((sum, w) => sum + w, 0);
  let at = random.next() * total;
  for (let i = 0; i < count - 1; i++) {
    at -= weights[i]!;
    if (at < 0) return tokens[i]!;
  }
  return tokens[count - 1]!;
}

/** How many of the descending weights reach share p of their sum. */
function nucleus(weights: readonly number[], p: number): number {
  const enough = p * weights.reduce((sum, w) => sum + w, 0);
  let sum = 0;
  const last = weights.findIndex((w) => {
    sum += w;
    return sum >= enough;
  });
  return last + 1;
}

/** Log-softmax on the host, in f64. */
export function logProbabilities(logits: Float32Array): Float64Array {
  const top = logits[argmax(logits)]!;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  const lse = top + Math.log(sum);
  return Float64Array.from(logits, (logit) => logit - lse);
}
