import { checkOptions, crossEntropy, GerbertError, ignoreIndex, noGrad, scope, tensor } from '@gerbert/tensor';
import type { CausalModel } from './generation/model.js';
import { breathe } from './generation/step.js';
import { checkWhole } from './options.js';
import { packed } from './positions.js';

/** A sequence of which the tokens from `from` on are to be scored, each given all before it. */
export interface Scored {
  tokens: ArrayLike<number>;
  /** First token scored, at least 1: the first token of all has no context. */
  from: number;
}

/**
 * Σ log p (nats) of the scored tokens of each sequence, `batch` sequences at a time.
 *
 * @throws `CONTEXT_LENGTH` for a sequence too long, or one whose first token is to be scored; `OPTION_RANGE`; the signal's reason when aborted
 */
export async function logLikelihoods(
  model: CausalModel,
  sequences: readonly Scored[],
  options: { batch?: number; signal?: AbortSignal } = {},
): Promise<number[]> {
  checkOptions('logLikelihoods()', options, ['batch', 'signal']);
  const { batch = 16, signal } = options;
  checkWhole('logLikelihoods(): batch', batch, 1);
  for (const { tokens } of sequences) checkWhole('logLikelihoods(): the number of tokens', tokens.length, 1);
  const results: number[] = [];
  for (let at = 0; at < sequences.length; at += batch) {
    signal?.throwIfAborted();
    results.push(...(await scoreBatch(model, sequences.slice(at, at + batch))));
    await breathe();
  }
  return results;
}

async function scoreBatch(model: CausalModel, sequences: readonly Scored[]): Promise<number[]> {
  const lengths = sequences.map(({ tokens }) => tokens.length - 1);
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  const ids = new Int32Array(rows);
  const targets = new Int32Array(rows).fill(ignoreIndex);
  let row = 0;
  for (const { tokens, from } of sequences) {
    if (tokens.length - 1 > model.maxPositions || !(from >= 1)) {
      const what = !(from >= 1) ? 'the first token has no context' : `the model has ${model.maxPositions} positions`;
      throw new GerbertError('CONTEXT_LENGTH', `Cannot score tokens ${from} to ${tokens.length}: ${what}.`);
    }
    for (let i = 0; i + 1 < tokens.length; i++, row++) {
      ids[row] = tokens[i]!;
      if (i + 1 >= from) targets[row] = tokens[i + 1]!;
    }
  }
  const { device } = model;
  const losses = scope(() =>
    noGrad(() => {
      const hidden = model.hidden(tensor(ids, { dtype: 'i32', device }), packed(lengths, { device }));
      return crossEntropy(model.logits(hidden), tensor(targets, { dtype: 'i32', device }));
    }),
  );
  const values = await losses.read();
  losses.dispose();
  row = 0;
  return lengths.map((length) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum -= values[row++]!;
    return sum;
  });
}
