import { describe, expect, test } from 'vitest';
import { type CausalModel, generate, logLikelihoods } from '../src/index.js';
import { cycle, logSoftmax, markov, randomRows } from './markov.js';
import { need, placement, places } from './places.js';
import { TinyModel } from './tiny-models.js';

const end = 0;

/** All ways to go on: those that end within `most` tokens (the end counted), and those that have `most` without an end. */
function continuations(vocabSize: number, most: number): { tokens: number[]; ended: boolean }[] {
  if (most === 0) return [{ tokens: [], ended: false }];
  const all = [{ tokens: [] as number[], ended: true }];
  for (let token = 1; token < vocabSize; token++) {
    for (const { tokens, ended } of continuations(vocabSize, most - 1)) all.push({ tokens: [token, ...tokens], ended });
  }
  return all;
}

async function expectExhaustive(model: CausalModel, prompt: number[], lengthPenalty: number): Promise<void> {
  const maxNewTokens = 4;
  const all = continuations(model.vocabSize, maxNewTokens);
  const scored = all.map(({ tokens, ended }) => ({
    tokens: [...prompt, ...tokens, ...(ended ? [end] : [])],
    from: prompt.length,
  }));
  const logs = await logLikelihoods(model, scored, { batch: 200 });
  const expected = all
    .map((each, i) => ({
      ...each,
      logProbability: logs[i]!,
      score: logs[i]! / (each.tokens.length + (each.ended ? 1 : 0)) ** lengthPenalty,
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 12);
  const options = { maxNewTokens, endTokens: [end], beams: all.length, sequences: 12, lengthPenalty };
  const found = await generate(model, prompt, options);
  expect(found.map(({ tokens, ended }) => ({ tokens, ended }))).toEqual(
    expected.map(({ tokens, ended }) => ({ tokens, ended })),
  );
  for (const [i, { logProbability }] of found.entries()) {
    expect(logProbability).toBeCloseTo(expected[i]!.logProbability, 4);
  }
}

describe.each(places)('on $device in $dtype', (place) => {
  test.for([-1, 0, 0.5, 1, 2])(
    'as many beams as continuations find the best of all, with length penalty %f',
    async (penalty, context) => {
      need(place, context);
      const model = new TinyModel({ kind: 'pre-norm', vocabSize: 4 }, placement(place));
      await expectExhaustive(model, [2, 1], penalty);
      await expectExhaustive(model, [3], penalty);
    },
  );
});

describe('few beams', () => {
  const rows = randomRows(6, 31);

  test('never find better than all beams, and more find no worse here', async () => {
    const score = async (beams: number) => {
      const [best] = await generate(markov(rows), [3], { maxNewTokens: 5, beams, endTokens: [end] });
      const { tokens, ended, logProbability } = best!;
      let [at, sum] = [3, 0];
      for (const token of [...tokens, ...(ended ? [end] : [])]) {
        sum += logSoftmax(rows[at]!)[token]!;
        at = token;
      }
      expect(logProbability).toBeCloseTo(sum, 5);
      return logProbability / (tokens.length + (ended ? 1 : 0));
    };
    const scores = [await score(2), await score(4), await score(2000)];
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  });

  test('return the best first, as many as asked for, each once', async () => {
    const found = await generate(markov(rows), [3], { maxNewTokens: 4, beams: 5, sequences: 5, lengthPenalty: 0 });
    expect(found).toHaveLength(5);
    const logs = found.map(({ logProbability }) => logProbability);
    expect(logs).toEqual(logs.toSorted((a, b) => b - a));
    expect(new Set(found.map(({ tokens }) => tokens.join())).size).toBe(5);
    expect(found.slice(0, 2)).toEqual(
      await generate(markov(rows), [3], { maxNewTokens: 4, beams: 5, sequences: 2, lengthPenalty: 0 }),
    );
  });

  test('go on while something can still become better by its length', async () => {
    const logs = (...probabilities: number[]) => probabilities.map(Math.log);
    const model = markov([
      logs(0.2, 0.2, 0.2, 0.2, 0.2),
      logs(0.6, 0.001, 0.001, 0.001, 0.397),
      logs(0.2, 0.2, 0.2, 0.2, 0.2),
      logs(0.6, 0.2, 0.1, 0.05, 0.05),
      logs(0.0001, 0.0001, 0.0001, 0.0001, 0.9996),
    ]);
    // After two steps both beams have ended, at once (−0.5) and after a 1 (−2.1 / 2); [1, 4] has −2.5 / 2. But 4 goes on for nothing.
    const [best] = await generate(model, [3], { maxNewTokens: 10, beams: 2, endTokens: [end], lengthPenalty: 1 });
    expect(best!.tokens).toEqual([1, ...new Array(9).fill(4)]);
    const [short] = await generate(model, [3], { maxNewTokens: 10, beams: 2, endTokens: [end], lengthPenalty: 0 });
    expect(short).toMatchObject({ tokens: [], ended: true });
  });

  test('stop when nothing can become better', async () => {
    const model = cycle(4);
    await generate(model, [0], { maxNewTokens: 40, beams: 2, endTokens: [3], lengthPenalty: 0 });
    expect(model.forwards).toBeLessThan(12);
  });

  test('outlive a vocabulary with fewer tokens than beams', async () => {
    const found = await generate(markov(randomRows(2, 1)), [0], { maxNewTokens: 3, beams: 20, sequences: 20 });
    expect(found).toHaveLength(8);
    const ending = { maxNewTokens: 3, beams: 3, sequences: 3, endTokens: [0, 1] };
    const ended = await generate(markov(randomRows(2, 1)), [0], ending);
    expect(ended.map(({ tokens }) => tokens)).toEqual([[], []]);
  });
});
