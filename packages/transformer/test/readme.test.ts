import { expect, test } from 'vitest';
import { runReadme } from '../../../scripts/readme.js';
import type { Generated } from '../src/index.js';

test('the code of the README runs a block, generates and scores', async () => {
  const { printed } = await runReadme(import.meta.url);
  const [[shape, count], results] = printed as [unknown[], [Generated, Generated[], Generated[], number[]]];
  // Two norms, four projections with their biases.
  expect([shape, count]).toEqual([[8, 16], 2 * 32 + 48 * 17 + 16 * 17 + 64 * 17 + 16 * 65]);
  const [greedy, beams, drawn, scores] = results;
  expect(greedy.tokens).toHaveLength(5);
  expect(beams).toHaveLength(2);
  expect(beams[0]!.logProbability).toBeGreaterThanOrEqual(beams[1]!.logProbability);
  expect(new Set([greedy, ...drawn].map(({ tokens }) => tokens.join())).size).toBe(3);
  expect(scores[0]).toBeCloseTo(greedy.logProbability, 4);
});
