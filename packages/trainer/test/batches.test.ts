import { describe, expect, test } from 'vitest';
import { shuffled } from '../src/index.js';

const examples = Array.from({ length: 23 }, (_, i) => `example ${i}`);
const collate = (chosen: string[], index: number) => ({ chosen, index });
const make = (seed = 5) => shuffled(examples, { batchSize: 4, seed, collate });

describe('shuffled batches', () => {
  test('hold every example once in every epoch', () => {
    const source = make();
    expect(source.batchesPerEpoch).toBe(6);
    const orders = [0, 1, 2].map((epoch) => Array.from({ length: 6 }, (_, i) => source.batch(6 * epoch + i)));
    for (const batches of orders) {
      expect(batches.map(({ chosen }) => chosen.length)).toEqual([4, 4, 4, 4, 4, 3]);
      expect(batches.flatMap(({ chosen }) => chosen).toSorted()).toEqual(examples.toSorted());
    }
    const [first, second] = orders.map((batches) => batches.flatMap(({ chosen }) => chosen));
    expect(first).not.toEqual(second);
    expect(first).not.toEqual(examples);
    expect(orders.flat().map(({ index }) => index)).toEqual([...new Array(18).keys()]);
  });

  test('are the same whenever they are asked for', () => {
    const order = [13, 0, 5, 6, 400, 0];
    const one = make();
    expect(order.map((index) => one.batch(index))).toEqual(order.map((index) => make().batch(index)));
    expect(make(6).batch(0)).not.toEqual(one.batch(0));
  });

  test('may hold all at once', () => {
    const { batchesPerEpoch, batch } = shuffled(examples, { batchSize: 100, seed: 1, collate });
    expect([batchesPerEpoch, batch(7).chosen.length]).toEqual([1, 23]);
  });

  test('need examples and a size', () => {
    const refused = (code: string) => expect.objectContaining({ code });
    expect(() => shuffled([], { batchSize: 4, seed: 1, collate })).toThrow(refused('OPTION_RANGE'));
    for (const batchSize of [0, -1, 1.5, Number.NaN]) {
      expect(() => shuffled(examples, { batchSize, seed: 1, collate })).toThrow(refused('OPTION_RANGE'));
    }
    const unknown = { batchSize: 4, seed: 1, collate, size: 3 };
    expect(() => shuffled(examples, unknown)).toThrow(refused('OPTION_UNKNOWN'));
  });
});
