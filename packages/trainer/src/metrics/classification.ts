import { GerbertError } from '@gerbert/tensor';

/** Share of predictions equal to their labels; NaN for none. */
export function accuracy(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  expectPairs('accuracy', predictions, labels);
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right++;
  return right / labels.length;
}

/** Harmonic mean of precision and recall of class `positive`: 2·TP / (2·TP + FP + FN); 0 where the class neither occurs nor is predicted. */
export function f1(predictions: ArrayLike<number>, labels: ArrayLike<number>, positive = 1): number {
  expectPairs('f1', predictions, labels);
  let [both, either] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const [p, l] = [predictions[i] === positive, labels[i] === positive];
    if (p && l) both++;
    either += Number(p) + Number(l);
  }
  return either === 0 ? 0 : (2 * both) / either;
}

/** Unweighted mean of every class's F1, over the classes that occur among the labels or predictions. */
export function macroF1(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  const classes = new Set([...Array.from(labels), ...Array.from(predictions)]);
  let sum = 0;
  for (const each of classes) sum += f1(predictions, labels, each);
  return sum / classes.size;
}

/**
 * Matthews correlation of the classes 0 and 1 (Matthews 1975): covariance of prediction and label over the product of their deviations; 0 where
 * one is constant. Throws `LABEL_RANGE` for another class.
 */
export function matthews(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  expectPairs('matthews', predictions, labels);
  for (const values of [predictions, labels]) {
    const other = Array.from(values).find((value) => value !== 0 && value !== 1);
    if (other !== undefined) throw new GerbertError('LABEL_RANGE', `matthews: the classes are 0 and 1, not ${other}.`);
  }
  const n = labels.length;
  let [p, l, both] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    p += predictions[i]!;
    l += labels[i]!;
    both += predictions[i]! * labels[i]!;
  }
  const spread = Math.sqrt(p * (n - p) * l * (n - l));
  return spread === 0 ? 0 : (n * both - p * l) / spread;
}

function expectPairs(metric: string, predictions: ArrayLike<number>, labels: ArrayLike<number>): void {
  if (predictions.length !== labels.length) {
    throw new GerbertError(
      'SHAPE_MISMATCH',
      `${metric}: ${predictions.length} predictions for ${labels.length} labels.`,
    );
  }
}
