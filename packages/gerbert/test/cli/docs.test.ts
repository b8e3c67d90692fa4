import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { trainWordPiece } from '@gerbert/tokenizer';
import { saveTokenizer } from '@gerbert/tokenizer/node';
import { expect, onTestFinished, test } from 'vitest';
import { runPage } from '../../../../scripts/readme.js';
import { run } from './harness.js';

const page = readFileSync(fileURLToPath(new URL('../../../../docs/tokenizers.md', import.meta.url)), 'utf8');

test('the program of the page on tokenizers prints what it says', async () => {
  const { printed } = await runPage('tokenizers.md', new URL('..', import.meta.url).href);
  const says = [...page.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => said);
  expect(says.length).toBeGreaterThan(6);
  const lines = printed.map((values) => values.join(' '));
  for (const said of says) if (!said.includes(', the longest')) expect(lines).toContain(said);
});

test('the commands of the page do what they should', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(fileURLToPath(new URL('.', import.meta.url)), '.docs-'));
  const before = process.cwd();
  onTestFinished(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  process.chdir(folder);
  const texts = ['Who wrote the letter?', 'Mary wrote the letters.'];
  await saveTokenizer(await trainWordPiece(texts, { vocabSize: 100, minFrequency: 1 }), 'my-bert');
  writeFileSync('texts.txt', `${texts.join('\n')}\n`);
  writeFileSync('texts.jsonl', `${texts.map((text) => JSON.stringify({ text })).join('\n')}\n`);
  writeFileSync('ids.jsonl', '{ "ids": [2, 5, 6, 3] }\n');
  const commands = [...page.matchAll(/^gerbert (tokenizer .*)$/gm)].map(([, command]) => command);
  expect(commands.length).toBeGreaterThan(6);
  for (const command of commands) {
    const [line, input] = command.split(' < ');
    const argv = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
    const stdin = input === undefined ? '' : readFileSync(input, 'utf8');
    const { exitCode, stdout, stderr } = await run(argv, { stdin });
    expect(exitCode, `${command}\n${stderr}`).toBe(0);
    expect(stdout).not.toBe('');
  }
});
