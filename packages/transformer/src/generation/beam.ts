import type { CausalModel } from './model.js';
import type { ResolvedOptions } from './options.js';
import { processorsOf } from './processors.js';
import { expectToken, logProbabilities } from './sampling.js';
import { breathe, nextLogits } from './step.js';

export interface Generated {
  /** New tokens, without the prompt and the end token. */
  tokens: number[];
  /** Σ log p of the tokens (and of the end token, where one was reached), in nats, under the processed logits. */
  logProbability: number;
  /** Whether an end token was reached. */
  ended: boolean;
}

interface Hypothesis extends Generated {
  slot: number;
}

/**
 * Beam search: of all continuations of the hypotheses by one token, those among the `beams` best that end are set aside, and the `beams` best that do
 * not end live on, until none alive can still win.
 * Score: log p / length^lengthPenalty (Wu et al. 2016, with their α as a plain power), the end token counted in the length.
 */
export async function beamSearch(
  model: CausalModel,
  prompt: readonly number[],
  options: ResolvedOptions,
): Promise<Generated[]> {
  const { beams, maxNewTokens, lengthPenalty, signal } = options;
  const cache = model.cache(beams, prompt.length + maxNewTokens);
  const processors = processorsOf(options, prompt.length);
  const scoreAt = (length: number, logProbability: number) => logProbability / Math.max(1, length) ** lengthPenalty;
  const score = ({ tokens, logProbability, ended }: Generated) =>
    scoreAt(tokens.length + (ended ? 1 : 0), logProbability);
  // log p only falls from here, so that the best length is the longest, or with a penalty below 0 the one reached.
  const bestScore = ({ tokens, logProbability }: Generated) =>
    scoreAt(lengthPenalty > 0 ? maxNewTokens : tokens.length, logProbability);
  const finished: Generated[] = [];
  let alive: Hypothesis[] = [{ tokens: [], logProbability: 0, ended: false, slot: 0 }];
  try {
    let fed: (readonly number[])[] = [prompt];
    for (let step = 0; step < maxNewTokens && alive.length > 0; step++) {
      signal?.throwIfAborted();
      const logits = await nextLogits(model, cache, fed);
      const candidates = alive.flatMap((hypothesis, i) => {
        const row = logits[i]!;
        for (const process of processors) process(row, [...prompt, ...hypothesis.tokens]);
        return extensions(hypothesis, row, beams + options.endTokens.length);
      });
      // A hypothesis that nothing may follow is dropped; when all are, an error says why.
      if (candidates.length === 0 && finished.length === 0) expectToken(logits[0]!);
      candidates.sort((a, b) => b.logProbability - a.logProbability || a.slot - b.slot || a.token - b.token);
      alive = [];
      const sources: number[] = [];
      for (const [rank, { token, slot, tokens, logProbability }] of candidates.entries()) {
        if (alive.length === beams) break;
        if (options.endTokens.includes(token)) {
          if (rank < beams) finished.push({ tokens, logProbability, ended: true });
        } else {
          alive.push({ tokens: [...tokens, token], logProbability, ended: false, slot: sources.length });
          sources.push(slot);
        }
      }
      finished.sort((a, b) => score(b) - score(a)).splice(beams);
      const [best] = alive;
      if (!best || (finished.length === beams && bestScore(best) < score(finished.at(-1)!))) break;
      cache.select(Array.from({ length: beams }, (_, slot) => sources[slot] ?? slot));
      fed = alive.map(({ tokens }) => [tokens.at(-1)!]);
      await breathe();
    }
  } finally {
    cache.dispose();
  }
  const all: Generated[] = [...finished, ...alive.map(({ slot: _, ...generated }) => generated)];
  return all.sort((a, b) => score(b) - score(a)).slice(0, options.sequences);
}

function extensions(hypothesis: Hypothesis, logits: Float32Array, count: number) {
  const logs = logProbabilities(logits);
  const tokens = Array.from(logs.keys()).sort((a, b) => logs[b]! - logs[a]! || a - b);
  const allowed = tokens.slice(0, count).filter((token) => logs[token]! > Number.NEGATIVE_INFINITY);
  return allowed.map((token) => ({
    ...hypothesis,
    token,
    logProbability: hypothesis.logProbability + logs[token]!,
  }));
}
