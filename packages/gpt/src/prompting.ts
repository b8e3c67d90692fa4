import { GerbertError } from '@gerbert/tensor';
import { type CausalModel, logLikelihoods } from '@gerbert/transformer';

export interface Choices {
  /** Tokens of the prompt, at least one. */
  prompt: readonly number[];
  /** Tokens of each possible answer, as they follow the prompt. */
  choices: readonly (readonly number[])[];
}

/**
 * Picks for every prompt the answer with the greatest log-likelihood (Brown et al. 2020, §2.4, without length normalisation).
 * Of equals the first. Prompts longer than the model's positions lose tokens at the front.
 *
 * @throws `OPTION_RANGE` for a question without choices or an empty choice; those of `logLikelihoods`
 */
export async function choose(
  model: CausalModel,
  questions: readonly Choices[],
  options: { batch?: number; signal?: AbortSignal } = {},
): Promise<number[]> {
  for (const { choices } of questions) {
    if (choices.length > 0 && choices.every(({ length }) => length > 0)) continue;
    throw new GerbertError('OPTION_RANGE', 'choose(): a question has no choices, or one of them has no token.');
  }
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
