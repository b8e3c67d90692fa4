import { GerbertError, RandomStream } from '@gerbert/tensor';
import { beamSearch, type Generated } from './beam.js';
import type { CausalModel } from './model.js';
import { type GenerationOptions, type ResolvedOptions, resolve } from './options.js';
import { processorsOf } from './processors.js';
import { argmax, drawToken, expectToken, logProbabilities } from './sampling.js';
import { breathe, nextLogits } from './step.js';

/**
 * Continues a prompt of at least one token: greedily, by beam search (`beams`), or by sampling (`sample`).
 *
 * @throws `OPTION_UNKNOWN`, `OPTION_RANGE`, `OPTION_CONFLICT`; `CONTEXT_LENGTH` where prompt and new tokens exceed the model's positions;
 *   `NO_TOKEN` where the processors (or a model with broken weights) leave no token to go on with; the signal's reason when aborted
 */
export async function generate(
  model: CausalModel,
  prompt: ArrayLike<number>,
  options: GenerationOptions,
): Promise<Generated[]> {
  const resolved = resolve(options);
  const tokens = checkPrompt(model, prompt, resolved);
  if (resolved.beams > 1) return beamSearch(model, tokens, resolved);
  const results: Generated[] = [];
  for (let i = 0; i < resolved.sequences; i++) {
    const result: Generated = { tokens: [], logProbability: 0, ended: false };
    for await (const { token, logProbability, ended } of walk(model, tokens, resolved, i)) {
      result.logProbability += logProbability;
      if (ended) result.ended = true;
      else result.tokens.push(token);
    }
    results.push(result);
  }
  return results;
}

/** The new tokens of one sequence as they come, greedily or by sampling. Options and errors as for `generate`, without beams. */
export async function* stream(
  model: CausalModel,
  prompt: ArrayLike<number>,
  options: GenerationOptions,
): AsyncGenerator<number> {
  const resolved = resolve(options);
  if (resolved.beams > 1 || resolved.sequences > 1) {
    throw new GerbertError('OPTION_CONFLICT', 'stream() follows one sequence: use generate() for beams or several.');
  }
  const tokens = checkPrompt(model, prompt, resolved);
  for await (const { token, ended } of walk(model, tokens, resolved, 0)) if (!ended) yield token;
}

interface Step {
  token: number;
  logProbability: number;
  ended: boolean;
}

async function* walk(
  model: CausalModel,
  prompt: readonly number[],
  options: ResolvedOptions,
  sequence: number,
): AsyncGenerator<Step> {
  const random = new RandomStream(options.seed, sequence);
  const processors = processorsOf(options, prompt.length);
  const cache = model.cache(1, prompt.length + options.maxNewTokens);
  const tokens = [...prompt];
  try {
    let fed: readonly number[] = prompt;
    for (let step = 0; step < options.maxNewTokens; step++) {
      options.signal?.throwIfAborted();
      const [logits] = (await nextLogits(model, cache, [fed])) as [Float32Array];
      for (const process of processors) process(logits, tokens);
      expectToken(logits);
      const token = options.sample ? drawToken(logits, options, random) : argmax(logits);
      const ended = options.endTokens.includes(token);
      yield { token, logProbability: logProbabilities(logits)[token]!, ended };
      if (ended) return;
      tokens.push(token);
      fed = [token];
      await breathe();
    }
  } finally {
    cache.dispose();
  }
}

function checkPrompt(model: CausalModel, prompt: ArrayLike<number>, options: ResolvedOptions): number[] {
  const { maxNewTokens, endTokens } = options;
  const tokens = Array.from(prompt);
  if (tokens.length === 0) {
    throw new GerbertError('OPTION_RANGE', 'generate(): the prompt has no token; begin with the end-of-text token.');
  }
  const beyond = endTokens.find((token) => token >= model.vocabSize);
  if (beyond !== undefined) {
    const what = `endTokens holds ${beyond}, but the vocabulary has ${model.vocabSize} tokens`;
    throw new GerbertError('OPTION_RANGE', `generate(): ${what}.`);
  }
  const needed = tokens.length + maxNewTokens;
  if (needed > model.maxPositions) {
    throw new GerbertError(
      'CONTEXT_LENGTH',
      `generate(): ${tokens.length} prompt tokens and ${maxNewTokens} new ones need ${needed} positions; the model has ${model.maxPositions}.`,
    );
  }
  return tokens;
}
