import { ignoreIndex } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { type CausalBatch, CausalData, causalBatch } from '../src/index.js';

const code = (name: string) => expect.objectContaining({ code: name });

describe('causalBatch', () => {
  test('packs sequences beside what follows each token', () => {
    const batch = causalBatch([{ tokens: [5, 6, 7, 8] }, { tokens: Int32Array.of(9, 3) }]);
    expect(batch).toEqual({
      ids: Int32Array.of(5, 6, 7, 9),
      targets: Int32Array.of(6, 7, 8, 3),
      lengths: [3, 1],
      tokens: 4,
      counts: { lm: 4 },
    });
  });

  test('predicts from where it is told', () => {
    const batch = causalBatch([
      { tokens: [5, 6, 7, 8], from: 2 },
      { tokens: [1, 2], from: 2 },
      { tokens: [3, 4], from: 0 },
    ]);
    expect([...batch.targets]).toEqual([ignoreIndex, 7, 8, ignoreIndex, 4]);
    expect(batch.counts.lm).toBe(3);
  });

  test('has no rows for what has nothing to follow', () => {
    expect(causalBatch([{ tokens: [5] }, { tokens: [] }, { tokens: [1, 2] }])).toMatchObject({
      lengths: [0, 0, 1],
      tokens: 1,
    });
  });
});

/** A text in which every token is its own place. */
const text = (length: number) => Int32Array.from({ length }, (_, i) => i);

/** The windows of a batch by their first tokens, each seen to be a run. */
function starts({ ids, targets, lengths }: CausalBatch): number[] {
  let row = 0;
  return lengths.map((length) => {
    const first = ids[row]!;
    for (let i = 0; i < length; i++, row++) expect([ids[row], targets[row]]).toEqual([first + i, first + i + 1]);
    return first;
  });
}

describe('windows over a text', () => {
  const data = new CausalData(text(103), { length: 8, batchSize: 1, seed: 4 });
  const epochs = (source: CausalData, count: number) =>
    Array.from({ length: count }, (_, epoch) =>
      Array.from({ length: source.windowsPerEpoch }, (_, i) =>
        starts(source.batch(epoch * source.windowsPerEpoch + i)),
      ).flat(),
    );

  test('follow one another without gap or overlap in every epoch', () => {
    for (const firsts of epochs(data, 20)) {
      const sorted = firsts.toSorted((a, b) => a - b);
      expect(sorted).toEqual(sorted.map((_, i) => sorted[0]! + 8 * i));
      // What is left out is less than two windows.
      expect(firsts.length * 8).toBeGreaterThan(102 - 16);
      expect(firsts).not.toEqual(sorted);
    }
  });

  test.for([17, 24, 25, 31, 103, 104, 105])('reach every token of %i after some epochs', (length) => {
    const source = new CausalData(text(length), { length: 8, batchSize: 1, seed: 4 });
    const predicted = new Set<number>();
    for (const first of epochs(source, 100).flat()) for (let i = 1; i <= 8; i++) predicted.add(first + i);
    expect([...predicted].sort((a, b) => a - b)).toEqual([...text(length)].slice(1));
  });

  test('begin at another place in other epochs', () => {
    expect(new Set(epochs(data, 20).map((firsts) => Math.min(...firsts))).size).toBeGreaterThan(8);
  });

  test('make the same batches whenever they are asked for, over the ends of epochs', () => {
    const make = (seed = 9) => new CausalData(text(103), { length: 8, batchSize: 5, seed });
    const order = [0, 1, 2, 3, 7, 60];
    const forward = order.map((index) => make().batch(index));
    const one = make();
    expect(order.toReversed().map((index) => one.batch(index))).toEqual(forward.toReversed());
    expect(forward.every(({ lengths, counts }) => lengths.length === 5 && counts.lm === 40)).toBe(true);
    expect(make(10).batch(0)).not.toEqual(forward[0]);
    const single = new CausalData(text(103), { length: 8, batchSize: 1, seed: 9 });
    expect(starts(one.batch(3))).toEqual([15, 16, 17, 18, 19].flatMap((index) => starts(single.batch(index))));
  });

  test('need one that fits, and sense', () => {
    const make =
      (length: number, more: object = {}) =>
      () =>
        new CausalData(text(length), { length: 8, batchSize: 2, seed: 1, ...more });
    expect(make(8)).toThrow(code('CORPUS_TOO_SMALL'));
    expect(starts(make(9)().batch(0))).toEqual([0, 0]);
    for (const more of [{ length: 0 }, { length: 2.5 }, { batchSize: 0 }, { batchSize: Number.NaN }]) {
      expect(make(100, more)).toThrow(code('OPTION_RANGE'));
    }
    expect(make(100, { size: 3 })).toThrow(code('OPTION_UNKNOWN'));
    expect(() => make(100)().batch(-1)).toThrow(code('OPTION_RANGE'));
  });
});
