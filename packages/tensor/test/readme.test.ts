import { expect, test } from 'vitest';
import { runReadme } from '../../../scripts/readme.js';
import type { Module } from '../src/index.js';

test('the code of the README learns, saves and loads', async () => {
  const { printed, variables } = await runReadme(import.meta.url, ['found', 'table']);
  expect(printed.map(([step, number]) => `${step} ${number}`)).toEqual(['step 0', 'step 100', 'step 200', 'step 300']);
  const losses = printed.map((line) => line[3] as number);
  for (const [i, loss] of losses.slice(1).entries()) expect(loss).toBeLessThan(losses[i]);
  expect(losses[3]).toBeLessThan(losses[0] / 100);
  expect(variables.found).toEqual({ missing: [], unused: [] });
  expect((variables.table as Module).parameterCount()).toBe(800);
});
