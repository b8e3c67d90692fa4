import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as library from '../../src/index.js';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const work = join(here, 'work.mjs');
let compiled: string;

beforeAll(async () => {
  compiled = await mkdtemp(join(tmpdir(), 'gerbert-tokenizer-'));
});
afterAll(() => rm(compiled, { recursive: true }));

test('the sources outside of src/node know no global and no module of Node, and run without them', async () => {
  // Compiled with the types of browsers and without those of Node: a Buffer or a process in the sources would be an error.
  const tsc = join(dirname(typescript), 'bin/tsc');
  const compile = run(process.execPath, [tsc, '-p', join(here, 'tsconfig.browser.json'), '--outDir', compiled]);
  await compile.catch((error) => expect.fail(error.stdout));
  const args = ['--experimental-vm-modules', '--no-warnings', join(here, 'bare-realm.mjs')];
  const { stdout } = await run(process.execPath, [...args, join(compiled, 'index.js'), work]);
  const expected = await (await import(work)).work(library);
  expect(JSON.parse(stdout)).toEqual({
    globals: Array(4).fill('undefined'),
    result: JSON.parse(JSON.stringify(expected)),
  });
  expect(expected).toHaveLength(8);
});
