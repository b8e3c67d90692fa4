import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addonPath, loadAddon, needAddon } from './built.js';

type Loader = typeof import('../loader/index.js');

/** The loader as a new process would see it. */
async function freshLoader(): Promise<Loader> {
  vi.resetModules();
  return import('../loader/index.js');
}

/** Lets the loader find these candidates alone. */
function offer(candidates: { what: string; specifier: string }[], exports?: unknown): void {
  vi.stubEnv('GERBERT_ADDON', '');
  vi.doMock('../loader/find.js', async (original) => {
    const real = await original<typeof import('../loader/find.js')>();
    return { ...real, candidates: () => candidates, ...(exports ? { load: () => ({ exports, path: 'x' }) } : {}) };
  });
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gerbert-loader-'));
});
afterEach(() => {
  vi.doUnmock('../loader/find.js');
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

async function reason(): Promise<string> {
  const found = (await freshLoader()).loadCpu();
  if (found.available) throw new Error('an addon was found');
  return found.reason;
}

test('finds the addon, once', async (context) => {
  needAddon(context);
  const { loadCpu } = await freshLoader();
  const cpu = loadCpu();
  if (!cpu.available) throw new Error(cpu.reason);
  expect(loadCpu()).toBe(cpu);
  expect(cpu.threads).toBeGreaterThanOrEqual(1);
  expect(cpu.isa).toBe(loadAddon().isas.find((isa) => isa.supported)?.name);
  expect(Object.keys(cpu.kernels)).toEqual(loadAddon().kernels.map(({ name }) => name));
  expect(cpu.path).toMatch(/cpu\.node$/);
});

test('says that nothing is installed', async () => {
  offer([{ what: '@gerbert/native-none', specifier: '@gerbert/native-none/cpu.node' }]);
  expect(await reason()).toMatch(/No native addon could be used\. @gerbert\/native-none: not installed\./);
});

test('says why a file cannot be loaded, and tries the next', async () => {
  const broken = join(directory, 'cpu.node');
  writeFileSync(broken, 'not an addon');
  offer([
    { what: broken, specifier: broken },
    { what: 'the next', specifier: './none.node' },
  ]);
  const text = await reason();
  expect(text).toContain(`${broken}: `);
  expect(text).toMatch(/cpu\.node: .+; the next: not installed/);
});

test('refuses an addon of another interface', async () => {
  offer([{ what: 'old', specifier: 'x' }], { abi: 0 });
  expect(await reason()).toMatch(/old: it speaks version 0 of the interface, this package \d/);
});

test('takes the file that GERBERT_ADDON names, and no other', async (context) => {
  needAddon(context);
  const copy = join(directory, 'copy.node');
  copyFileSync(addonPath, copy);
  vi.stubEnv('GERBERT_ADDON', copy);
  expect((await freshLoader()).loadCpu()).toMatchObject({ available: true, path: copy });
  vi.stubEnv('GERBERT_ADDON', join(directory, 'none.node'));
  expect(await reason()).toMatch(/used\. GERBERT_ADDON=.*none\.node: there is no such file\.$/);
});

test('names the package of the platform', async () => {
  const { platformPackage } = await import('../loader/find.js');
  const libc = process.platform === 'linux' ? '-(glibc|musl)' : '';
  expect(platformPackage()).toMatch(new RegExp(`^@gerbert/native-${process.platform}-${process.arch}${libc}$`));
});

test.for(['avx1024', 'AVX2', ' '])('refuses GERBERT_ISA=%s and names those there are', async (isa, context) => {
  needAddon(context);
  vi.stubEnv('GERBERT_ISA', isa);
  const supported = loadAddon().isas.filter((each) => each.supported);
  expect(await reason()).toContain(
    `GERBERT_ISA is "${isa}", which is not known; it may be ${supported.map(({ name }) => name).join(', ')}`,
  );
});

test('takes each instruction set of this processor', async (context) => {
  needAddon(context);
  for (const { name, supported } of loadAddon().isas) {
    vi.stubEnv('GERBERT_ISA', name);
    const found = (await freshLoader()).loadCpu();
    expect(found).toMatchObject(supported ? { available: true, isa: name } : { available: false });
  }
});

test.for(['0', '-1', '1.5', 'many', '1e1', '1025'])('refuses GERBERT_THREADS=%s', async (threads, context) => {
  needAddon(context);
  vi.stubEnv('GERBERT_THREADS', threads);
  expect(await reason()).toContain('GERBERT_THREADS');
});

test('takes GERBERT_THREADS, or no more threads than there are cores', async () => {
  const { defaultThreads } = await import('../loader/threads.js');
  vi.stubEnv('GERBERT_THREADS', '3');
  expect(defaultThreads()).toBe(3);
  vi.stubEnv('GERBERT_THREADS', '');
  const { availableParallelism } = await import('node:os');
  expect(defaultThreads()).toBeGreaterThanOrEqual(1);
  expect(defaultThreads()).toBeLessThanOrEqual(availableParallelism());
});

test('sets threads, and refuses numbers that are none', async (context) => {
  needAddon(context);
  const cpu = (await freshLoader()).loadCpu();
  if (!cpu.available) throw new Error(cpu.reason);
  const before = cpu.threads;
  cpu.setThreads(5);
  expect(cpu.threads).toBe(5);
  cpu.setThreads(before);
  for (const count of [0, -1, 0.5, Number.NaN, 2000]) {
    expect(() => cpu.setThreads(count)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  }
});

test('says that there is no CUDA addon', async () => {
  const cuda = (await freshLoader()).loadCuda();
  expect(cuda.available).toBe(false);
  expect(cuda.reason).toMatch(/No CUDA addon could be used: cuda.node is not built/);
});
