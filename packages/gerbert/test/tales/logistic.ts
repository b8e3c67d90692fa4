import type { LabelledExample } from '../../src/tales/index.js';

export type Features = (example: LabelledExample) => readonly string[];

export interface Logistic {
  readonly features: Features;
  readonly weights: ReadonlyMap<string, number>;
}

function score(weights: ReadonlyMap<string, number>, features: readonly string[]): number {
  return features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), weights.get('') ?? 0);
}

/** Logistic regression on counts of features, with a bias (''), by stochastic gradient descent with a falling step. */
export function trainLogistic(examples: readonly LabelledExample[], features: Features, epochs = 12): Logistic {
  const weights = new Map<string, number>();
  const counted = examples.map((example) => ({ label: example.label, present: features(example) }));
  for (let epoch = 0; epoch < epochs; epoch++) {
    const step = 0.1 / (1 + epoch);
    for (const { label, present } of counted) {
      const error = label - 1 / (1 + Math.exp(-score(weights, present)));
      for (const feature of [...present, '']) weights.set(feature, (weights.get(feature) ?? 0) + step * error);
    }
  }
  return { features, weights };
}

export function accuracy({ features, weights }: Logistic, examples: readonly LabelledExample[]): number {
  const right = examples.filter((example) => score(weights, features(example)) > 0 === (example.label === 1));
  return right.length / examples.length;
}
