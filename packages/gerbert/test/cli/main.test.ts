import { readFileSync } from 'node:fs';
import { devices, GerbertError } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { run } from './harness.js';

describe('gerbert', () => {
  test('explains itself and its commands, each with an example', async () => {
    const inner = ['encode', 'decode', 'train', 'inspect'].map((name) => ['tokenizer', name, '--help']);
    const outer = [['--help'], ['demo', '--help'], ['devices', '--help'], ['help', 'demo'], ['tokenizer', '--help']];
    for (const argv of [...outer, ...inner]) {
      const { exitCode, stdout, stderr } = await run(argv);
      expect(exitCode, argv.join(' ')).toBe(0);
      expect(stdout).toMatch(/Usage: gerbert[\s\S]+Examples?:\n +gerbert [dt]/);
      expect(stderr).toBe('');
    }
  });

  test('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  });

  test('without a command says what there is, as a mistake', async () => {
    const { exitCode, stdout, stderr } = await run([]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: gerbert');
  });

  test.each([
    [['dmo'], 'dmo', 'demo'],
    [['device'], 'device', 'devices'],
    [['demo', '--sed', '3'], '--sed', '--seed'],
    [['tokenizr'], 'tokenizr', 'tokenizer'],
    [['tokenizer', 'encode', '--tokeniser', 'x'], '--tokeniser', '--tokenizer'],
    [['tokenizer', 'inspct'], 'inspct', 'inspect'],
    [['tokenizer', 'decode', '--keep-special-token'], '--keep-special-token', '--keep-special-tokens'],
    [['demo', '--crops=x'], '--crops', '--corpus'],
    [['devices', '--jsn'], '--jsn', '--json'],
    [['--versoin'], '--versoin', '--version'],
    [['demo', '--device', 'cup'], 'cup', 'cpu'],
    [['demo', '--lang', 'zho'], 'zho', 'zh'],
    [['demo', '--corpus', 'mobydick'], 'mobydick', 'moby-dick'],
  ])('refuses %j, naming it and the nearest known word', async (argv, wrong, nearest) => {
    const { exitCode, stdout, stderr, asked } = await run(argv);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(wrong);
    expect(stderr).toContain(`Did you mean "${nearest}"?`);
    expect(asked).toBeUndefined();
  });

  test('refuses a flag without its value, and words too many', async () => {
    expect(await run(['demo', '--seed'])).toMatchObject({ exitCode: 2, asked: undefined });
    expect(await run(['demo', 'addresses'])).toMatchObject({ exitCode: 2, asked: undefined });
  });
});

describe('gerbert devices', () => {
  test('--json prints what devices() says, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await run(['devices', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ devices: JSON.parse(JSON.stringify(devices())) });
    expect(stderr).toBe('');
  });

  test('prints a table with a line for every device', async () => {
    const { stdout } = await run(['devices']);
    for (const { name, available, reason } of devices()) {
      const line = stdout.split('\n').find((text) => text.startsWith(`${name} `));
      expect(line, name).toContain(available ? 'available' : reason);
    }
  });
});

describe('errors', () => {
  const failing = (error: unknown) => run(['demo', '--out', '/tmp'], { runDemo: () => Promise.reject(error) });

  test('of Gerbert are one line with their code', async () => {
    const { exitCode, stdout, stderr } = await failing(new GerbertError('FILE_UNWRITABLE', 'Cannot write x: full.'));
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/^$/),
      stderr: 'error [FILE_UNWRITABLE]: Cannot write x: full.\n',
    });
  });

  test('that other words would have avoided exit with 2', async () => {
    for (const code of ['CORPUS_TOO_SMALL', 'OPTION_INVALID', 'TALES_OPTION_UNKNOWN', 'DEVICE_UNKNOWN']) {
      expect((await failing(new GerbertError(code, 'No.'))).exitCode, code).toBe(2);
    }
    expect((await failing(new GerbertError('DEVICE_UNAVAILABLE', 'No.'))).exitCode).toBe(1);
  });

  test('of any other kind come with their stack', async () => {
    const { exitCode, stderr } = await failing(new RangeError('off by one'));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: RangeError: off by one\n +at /);
  });
});
