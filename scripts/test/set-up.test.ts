import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isSupportedNode } from '../setup/node-version.mjs';

const setUp = pathToFileURL(fileURLToPath(new URL('../setup/set-up.mjs', import.meta.url))).href;

let root: string;
let tools: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'gerbert-set-up-'));
  tools = path.join(root, '.tools');
  write('package.json', JSON.stringify({ packageManager: 'pnpm@1.2.3' }));
  write('native/package.json', '{}');
  write('native/src/add.cc', 'int add(int a, int b);');
  write('native/loader/index.ts', 'export {};');
  write('packages/one/package.json', '{}');
  write('packages/one/src/index.ts', 'export {};');
  write('packages/one/test/one.test.ts', '');
  for (const tool of ['cmake', 'g++', 'make']) command(tool, '');
  // Stands in for pnpm: writes down how it was called and leaves what the real one would.
  command(
    'npx',
    `echo "$*" >> calls
     case "$*" in
       *install*) mkdir -p node_modules packages/one/node_modules ;;
       *build:simde*) mkdir -p native/build/simde/Release; echo binary > native/build/simde/Release/cpu.node ;;
       *build:addon*) mkdir -p native/build/Release; echo binary > native/build/Release/cpu.node ;;
       *turbo*) mkdir -p native/dist packages/one/dist; touch native/dist/index.js packages/one/dist/index.js ;;
     esac
     case "$*" in *"$FAIL"*) echo "add.cc:1: error: no such luck"; exit 1 ;; esac
     case "$*" in *"$WAIT"*) (sleep 1; touch survivor) & wait ;; esac`,
  );
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

