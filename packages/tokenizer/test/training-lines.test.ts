import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLines } from '../src/node/index.js';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gerbert-lines-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function all(files: string | string[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(files)) lines.push(line);
  return lines;
}

test('lines keep their endings, a file may lack the last one, and a byte order mark stays', async () => {
  const a = await write('a.txt', '\ufeffone\r\n\ntwo\rstill two\n東京');
  const b = await write('b.txt', 'last\n');
  expect(await all([a, b])).toEqual(['\ufeffone\r\n', '\n', 'two\rstill two\n', '東京', 'last\n']);
  expect(await all(await write('empty.txt', ''))).toEqual([]);
});

test('lines longer than what is read at a time, with characters across the bounds', async () => {
  const long = `${'é東😀'.repeat(200_000)}\n`;
  const path = await write('long.txt', `x\n${long}y`);
  expect(await all(path)).toEqual(['x\n', long, 'y']);
});

test('what is no UTF-8 is refused with the line, what is no file with its name', async () => {
  const path = await write('latin1.txt', Buffer.from('fine\nna\xefve\n', 'latin1'));
  await expect(all(path)).rejects.toMatchObject({
    code: 'TOKENIZER_FILE_MALFORMED',
    message: expect.stringContaining('latin1.txt: line 2 is not UTF-8'),
  });
  await expect(all(join(directory, 'none.txt'))).rejects.toMatchObject({ code: 'TOKENIZER_FILE_MISSING' });
  await expect(all(directory)).rejects.toMatchObject({ code: 'TOKENIZER_FILE_MALFORMED' });
});
