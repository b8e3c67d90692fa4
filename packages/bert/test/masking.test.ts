import { RandomStream } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { type MaskingOptions, maskTokens } from '../src/index.js';

const special = new Set([0, 1, 2, 3]);
const mask = 3;
const options: MaskingOptions = { vocabSize: 40, maskToken: mask, specialTokens: special };

/** [CLS] … [SEP] … [SEP] of ordinary tokens. */
function sentence(length: number, random: RandomStream): number[] {
  const words = () => Array.from({ length }, () => 4 + random.int(36));
  return [1, ...words(), 2, ...words(), 2];
}

/** Whether a count of n draws with probability p lies within five standard deviations. */
function expectShare(count: number, n: number, p: number, what: string): void {
  expect(Math.abs(count - n * p), `${what}: ${count} of ${n}, p = ${p}`).toBeLessThanOrEqual(
    5 * Math.sqrt(n * p * (1 - p)),
  );
}

describe('masking', () => {
  const random = new RandomStream(1);
  const runs = Array.from({ length: 400 }, () => {
    const tokens = sentence(50, random);
    return { tokens, ...maskTokens(tokens, options, random) };
  });
  const all = runs.flatMap(({ tokens, ids, positions }) => positions.map((at) => ({ was: tokens[at]!, is: ids[at]! })));

  test('chooses the rounded share of the ordinary tokens, and changes nothing else', () => {
    for (const { tokens, ids, positions, labels } of runs) {
      expect(positions).toHaveLength(15);
      expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
      expect(labels).toEqual(positions.map((at) => tokens[at]));
      expect(labels.some((label) => special.has(label))).toBe(false);
      const changed = [...ids.keys()].filter((at) => ids[at] !== tokens[at]);
      expect(changed.filter((at) => !positions.includes(at))).toEqual([]);
    }
  });

  test('makes 80 % [MASK], 10 % random, and leaves 10 % as they are', () => {
    const masked = all.filter(({ is }) => is === mask).length;
    const same = all.filter(({ was, is }) => was === is).length;
    expectShare(masked, all.length, 0.8, '[MASK]');
    // One in 36 random tokens is the one that stood there.
    expectShare(same, all.length, 0.1 + 0.1 / 36, 'unchanged');
    expectShare(all.length - masked - same, all.length, (0.1 * 35) / 36, 'replaced');
  });

  test('draws random tokens from all ordinary ones alike', () => {
    const drawn = all.filter(({ was, is }) => is !== mask && is !== was);
    const counts = new Map<number, number>();
    for (const { is } of drawn) counts.set(is, (counts.get(is) ?? 0) + 1);
    for (let token = 0; token < 40; token++) {
      if (special.has(token)) expect(counts.has(token)).toBe(false);
      else expectShare(counts.get(token) ?? 0, drawn.length, 1 / 36, `token ${token}`);
    }
  });

  test('chooses every position alike', () => {
    const counts = new Array(103).fill(0);
    for (const { positions } of runs) for (const at of positions) counts[at] += 1;
    for (const [at, count] of counts.entries()) {
      if ([0, 51, 102].includes(at)) expect(count).toBe(0);
      else expectShare(count, runs.length, 0.15, `position ${at}`);
    }
  });
});

test('the same stream masks the same, another otherwise', () => {
  const tokens = sentence(30, new RandomStream(5));
  const run = (seed: number) => maskTokens(tokens, options, new RandomStream(seed));
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

test('at least one token is chosen where any can be', () => {
  const random = new RandomStream(2);
  expect(maskTokens([1, 9, 2], options, random).positions).toEqual([1]);
  expect(maskTokens([1, 2, 2], options, random)).toEqual({ ids: Int32Array.of(1, 2, 2), positions: [], labels: [] });
  expect(maskTokens([], options, random).positions).toEqual([]);
  expect(maskTokens([1, 9, 8, 7, 2], { ...options, probability: 1 }, random).positions).toEqual([1, 2, 3]);
});

describe('whole words', () => {
  // Tokens from 20 on continue a word.
  const continuations = Uint8Array.from({ length: 40 }, (_, id) => Number(id >= 20));
  const wholeWords = { ...options, continuations };
  //               0  1   2   3  4  5   6  7  8   9  10  11  12 13 14
  const tokens = [1, 10, 21, 22, 5, 6, 23, 2, 24, 7, 25, 26, 27, 8, 2];
  const words = [[1, 2, 3], [4], [5, 6], [8], [9, 10, 11, 12], [13]];

  test('are masked whole or not at all', () => {
    const random = new RandomStream(3);
    const met = new Set<number>();
    for (let run = 0; run < 300; run++) {
      const { positions, labels } = maskTokens(tokens, { ...wholeWords, probability: 0.4 }, random);
      expect(labels).toEqual(positions.map((at) => tokens[at]));
      for (const [number, word] of words.entries()) {
        const inside = word.filter((at) => positions.includes(at)).length;
        expect([0, word.length]).toContain(inside);
        if (inside > 0) met.add(number);
      }
      // 0.4 · 12 tokens: never more, as there is always a word that fits.
      expect(positions.length).toBeLessThanOrEqual(5);
      expect(positions.length).toBeGreaterThan(0);
    }
    expect(met.size).toBe(words.length);
  });

  test('are replaced token by token', () => {
    const random = new RandomStream(4);
    const kinds = new Set<string>();
    for (let run = 0; run < 200; run++) {
      const { ids, positions } = maskTokens([1, 10, 21, 22, 2], wholeWords, random);
      expect(positions).toEqual([1, 2, 3]);
      kinds.add(positions.map((at) => (ids[at] === mask ? 'm' : 'o')).join(''));
    }
    expect(kinds.size).toBeGreaterThan(2);
  });
});

test('senseless options are refused', () => {
  const random = new RandomStream(6);
  const refused = expect.objectContaining({ code: 'OPTION_RANGE' });
  for (const probability of [-0.1, 1.1, Number.NaN]) {
    expect(() => maskTokens([9], { ...options, probability }, random)).toThrow(refused);
  }
  // Token 4 lies outside a vocabulary of 4, all of which is special.
  const none = () => {
    for (let run = 0; run < 200; run++) maskTokens([4], { ...options, vocabSize: 4 }, random);
  };
  expect(none).toThrow(refused);
});
