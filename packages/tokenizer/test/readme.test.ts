import { expect, test } from 'vitest';
import { runReadme } from '../../../scripts/readme.js';
import type { Tokenizer } from '../src/index.js';

test('the code of the README runs', async () => {
  const { printed, variables } = await runReadme(import.meta.url, ['again', 'tokenizer']);
  expect(printed[0][0]).toMatch(/^\[CLS\] who wrote .* \[SEP\] mary wrote the letter \. \[SEP\]$/);
  expect(printed[0][1]).toEqual([0, 3]);
  expect(printed[1]).toEqual(['any text at all: naïve 東京 😀']);
  expect((variables.again as Tokenizer).toJSON()).toEqual((variables.tokenizer as Tokenizer).toJSON());
});
