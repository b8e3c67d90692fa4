import { expect, test } from 'vitest';
import { runReadme } from '../../../scripts/readme.js';

test('the code of the README pretrains, saves and classifies', async () => {
  const { printed } = await runReadme(import.meta.url);
  const [[mlm, nsp], [labels, probabilities]] = printed as [[number, number], [string[], Float32Array]];
  // A new model knows nothing: log 110 and log 2, nearly.
  expect(Math.abs(mlm - Math.log(110))).toBeLessThan(0.3);
  expect(Math.abs(nsp - Math.log(2))).toBeLessThan(0.1);
  expect(labels).toEqual(['no', 'yes']);
  expect(probabilities[0]! + probabilities[1]!).toBeCloseTo(1, 5);
});
