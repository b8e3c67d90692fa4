import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { needAddon } from './built.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const directory = mkdtempSync(join(here, '.readme-'));

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

test('the code of the README runs', async (context) => {
  needAddon(context);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const readme = readFileSync(join(here, '../README.md'), 'utf8');
  const [, code] = /^```ts\n(.*?)^```/ms.exec(readme) ?? [];
  writeFileSync(join(directory, 'readme.ts'), code.replace("'@gerbert/native'", "'../../loader/index.js'"));
  await import(join(directory, 'readme.ts'));
  const [isa, numbers] = log.mock.calls[0];
  expect(isa).toMatch(/^(avx512bf16|avx512|avx2|neon|portable)$/);
  expect([...numbers]).toEqual(new Array(16).fill(21));
});
