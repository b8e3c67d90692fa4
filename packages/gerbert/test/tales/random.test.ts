import { describe, expect, it } from 'vitest';
import { hashTexts, Random } from '../../src/tales/random.js';

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe('Random', () => {
  it('depends on the seed and every number of the stream, their upper halves too', () => {
    const keys = [[1], [2], [1, 0], [1, 1], [1, 1, 0], [2 ** 32 + 1], [1, 2 ** 32 + 1], [0]];
    const sequences = keys.map(([seed, ...stream]) => draws(new Random(seed, ...stream), 8).join());
    expect(new Set(sequences).size).toBe(keys.length);
    expect(draws(new Random(7, 3), 8)).toEqual(draws(new Random(7, 3), 8));
  });

  it('is even: below, chance and weighted hit each value as often as they should', () => {
    const random = new Random(11);
    const trials = 60_000;
    const counts = new Float64Array(6);
    let heads = 0;
    let heavy = 0;
    for (let i = 0; i < trials; i++) {
      counts[random.below(6)]++;
      if (random.chance(0.3)) heads++;
      if (random.weighted([['light', 1] as const, ['heavy', 3] as const]) === 'heavy') heavy++;
    }
    // Five standard deviations of a binomial count.
    const near = (count: number, p: number) => Math.abs(count - trials * p) < 5 * Math.sqrt(trials * p * (1 - p));
    expect([...counts].every((count) => near(count, 1 / 6))).toBe(true);
    expect(near(heads, 0.3)).toBe(true);
    expect(near(heavy, 0.75)).toBe(true);
  });

  it('samples without repeating', () => {
    const random = new Random(5);
    for (let i = 0; i < 50; i++) expect([...random.sample(6, 6)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('hashTexts', () => {
  it('tells texts and their borders apart', () => {
    const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['c', 'ab'], ['米拉'], ['拉米']];
    expect(new Set(lists.map((list) => hashTexts(list))).size).toBe(lists.length);
  });
});
