import { describe, expect, test } from 'vitest';
import { type PretrainingBatch, PretrainingData, segmentPairs } from '../src/index.js';
import { distinctDocuments, pretrainingOptions } from './documents.js';

const documents = distinctDocuments(Array.from({ length: 9 }, () => ({ sentences: 12, length: [2, 6] })));
const options = pretrainingOptions(2000);

const make = (more: object = {}) => new PretrainingData(documents, { ...options, ...more });

/** The pairs of a batch with what was masked put back. */
function unmasked({ ids, maskedRows, maskedLabels, typeIds, lengths, nextLabels }: PretrainingBatch) {
  const whole = ids.slice();
  for (const [i, row] of maskedRows.entries()) whole[row] = maskedLabels[i]!;
  let row = 0;
  return lengths.map((length, b) => {
    row += length;
    const tokens = whole.slice(row - length, row);
    const first = tokens.indexOf(2);
    expect([tokens[0], tokens.at(-1)]).toEqual([1, 2]);
    expect([...typeIds.slice(row - length, row)]).toEqual([...tokens.keys()].map((t) => Number(t > first)));
    return { a: tokens.slice(1, first), b: tokens.slice(first + 1, -1), label: nextLabels[b]! };
  });
}

describe('a batch', () => {
  const data = make();

  test('holds the pairs of its epoch, one after another, masked', () => {
    const count = data.pairsPerEpoch;
    const expected = [0, 1].flatMap((epoch) => segmentPairs(documents, { maxTokens: 21, seed: 6, epoch }));
    expect(count).toBeLessThan(expected.length);
    const batches = Array.from({ length: Math.floor(expected.length / 4) }, (_, i) => data.batch(i));
    const found = batches.flatMap(unmasked);
    expect(found).toEqual(expected.slice(0, found.length));
    // The epochs meet within a batch.
    expect(count % 4).not.toBe(0);
  });

  test('counts its tokens and terms', () => {
    const batch = data.batch(5);
    expect(batch.tokens).toBe(batch.ids.length);
    expect(batch.tokens).toBe(batch.lengths.reduce((a, b) => a + b, 0));
    expect(Math.max(...batch.lengths)).toBeLessThanOrEqual(24);
    expect(batch.counts).toEqual({ mlm: batch.maskedRows.length, nsp: 4 });
    expect(batch.maskedRows.length).toBe(batch.maskedLabels.length);
    expect([...batch.maskedRows]).toEqual([...batch.maskedRows].toSorted((a, b) => a - b));
    expect(batch.maskedRows.length / batch.tokens).toBeGreaterThan(0.08);
    expect(batch.maskedRows.length / batch.tokens).toBeLessThan(0.2);
  });

  test('is the same whenever it is asked for', () => {
    const forward = [0, 1, 17, 40].map((index) => make().batch(index));
    const data = make();
    const backward = [40, 17, 1, 0].map((index) => data.batch(index)).reverse();
    expect(backward).toEqual(forward);
    expect([0, 1, 17, 40].map((index) => data.batch(index))).toEqual(forward);
  });

  test('is masked anew in every epoch and for every seed', () => {
    expect(make({ seed: 7 }).batch(0)).not.toEqual(data.batch(0));
    // One document of two sentences gives the same pair again and again (or none, when an epoch cuts it short).
    const [[first, second]] = documents as [[Int32Array, Int32Array]];
    const single = new PretrainingData([[first, second]], { ...options, batchSize: 1 });
    const batches = Array.from({ length: 12 }, (_, i) => single.batch(i));
    expect(new Set(batches.flatMap(unmasked).map(({ a, b }) => `${a}|${b}`)).size).toBe(1);
    expect(new Set(batches.map(({ ids }) => ids.join())).size).toBeGreaterThan(4);
  });
});

describe('what cannot be made is refused', () => {
  const code = (name: string) => expect.objectContaining({ code: name });

  test('a corpus without a pair', () => {
    expect(() => new PretrainingData([], options)).toThrow(code('CORPUS_TOO_SMALL'));
    expect(() => new PretrainingData([[Int32Array.of(9)]], options)).toThrow(code('CORPUS_TOO_SMALL'));
  });

  test('senseless or unknown options, and batches', () => {
    for (const more of [{ batchSize: 0 }, { batchSize: 1.5 }, { maxLength: 4 }, { maxLength: Number.NaN }]) {
      expect(() => make(more)).toThrow(code('OPTION_RANGE'));
    }
    expect(() => make({ probability: 2 }).batch(0)).toThrow(code('OPTION_RANGE'));
    expect(() => make({ maxlength: 30 })).toThrow(code('OPTION_UNKNOWN'));
    for (const index of [-1, 0.5]) expect(() => make().batch(index)).toThrow(code('OPTION_RANGE'));
  });
});