function command(name: string, script: string): void {
  write(`.tools/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(tools, name), 0o755);
}

/** Starts a set-up of the checkout; `calls` are those of pnpm since the last one. */
function start(env: Record<string, string> = {}, options = {}) {
  write('calls', '');
  const code = `import(${JSON.stringify(setUp)}).then((m) => m.setUp('.', ${JSON.stringify(options)}))`;
  const child = spawn(process.execPath, ['-e', code], {
    cwd: root,
    env: { PATH: `${tools}:/usr/bin:/bin`, FAIL: 'never', WAIT: 'never', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string; calls: string[] }>((resolve) => {
    child.once('close', (code) => {
      const calls = readFileSync(path.join(root, 'calls'), 'utf8').split('\n').filter(Boolean);
      resolve({ code, stdout, stderr, calls });
    });
  });
  return { child, ended };
}

const all = ['install --frozen-lockfile', '--filter @gerbert/native run build:addon', 'exec turbo run build'].map(
  (args) => `--yes pnpm@1.2.3 ${args}`,
);
const [install, addon, dist] = all;

describe('a set-up', () => {
  it('installs and builds once, with nothing on stdout', async () => {
    const first = await start().ended;
    expect(first).toMatchObject({ code: 0, stdout: '', calls: all });
    const second = await start().ended;
    expect(second).toEqual({ code: 0, stdout: '', stderr: '', calls: [] });
  });

  it.each([
    ['native/src/add.cc', [addon]],
    ['native/loader/index.ts', [dist]],
    ['packages/one/src/index.ts', [dist]],
    ['packages/one/test/one.test.ts', []],
    ['packages/one/package.json', [install, dist]],
    ['pnpm-lock.yaml', [install, dist]],
  ])('does again what %s bears on', async (file, calls) => {
    await start().ended;
    write(file, '{ }');
    expect((await start().ended).calls).toEqual(calls);
  });

  it.each([
    ['node_modules', [install]],
    ['packages/one/node_modules', [install]],
    ['native/build', [addon]],
    ['packages/one/dist', [dist]],
  ])('does again what made %s, where that is gone', async (folder, calls) => {
    await start().ended;
    rmSync(path.join(root, folder), { recursive: true });
    expect((await start().ended).calls).toEqual(calls);
  });

  it.each(['install', 'turbo'])('ends with 1 and leaves no stamp when %s fails', async (step) => {
    const first = await start({ FAIL: step }).ended;
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('no such luck');
    const second = await start().ended;
    expect(second.code).toBe(0);
    expect(second.calls).toContain(step === 'install' ? install : dist);
  });

  it('goes on without the addon when its build fails, and says why', async () => {
    const first = await start({ FAIL: 'build:addon' }).ended;
    expect(first).toMatchObject({ code: 0, calls: all });
    const reason =
      'plain JavaScript, without the native kernels: add.cc:1: error: no such luck (log: .cache/setup/addon.log)';
    expect(first.stderr).toContain(reason);
    const second = await start().ended;
    expect(second).toMatchObject({ code: 0, calls: [] });
    expect(second.stderr).toContain(reason);
    write('native/src/add.cc', 'int add(int, int);');
    expect((await start().ended).calls).toEqual([addon]);
  });

  it('leaves no addon of older sources behind', async () => {
    await start().ended;
    const packed = 'native/npm/linux-x64-glibc/cpu.node';
    write('native/npm/linux-x64-glibc/package.json', '{}');
    write(packed, 'old');
    write('native/src/add.cc', 'int add(int, int, int);');
    expect((await start({ FAIL: 'build:addon' }).ended).code).toBe(0);
    for (const file of [packed, 'native/build/Release/cpu.node']) expect(existsSync(path.join(root, file))).toBe(false);
  });

  it('goes on without the addon where there is no compiler, and builds it where one has come', async () => {
    rmSync(path.join(tools, 'g++'));
    rmSync(path.join(tools, 'cmake'));
    // Nothing but the tools above: the machine may have compilers of its own.
    for (const tool of ['mkdir', 'touch', 'sleep']) command(tool, `exec /bin/${tool} "$@"`);
    const first = await start({ PATH: tools }).ended;
    expect(first).toMatchObject({ code: 0, calls: [install, dist] });
    expect(first.stderr).toContain('not found on PATH: a C++ compiler (g++ or clang++), CMake\n');
    command('clang++', '');
    command('cmake', '');
    expect((await start({ PATH: tools }).ended).calls).toEqual([addon]);
  });

  describe('for tests', () => {
    const simde = '--yes pnpm@1.2.3 --filter @gerbert/native run build:simde';
    const built = 'native/build/simde/Release/cpu.node';
    const startTests = (env: Record<string, string> = {}) => start({ CPATH: 'headers', ...env }, { simde: true }).ended;

    beforeEach(() => {
      write('native/test/simde/shims.h', '');
      write('headers/simde/x86/avx512.h', '');
    });

    it('builds the kernels over SIMDe once, and again after a change to them or to what stands in', async () => {
      expect((await startTests()).calls).toEqual([install, addon, simde, dist]);
      expect((await startTests()).calls).toEqual([]);
      write('native/test/simde/shims.h', 'int one;');
      expect((await startTests()).calls).toEqual([simde]);
      write('native/src/add.cc', 'int add(int, int);');
      expect((await startTests()).calls).toEqual([addon, simde]);
    });

    it('goes on when that fails, and leaves none of older sources behind', async () => {
      await startTests();
      write('native/test/simde/shims.h', 'int two;');
      const failed = await startTests({ FAIL: 'build:simde' });
      expect(failed.code).toBe(0);
      expect(failed.stderr).toContain('its log is .cache/setup/simde.log: add.cc:1: error: no such luck');
      expect(existsSync(path.join(root, built))).toBe(false);
      expect((await startTests()).calls).toEqual([]);
    });

    it('leaves none of older sources behind where there are no tools any more', async () => {
      await startTests();
      write('native/test/simde/shims.h', 'int three;');
      rmSync(path.join(tools, 'cmake'));
      for (const tool of ['mkdir', 'touch', 'sleep']) command(tool, `exec /bin/${tool} "$@"`);
      expect((await startTests({ PATH: tools })).calls).toEqual([]);
      expect(existsSync(path.join(root, built))).toBe(false);
    });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends with all it started on %s', async (signal, code) => {
    const { child, ended } = start({ WAIT: 'install' });
    await vi.waitFor(() => expect(readFileSync(path.join(root, 'calls'), 'utf8')).toContain('install'));
    child.kill(signal);
    expect(await ended).toMatchObject({ code, stdout: '' });
    await setTimeout(1200);
    expect(existsSync(path.join(root, 'survivor'))).toBe(false);
    expect((await start().ended).calls).toContain(install);
  });
});

describe('isSupportedNode', () => {
  it.each([
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['22.11.0', false],
    ['22.12.0', true],
    ['24.1.0', true],
  ])('%s: %s', (version, expected) => {
    expect(isSupportedNode(version)).toBe(expected);
  });
});
