import { describe, expect, test } from 'vitest';
import { type GenerationOptions, generate } from '../src/index.js';
import { logSoftmax, markov, randomRows } from './markov.js';

const rows = randomRows(8, 11);
const model = markov(rows);
const draws = 1000;

/** How often each token followed token 0. */
async function frequencies(options: Partial<GenerationOptions>): Promise<number[]> {
  const results = await generate(model, [0], { maxNewTokens: 1, sample: true, sequences: draws, seed: 3, ...options });
  const counts = new Array(8).fill(0);
  for (const { tokens } of results) counts[tokens[0]!] += 1;
  return counts;
}

/** Counts of independent draws lie within five standard deviations of their means; a seed is fixed, so this holds or it does not. */
function expectDrawnFrom(counts: readonly number[], weights: readonly number[]): void {
  const total = weights.reduce((a, b) => a + b, 0);
  for (const [token, weight] of weights.entries()) {
    const p = weight / total;
    const bound = 5 * Math.sqrt(draws * p * (1 - p));
    expect(Math.abs(counts[token]! - draws * p), `token ${token} with p = ${p}`).toBeLessThanOrEqual(bound);
  }
}

const logits = rows[0]!;
const probabilities = logSoftmax(logits).map(Math.exp);
/** Tokens from the most probable down. */
const ranked = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
const only = (tokens: readonly number[], weights = probabilities) =>
  weights.map((weight, token) => (tokens.includes(token) ? weight : 0));

describe('sampling draws from', () => {
  test('the softmax', async () => {
    expectDrawnFrom(await frequencies({}), probabilities);
  });

  test.for([0.4, 2.5])('the softmax at temperature %f', async (temperature) => {
    const weights = logSoftmax(logits.map((logit) => logit / temperature)).map(Math.exp);
    expectDrawnFrom(await frequencies({ temperature }), weights);
  });

  test.for([1, 3, 8, 100])('the topK = %i best', async (topK) => {
    expectDrawnFrom(await frequencies({ topK }), only(ranked.slice(0, topK)));
  });

  test.for([0.2, 0.6, 0.95])('the fewest that reach topP = %f', async (topP) => {
    let count = 0;
    for (let sum = 0; sum < topP; count++) sum += probabilities[ranked[count]!]!;
    expect(count).toBeLessThan(8);
    expectDrawnFrom(await frequencies({ topP }), only(ranked.slice(0, count)));
  });

  test.for([0.1, 0.5, 1])('those at least minP = %f as probable as the best', async (minP) => {
    const best = probabilities[ranked[0]!]!;
    const kept = ranked.filter((token) => probabilities[token]! >= minP * best);
    expect(kept.length).toBeLessThan(8);
    expectDrawnFrom(await frequencies({ minP }), only(kept));
  });

  test.for([
    { topK: 5, minP: 0, topP: 0.9 },
    { topK: 0, minP: 0.2, topP: 0.8 },
  ])('what several options leave, topP counting among what the others left: %o', async ({ topK, minP, topP }) => {
    const temperature = 3;
    const weights = logSoftmax(logits.map((logit) => logit / temperature)).map(Math.exp);
    const least = minP * weights[ranked[0]!]!;
    const left = ranked.slice(0, topK || 8).filter((token) => weights[token]! >= least);
    const nucleus = (of: number) => {
      let count = 0;
      for (let sum = 0; sum < topP * of && count < left.length; count++) sum += weights[left[count]!]!;
      return count;
    };
    const share = left.reduce((sum, token) => sum + weights[token]!, 0);
    // Counted among all tokens, it would be another number.
    expect(nucleus(share)).not.toBe(nucleus(1));
    const counts = await frequencies({ temperature, topK, minP, topP });
    expectDrawnFrom(counts, only(left.slice(0, nucleus(share)), weights));
  });
});

describe('seeds', () => {
  const run = (seed: number, sequences = 1) =>
    generate(model, [0], { maxNewTokens: 20, sample: true, seed, sequences });

  test('give the same tokens again, and others other ones', async () => {
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  test('give sequences that differ, and do not depend on how many there are', async () => {
    const three = await run(1, 3);
    expect(new Set(three.map(({ tokens }) => tokens.join())).size).toBe(3);
    expect(three.slice(0, 2)).toEqual(await run(1, 2));
  });
});
