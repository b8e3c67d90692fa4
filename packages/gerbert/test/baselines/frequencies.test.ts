import { expect, it } from 'vitest';
import { languageModelResult, trainKneserNey, trainUnigram, uniform } from '../../src/baselines/index.js';
import { stream } from './streams.js';

it('the uniform model has the perplexity of its vocabulary', async () => {
  const model = uniform(256);
  const score = await model.score(stream(1000, 256, 1));
  const result = languageModelResult(score, { bytes: 1000, tokensSeen: model.tokensSeen });
  expect(result).toEqual({ perplexity: expect.closeTo(256, 9), bitsPerByte: expect.closeTo(8, 12), tokensSeen: 0 });
});

it('the unigram model counts by Laplace’s rule', async () => {
  const model = trainUnigram(Int32Array.of(0, 0, 2), { vocabSize: 3 });
  expect([0, 1, 2].map((word) => Math.exp(model.logProb([1], word)))).toEqual(
    [3 / 6, 1 / 6, 2 / 6].map((p) => expect.closeTo(p, 12)),
  );
  const { nll, tokens } = await model.score(Int32Array.of(2, 1, 0), { from: 1 });
  expect(nll).toBeCloseTo(-Math.log(1 / 6) - Math.log(3 / 6), 12);
  expect(tokens).toBe(2);
});

it('each model that sees more says more', async () => {
  const train = stream(20_000, 50, 2);
  const test = stream(5000, 50, 3);
  const models = [
    uniform(50),
    trainUnigram(train, { vocabSize: 50 }),
    await trainKneserNey(train, { order: 2, vocabSize: 50 }),
  ];
  const nats = await Promise.all(models.map(async (model) => (await model.score(test)).nll));
  expect(nats).toEqual([...nats].sort((a, b) => b - a));
  expect(nats[2]).toBeLessThan(nats[1] * 0.95);
});

it('refuses results of nothing, and tokens outside the vocabulary', async () => {
  expect(() => languageModelResult({ nll: 0, tokens: 0 }, { bytes: 1, tokensSeen: 0 })).toThrow('scored tokens');
  await expect(uniform(4).score(Int32Array.of(4))).rejects.toMatchObject({ code: 'BASELINE_TOKEN_OUT_OF_RANGE' });
});
