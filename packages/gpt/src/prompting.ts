import { type CausalModel, logLikelihoods } from '@gerbert/transformer';

export interface Choices {
  /** Tokens of the prompt, at least one. */
  prompt: readonly number[];
  /** Tokens of each possible answer, as they follow the prompt. */
  choices: readonly (readonly number[])[];
}

/**
 * Picks for every prompt the answer with the greatest log-likelihood (Brown et al. 2020, §2.4, without length normalisation).
 * Prompts longer than the model's positions lose tokens at the front.
 */
export async function choose(
  model: CausalModel,
  questions: readonly Choices[],
  options: { batch?: number; signal?: AbortSignal } = {},
): Promise<number[]> {
  const sequences = questions.flatMap(({ prompt, choices }) =>
    choices.map((choice) => {
      const room = model.maxPositions + 1 - choice.length;
      const context = prompt.slice(Math.max(0, prompt.length - room));
      return { tokens: [...context, ...choice], from: context.length };
    }),
  );
  const scores = await logLikelihoods(model, sequences, options);
  let at = 0;
  return questions.map(({ choices }) => {
    const own = scores.slice(at, at + choices.length);
    at += choices.length;
    return own.indexOf(Math.max(...own));
  });
}
