import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './harness.js';
import { bertFile } from './tokenizer/fixture.js';

// Node 20 runs no TypeScript in a process of its own: the command is compiled first, to where its libraries are found.
const root = fileURLToPath(new URL('../..', import.meta.url));
const libraries = path.join(root, '../tensor/dist/index.js');
let compiled = '';

beforeAll(() => {
  compiled = mkdtempSync(path.join(root, 'node_modules/.cli-test-'));
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', root, '--noCheck', '--outDir', path.join(compiled, 'dist')]);
  cpSync(path.join(root, 'package.json'), path.join(compiled, 'package.json'));
  cpSync(path.join(root, 'bin'), path.join(compiled, 'bin'), { recursive: true });
  writeFileSync(path.join(compiled, 'dist/demo/index.js'), demoInPlace);
});
beforeEach((ctx) => {
  if (!existsSync(libraries)) ctx.skip('the packages below are not built, which processes of their own need');
});
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

/** What takes the place of training, by the name in `DEMO`. */
const demoInPlace = `
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GerbertError } from '@gerbert/tensor';
import { writeTogether } from './output.js';
const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
const forever = async () => { for (;;) await pause(); };
const demos = {
  async obedient({ signal, progress }) { progress.note('ready'); for (;;) { await pause(); signal.throwIfAborted(); } },
  async deaf({ progress }) { progress.note('ready'); await forever(); },
  async blocking({ progress }) { progress.note('ready'); await pause(); for (;;); },
  async writing({ progress, out }) { await writeTogether(out, ['x'], async (folder) => {
    mkdirSync(join(folder, 'half'));
    progress.note('ready');
    await forever();
  }); },
  async talkative({ signal, progress }) { for (;;) { signal.throwIfAborted(); progress.note('x'.repeat(1000)); await pause(); } },
  async large() { return { text: 'x'.repeat(4_000_000), missing: NaN }; },
  async asked(options) { options.progress.start(3, 'label'); options.progress.step(3, { loss: 1.5 }); return JSON.parse(JSON.stringify({ ...options, progress: 0 })); },
  async failing() { throw new GerbertError('CORPUS_EMPTY', 'There is no text.'); },
  async breaking() { throw new RangeError('off by one'); },
  async dying() { process.exit(3); },
};
export const runDemo = (options) => demos[process.env.DEMO](options);
`;

const bin = () => path.join(compiled, 'bin/gerbert.mjs');

function start(demo: string, out: string, ...flags: string[]): ChildProcess {
  const env = { ...process.env, DEMO: demo };
  const child = spawn(process.execPath, [bin(), 'demo', '--out', out, ...flags], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** All that a process says, and how it ends. */
async function ending(child: ChildProcess): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
  const [stdout, stderr, [exitCode]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'exit'),
  ]);
  return { stdout, stderr, exitCode };
}

async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream!) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('signals', () => {
  test.each([
    ['SIGINT', 'obedient', 130, 'interrupted'],
    ['SIGTERM', 'obedient', 143, 'terminated'],
    ['SIGINT', 'deaf', 130, 'interrupted'],
    ['SIGINT', 'blocking', 130, 'interrupted'],
    ['SIGTERM', 'blocking', 143, 'terminated'],
    ['SIGINT', 'writing', 130, 'interrupted'],
  ] as const)('%s ends a demo that is %s with %i and leaves nothing', async (signal, demo, code, message) => {
    const folder = temporaryFolder();
    const child = start(demo, path.join(folder, 'new'));
    const end = ending(child);
    await once(child.stdout!, 'data');
    expect(readdirSync(folder)).toEqual(['new']);
    child.kill(signal);
    const { exitCode, stderr } = await end;
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: `gerbert: ${message}\n` });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a second one does not wait', async () => {
    const child = start('deaf', temporaryFolder());
    const end = ending(child);
    await once(child.stdout!, 'data');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect([130, 143]).toContain((await end).exitCode);
  });
});

