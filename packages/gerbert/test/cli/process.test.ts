import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './harness.js';

// Node 20 runs no TypeScript in a process of its own: the command is compiled first, to where its libraries are found.
const root = fileURLToPath(new URL('../..', import.meta.url));
let compiled = '';

beforeAll(() => {
  compiled = mkdtempSync(path.join(root, 'node_modules/.cli-test-'));
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', root, '--noCheck', '--outDir', path.join(compiled, 'dist')]);
  cpSync(path.join(root, 'package.json'), path.join(compiled, 'package.json'));
  for (const [name, work] of Object.entries(demos)) {
    const script = `import { main } from './dist/cli/main.js';
      const runDemo = async ({ signal, progress, out }) => { ${work} };
      process.exitCode = await main(process.argv.slice(2), { runDemo });`;
    writeFileSync(path.join(compiled, `${name}.mjs`), script);
  }
});
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

/** What the demo does in place of training. */
const demos = {
  obedient: `progress.note('ready'); await new Promise((_, stop) => {
    const busy = setInterval(() => {}, 1000);
    signal.addEventListener('abort', () => { clearInterval(busy); stop(signal.reason); });
  });`,
  deaf: `progress.note('ready'); await new Promise(() => setInterval(() => {}, 1000));`,
  talkative: `for (;;) { signal.throwIfAborted(); progress.note('x'.repeat(1000)); await new Promise(setImmediate); }`,
  large: `return { text: 'x'.repeat(4_000_000) };`,
};

function start(name: keyof typeof demos, out: string, ...flags: string[]): ChildProcess {
  const child = spawn(process.execPath, [path.join(compiled, `${name}.mjs`), 'demo', '--out', out, ...flags]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Everything that comes out of a stream. */
async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream!) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('signals', () => {
  test.each([
    ['SIGINT', 'obedient', 130, 'interrupted'],
    ['SIGTERM', 'obedient', 143, 'terminated'],
    ['SIGINT', 'deaf', 130, ''],
    ['SIGTERM', 'deaf', 143, ''],
  ] as const)('%s ends a demo that is %s with %i and leaves nothing', async (signal, name, code, message) => {
    const folder = temporaryFolder();
    const child = start(name, path.join(folder, 'new'));
    await once(child.stdout!, 'data');
    expect(readdirSync(folder)).toEqual(['new']);
    child.kill(signal);
    const [errors, [exitCode, killedBy]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
    expect({ exitCode, killedBy }).toEqual({ exitCode: code, killedBy: null });
    expect(errors).toBe(message && `gerbert: ${message}\n`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a second one does not wait', async () => {
    const child = start('deaf', temporaryFolder());
    await once(child.stdout!, 'data');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect([130, 143]).toContain((await once(child, 'exit'))[0]);
  });
});

test('a reader who goes away ends the demo quietly', async () => {
  const child = start('talkative', temporaryFolder());
  await once(child.stdout!, 'data');
  child.stdout!.destroy();
  const [errors, [exitCode]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
  expect({ exitCode, errors }).toEqual({ exitCode: 141, errors: '' });
});

test('a large document comes through a pipe whole', async () => {
  const child = start('large', temporaryFolder(), '--json');
  const [text, [exitCode]] = await Promise.all([textOf(child.stdout), once(child, 'exit')]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(text).text.length).toBe(4_000_000);
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
    mkdirSync(path.join(compiled, 'bin'));
    cpSync(path.join(root, 'bin/gerbert.mjs'), path.join(compiled, 'bin/gerbert.mjs'));
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(compiled, 'bin/gerbert.mjs'), '--help']);
    expect(stdout).toContain('Usage: gerbert');
  });

  test('is the command of the package, and is packed with it', () => {
    const { bin, files } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(existsSync(path.join(root, bin.gerbert))).toBe(true);
    expect(files).toContain(path.dirname(bin.gerbert));
  });
});
