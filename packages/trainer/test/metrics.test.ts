import { RandomStream } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { accuracy, bitsPerByte, f1, macroF1, matthews, perplexity } from '../src/index.js';

// 4 true positives, 1 false positive, 2 false negatives, 3 true negatives.
const predictions = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
const labels = [1, 1, 1, 1, 0, 1, 1, 0, 0, 0];

describe('classification', () => {
  test('of ten, seven right', () => {
    expect(accuracy(predictions, labels)).toBe(0.7);
    expect(f1(predictions, labels)).toBeCloseTo(8 / 11, 15);
    expect(f1(predictions, labels, 0)).toBeCloseTo(6 / 9, 15);
    expect(macroF1(predictions, labels)).toBeCloseTo((8 / 11 + 6 / 9) / 2, 15);
    // (4 · 3 − 1 · 2) / √(5 · 6 · 4 · 5)
    expect(matthews(predictions, labels)).toBeCloseTo(10 / Math.sqrt(600), 15);
  });

  test('of three classes', () => {
    const [found, true_] = [
      [0, 1, 2, 2, 2, 0, 1, 1],
      [0, 1, 1, 2, 0, 0, 2, 1],
    ];
    expect(accuracy(found, true_)).toBe(5 / 8);
    expect([0, 1, 2].map((label) => f1(found, true_, label))).toEqual([4 / 5, 4 / 6, 2 / 5]);
    expect(macroF1(found, true_)).toBeCloseTo((4 / 5 + 4 / 6 + 2 / 5) / 3, 15);
    // A class that was predicted but never right counts, one that is nowhere does not.
    expect(macroF1([5, 1], [1, 1])).toBeCloseTo((0 + 2 / 3) / 2, 15);
  });

  test('Matthews is the correlation of predictions and labels', () => {
    const random = new RandomStream(3);
    const [p, l] = [0.3, 0.6].map((share) => Array.from({ length: 200 }, () => Number(random.next() < share)));
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const covariance = (a: number[], b: number[]) => mean(a.map((x, i) => x * b[i]!)) - mean(a) * mean(b);
    expect(matthews(p!, l!)).toBeCloseTo(covariance(p!, l!) / Math.sqrt(covariance(p!, p!) * covariance(l!, l!)), 12);
    expect([
      matthews(l!, l!),
      matthews(
        l!.map((x) => 1 - x),
        l!,
      ),
    ]).toEqual([1, -1]);
  });

  test('at its limits', () => {
    expect([f1([0, 0], [0, 0]), matthews([1, 1], [0, 1]), matthews([], [])]).toEqual([0, 0, 0]);
    expect([accuracy([], []), macroF1([], [])]).toEqual([Number.NaN, Number.NaN]);
    expect(accuracy(Int32Array.of(1, 2), new Uint8Array([1, 3]))).toBe(0.5);
  });

  test('refuses what it cannot compare', () => {
    for (const metric of [accuracy, f1, macroF1, matthews]) {
      expect(() => metric([1, 0], [1])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    }
    for (const [p, l] of [
      [
        [2, 0],
        [1, 0],
      ],
      [
        [1, 0],
        [-1, 1],
      ],
    ]) {
      expect(() => matthews(p!, l!)).toThrow(expect.objectContaining({ code: 'LABEL_RANGE' }));
    }
  });
});

test('perplexity and bits per byte', () => {
  // A model that knows nothing of 256 bytes.
  expect(perplexity(10 * Math.log(256), 10)).toBeCloseTo(256, 10);
  expect(bitsPerByte(10 * Math.log(256), 10)).toBeCloseTo(8, 14);
  expect(bitsPerByte(3 * Math.log(2), 12)).toBeCloseTo(0.25, 15);
  expect(perplexity(0, 5)).toBe(1);
});
