import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(here, '.readme-'));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

/** The TypeScript blocks of README.md as one module over the sources, in `directory`. */
async function readmeModule(): Promise<string> {
  const readme = await readFile(join(here, '../README.md'), 'utf8');
  const code = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block).join('\n');
  const mapped = code
    .replace("'@gerbert/tokenizer'", "'../../src/index.js'")
    .replace("'@gerbert/tokenizer/node'", "'../../src/node/index.js'")
    .replaceAll("'./my-bert'", JSON.stringify(join(directory, 'my-bert')));
  const path = join(directory, 'readme.ts');
  await writeFile(path, `${mapped}\nexport { again, tokenizer };\n`);
  return path;
}

test('the code of the README runs', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const { again, tokenizer } = await import(await readmeModule());
  expect(log.mock.calls[0][0]).toMatch(/^\[CLS\] who wrote .* \[SEP\] mary wrote the letter \. \[SEP\]$/);
  expect(log.mock.calls[0].slice(1)[0]).toEqual([0, 3]);
  expect(log.mock.calls[1]).toEqual(['any text at all: naïve 東京 😀']);
  expect(again.toJSON()).toEqual(tokenizer.toJSON());
});
