import { RandomStream, tensor } from '@gerbert/tensor';
import { MarkovModel } from './tiny-models.js';

/** A model over the logits of a table of rows, on the reference device. */
export function markov(rows: readonly (readonly number[])[]): MarkovModel {
  return new MarkovModel(tensor(rows, { device: 'js' }));
}

/** Random logits [V, V]. */
export function randomRows(size: number, seed: number): number[][] {
  const random = new RandomStream(seed);
  // Numbers that f32 holds exactly, so that the test computes with what the model has.
  return Array.from({ length: size }, () => Array.from({ length: size }, () => Math.fround(2 * random.normal())));
}

/** log softmax, f64. */
export function logSoftmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const lse = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
  return logits.map((logit) => logit - lse);
}

/** A model that goes round: after t comes t + 1, by far. */
export function cycle(size: number): MarkovModel {
  return markov(
    Array.from({ length: size }, (_, t) => Array.from({ length: size }, (_, n) => (n === (t + 1) % size ? 9 : 0))),
  );
}
