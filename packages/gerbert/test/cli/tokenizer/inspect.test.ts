import { expect, test } from 'vitest';
import { run } from '../harness.js';
import { bertFile } from './fixture.js';

const inspect = (...flags: string[]) => run(['tokenizer', 'inspect', '--tokenizer', bertFile(), ...flags]);

test('gerbert tokenizer inspect --json says what a tokenizer is made of', async () => {
  const { exitCode, stdout, stderr } = await inspect('--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({
    model: { type: 'WordPiece', vocab: 15, unk_token: '[UNK]', max_input_chars_per_word: 100 },
    vocabSize: 15,
    highestId: 14,
    preTokenizer: { type: 'BertPreTokenizer' },
    postProcessor: { type: 'BertProcessing' },
    truncation: null,
  });
  expect(found.addedTokens[3]).toEqual({ id: 3, content: '[SEP]', special: true });
  expect(found).not.toHaveProperty('words');
});

test('it looks tokens and ids up, and divides a text', async () => {
  const { stdout } = await inspect('--json', '--token', 'who', 'whom', '--id', '11', '99', '--text', 'The LETTERS?');
  expect(JSON.parse(stdout)).toMatchObject({
    tokens: [
      { token: 'who', id: 5 },
      { token: 'whom', id: null },
    ],
    ids: [
      { id: 11, token: 'letter' },
      { id: 99, token: null },
    ],
    words: [
      { text: 'The', offsets: [0, 3], tokens: ['the'], ids: [10] },
      { text: 'LETTERS', offsets: [4, 11], tokens: ['letter', '##s'], ids: [11, 12] },
      { text: '?', offsets: [11, 12], tokens: ['?'], ids: [8] },
    ],
  });
});

test('it tells people the same', async () => {
  const { exitCode, stdout } = await inspect('--token', 'who', '--id', '99', '--text', 'LETTERS');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^model +WordPiece, .*max_input_chars_per_word 100$/m);
  expect(stdout).toMatch(/^vocabulary +15 tokens, 15 of the model; the highest id is 14$/m);
  expect(stdout).toMatch(/^special tokens +\[PAD\] 0 {2}\[UNK\] 1/m);
  expect(stdout).toMatch(/^pre-tokenizer +BertPreTokenizer$/m);
  expect(stdout).toMatch(/^padding +none$/m);
  expect(stdout).toContain('who → 5\n99 → no token\n');
  expect(stdout).toContain('LETTERS 0–7 → letter 11  ##s 12\n');
});

test('it refuses ids that are none', async () => {
  expect(await inspect('--id', '1', 'x')).toMatchObject({ exitCode: 2, stdout: '' });
});
