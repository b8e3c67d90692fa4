import { expect, test } from 'vitest';
import { runReadme } from '../../../scripts/readme.js';
import { type GptConfig, gptConfig } from '../src/index.js';

test('the code of the README measures, generates, scores, chooses and saves', async () => {
  const { printed } = await runReadme(import.meta.url);
  const [[loss, tokens, perplexity, answer, config]] = printed as [[number, number[], number, number, GptConfig]];
  // A new model knows nothing: log 50, and a perplexity of 50, nearly.
  expect(Math.abs(loss - Math.log(50))).toBeLessThan(0.2);
  expect(Math.abs(perplexity - 50)).toBeLessThan(5);
  expect(tokens).toHaveLength(8);
  // One token is likelier than two.
  expect(answer).toBe(0);
  const size = { vocabSize: 50, nPositions: 32, nEmbd: 32, nLayer: 2, nHead: 4, bosTokenId: 0, eosTokenId: 0 };
  expect(config).toEqual(gptConfig(size));
});
