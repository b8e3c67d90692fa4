import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../harness.js';

test.each([
  ['nothing.json', undefined, 2, /^error \[TOKENIZER_FILE_MISSING\]: .*nothing\.json/],
  ['empty', null, 2, /^error \[TOKENIZER_FILE_MISSING\]: .*looked for tokenizer\.json/],
  ['broken.json', '{"version":', 1, /^error \[TOKENIZER_\w+\]: .*broken\.json/],
  ['list.json', '[]', 1, /^error \[TOKENIZER_\w+\]: .*list\.json/],
  ['added.json', '{"version":"1.0","added_tokens":5,"model":null}', 1, /^error \[TOKENIZER_\w+\]: .*added\.json/],
  ['other.json', '{"version":"1.0","model":{"type":"Nonesuch"}}', 1, /^error \[TOKENIZER_\w+\]: .*Nonesuch/],
])('a tokenizer that cannot be loaded, %s, is one line', async (name, content, code, message) => {
  const file = path.join(temporaryFolder(), name);
  if (content === null) mkdirSync(file);
  else if (content !== undefined) writeFileSync(file, content);
  for (const command of ['encode', 'decode', 'inspect']) {
    const { exitCode, stdout, stderr } = await run(['tokenizer', command, '--tokenizer', file], { stdin: 'who\n' });
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  }
});

test('without a tokenizer nothing is done', async () => {
  for (const command of ['encode', 'decode', 'inspect']) {
    const { exitCode, stdout, stderr } = await run(['tokenizer', command], { stdin: 'who\n' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('--tokenizer');
  }
});
