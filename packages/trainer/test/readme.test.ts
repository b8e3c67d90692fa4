import { expect, test } from 'vitest';
import { runReadme } from '../../../scripts/readme.js';

test('the code of the README learns', async () => {
  const { printed } = await runReadme(import.meta.url);
  expect(printed.map(([, step]) => step)).toEqual([50, 100, 150, 200]);
  const losses = printed.map((line) => line[3] as number);
  expect(losses[3]).toBeLessThan(losses[0]!);
  // Much less surprised than somebody who knows nothing.
  expect(losses[3]).toBeLessThan(Math.LN2 / 3);
});