describe('the demo in its thread', () => {
  test('gets what was asked, and its progress and its result come back', async () => {
    const out = temporaryFolder();
    const flags = ['--json', '--seed', '7', '--minutes', '0.5', '--device', 'js', '--quick'];
    const { stdout, stderr, exitCode } = await ending(start('asked', out, ...flags));
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      corpus: ['tales'],
      seed: 7,
      minutes: 0.5,
      device: 'js',
      quick: true,
      out,
    });
    expect(stderr).toMatch(/label {2}3\/3 {2}100 % {2}loss 1\.500/);
  });

  test('has its errors told as if they were of this thread', async () => {
    const failing = await ending(start('failing', temporaryFolder()));
    expect(failing).toMatchObject({ exitCode: 2, stderr: 'error [CORPUS_EMPTY]: There is no text.\n' });
    const breaking = await ending(start('breaking', temporaryFolder(), '--json'));
    expect(breaking).toMatchObject({ exitCode: 1, stdout: '' });
    expect(breaking.stderr).toMatch(/^error: RangeError: off by one\n +at /);
  });

  test('is missed when it ends early', async () => {
    const { exitCode, stderr } = await ending(start('dying', temporaryFolder()));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("the demo's thread ended early, with 3");
  });
});

test('a reader who goes away ends the demo quietly', async () => {
  const child = start('talkative', temporaryFolder());
  await once(child.stdout!, 'data');
  child.stdout!.destroy();
  const [stderr, [exitCode]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' });
});

test('a large document comes through a pipe whole', async () => {
  const { stdout, exitCode } = await ending(start('large', temporaryFolder(), '--json'));
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).text.length).toBe(4_000_000);
});

describe('gerbert tokenizer in a pipe', () => {
  const startEncoding = (...flags: string[]) => {
    const argv = [bin(), 'tokenizer', 'encode', '--tokenizer', bertFile(), ...flags];
    const child = spawn(process.execPath, argv);
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };

  test('answers every line, in portions that end anywhere', async () => {
    const child = startEncoding('--json');
    const end = ending(child);
    const lines = Array.from({ length: 20_000 }, (_, i) => (i % 1000 === 999 ? '{"text":' : '"who wrote it ö 😀 ?"'));
    const bytes = Buffer.from(lines.join('\n'));
    for (let at = 0; at < bytes.length; at += 77_777) child.stdin.write(bytes.subarray(at, at + 77_777));
    child.stdin.end();
    const { stdout, stderr, exitCode } = await end;
    expect({ stderr, exitCode }).toEqual({
      stderr: 'gerbert: 20 of 20000 lines could not be answered\n',
      exitCode: 1,
    });
    const answers = stdout.trimEnd().split('\n');
    expect(answers.length).toBe(lines.length);
    expect(new Set(answers.filter((_, i) => i % 1000 !== 999)).size).toBe(1);
    expect(JSON.parse(answers[0])).toMatchObject({ ids: [2, 5, 6, 7, 14, 13, 8, 3] });
    expect(JSON.parse(answers[999])).toMatchObject({ error: { code: 'LINE_NOT_JSON', line: 1000 } });
  });

  test('ends quietly where the reader has gone', async () => {
    const child = startEncoding('--ids');
    child.stdin.on('error', () => {});
    const feed = setInterval(() => child.stdin.write('who wrote it ?\n'.repeat(1000)), 1);
    onTestFinished(() => clearInterval(feed));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [stderr, [exitCode]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' });
  });
});

describe('bin/gerbert.mjs', () => {
  test('says how to build where nothing is built', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'bin'));
    cpSync(path.join(root, 'bin/gerbert.mjs'), path.join(folder, 'bin/gerbert.mjs'));
    const failure = await promisify(execFile)(process.execPath, [path.join(folder, 'bin/gerbert.mjs')]).catch((e) => e);
    expect(failure).toMatchObject({ code: 1, stdout: '' });
    expect(failure.stderr).toContain('npm start');
  });

  test('runs what is built', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [bin(), '--help']);
    expect(stdout).toContain('Usage: gerbert');
  });

  test('is the command of the package, and is packed with it', () => {
    const { bin: commands, files } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(existsSync(path.join(root, commands.gerbert))).toBe(true);
    expect(files).toContain(path.dirname(commands.gerbert));
  });
});
