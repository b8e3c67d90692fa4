import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inventedResult } from '../report/fixture.js';
import { run, temporaryFolder } from './harness.js';

const demo = (...flags: string[]) => run(['demo', '--out', temporaryFolder(), ...flags]);

describe('flags', () => {
  test('have defaults', async () => {
    const { exitCode, asked } = await demo();
    expect(exitCode).toBe(0);
    expect(asked).toMatchObject({ corpus: ['addresses'], lang: 'en', seed: 1, quick: false });
    expect([asked?.minutes, asked?.device]).toEqual([undefined, undefined]);
  });

  test('reach the demo', async () => {
    const folder = temporaryFolder();
    const flags = ['--corpus', 'moby-dick', '--minutes', '0.5', '--device', 'js', '--seed', '4294967295', '--quick'];
    const { asked } = await run(['demo', '--out', path.join(folder, 'a/b'), ...flags]);
    expect(asked).toMatchObject({
      corpus: ['moby-dick'],
      minutes: 0.5,
      device: 'js',
      seed: 4294967295,
      quick: true,
      out: path.join(folder, 'a/b'),
    });
  });

  test('take several paths as a corpus', async () => {
    const folder = temporaryFolder();
    const files = ['one.txt', 'two.txt'].map((name) => path.join(folder, name));
    for (const file of files) writeFileSync(file, 'text');
    expect((await demo('--corpus', ...files, '--lang', 'zh')).asked).toMatchObject({ corpus: files, lang: 'zh' });
  });

  test('choose the tales where the run is to be quick or Chinese', async () => {
    expect((await demo('--quick')).asked?.corpus).toEqual(['tales']);
    expect((await demo('--lang', 'zh')).asked?.corpus).toEqual(['tales']);
    expect((await demo('--quick', '--corpus', 'addresses')).asked?.corpus).toEqual(['addresses']);
  });

  test.each([
    ['--minutes', '0'],
    ['--minutes', '-1'],
    ['--minutes', 'NaN'],
    ['--minutes', 'Infinity'],
    ['--minutes', '1e999'],
    ['--minutes', '3x'],
    ['--minutes', ''],
    ['--seed', '-1'],
    ['--seed', '1.5'],
    ['--seed', '4294967296'],
    ['--seed', '0x10'],
    ['--seed', ''],
  ])('%s refuses "%s"', async (flag, value) => {
    const { exitCode, stderr, asked } = await demo(`${flag}=${value}`);
    expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: undefined });
    expect(stderr).toContain(flag);
    expect(stderr).toContain('It must be');
  });

  test.each([
    [['--corpus', '/no/such/file.txt'], '/no/such/file.txt'],
    [['--corpus', 'tales', 'addresses'], 'tales and addresses'],
    [['--corpus', 'tales', 'tales'], 'tales and tales'],
    [['--corpus', 'addresses', '--lang', 'zh'], 'addresses is in English'],
  ])('%j are refused', async (flags, why) => {
    const { exitCode, stderr, asked } = await demo(...flags);
    expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: undefined });
    expect(stderr).toContain(`error [OPTION_INVALID]: --corpus ${flags[1]}`.slice(0, 32));
    expect(stderr).toContain(why);
  });
});

describe('--out', () => {
  test('is made, and tried before any work begins, without a trace', async () => {
    const out = path.join(temporaryFolder(), 'deep/er');
    let seen: string[] | undefined;
    const runDemo = async () => {
      seen = readdirSync(out);
      return inventedResult();
    };
    expect((await run(['demo', '--out', out], { runDemo })).exitCode).toBe(0);
    expect(seen).toEqual([]);
  });

  test.each([
    ['a file in its place', 'file'],
    ['a file above it', 'file/inside/of'],
  ])('is refused with %s', async (_, place) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'file'), 'text');
    const { exitCode, stdout, stderr, asked } = await run(['demo', '--json', '--out', path.join(folder, place)]);
    expect({ exitCode, stdout, asked }).toEqual({ exitCode: 2, stdout: '', asked: undefined });
    expect(stderr).toContain(`error [OUT_UNWRITABLE]: --out ${path.join(folder, place)}`);
    expect(stderr).toContain(`${path.join(folder, 'file')} is a file`);
  });

  test('is refused where nothing can be made', async (ctx) => {
    if (!existsSync('/proc/self')) ctx.skip('no /proc here');
    const { exitCode, stderr, asked } = await run(['demo', '--out', '/proc/gerbert/demo']);
    expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: undefined });
    expect(stderr).toContain('error [OUT_UNWRITABLE]');
    expect((await run(['demo', '--out', ''])).exitCode).toBe(2);
  });

  test('goes again when a demo fails before it has written, and stays otherwise', async () => {
    const folder = temporaryFolder();
    const fail = (out: string, write: boolean) =>
      run(['demo', '--out', out], {
        runDemo: async () => {
          if (write) writeFileSync(path.join(out, 'kept'), '');
          throw new Error('no');
        },
      });
    await fail(path.join(folder, 'new/er'), false);
    expect(readdirSync(folder)).toEqual([]);
    await fail(path.join(folder, 'new/er'), true);
    expect(readdirSync(path.join(folder, 'new/er'))).toEqual(['kept']);
    mkdirSync(path.join(folder, 'own'));
    await fail(path.join(folder, 'own'), false);
    expect(readdirSync(folder).sort()).toEqual(['new', 'own']);
  });
});

describe('output', () => {
  const talkative = async ({ progress }: { progress: import('../../src/demo/index.js').Progress }) => {
    progress.phase('1/5 Reading');
    progress.note('233 documents');
    progress.start(2, 'BERT');
    progress.step(1, { loss: 9.4 });
    progress.step(2, { loss: 8.1, tokensPerSecond: 12_345.6 });
    return inventedResult();
  };

  test('with --json is one document, and progress goes to the standard error', async () => {
    const { stdout, stderr } = await run(['demo', '--json', '--out', temporaryFolder()], { runDemo: talkative });
    expect(JSON.parse(stdout)).toEqual(inventedResult());
    expect(stdout.match(/\n/g)).toEqual(['\n']);
    expect(stderr).toContain('1/5 Reading\n  233 documents\n');
    expect(stderr).toContain('BERT  2/2  100 %  loss 8.100  12,346 tokens/s');
  });

  test('for people is progress and then a summary', async () => {
    const { stdout, stderr } = await run(['demo', '--out', temporaryFolder()], { runDemo: talkative });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/1\/5 Reading[\s\S]+Results[\s\S]+Files/);
  });
});
