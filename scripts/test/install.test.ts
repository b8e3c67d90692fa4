import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { FLOOR_PLAN } from '../imports/floor-plan.mjs';
import { Consumer, packForConsumers } from '../packages/consumer.mjs';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
const names = [...FLOOR_PLAN.keys()];
const unbuilt = names.filter(
  (name) => !existsSync(path.join(root, FLOOR_PLAN.get(name)?.folder ?? '', 'dist/index.js')),
);

/** Packages that serve browsers too: their declarations name no types of Node. */
const WITHOUT_NODE = ['@gerbert/tokenizer'];

let scratch: string;
let tarballs: Map<string, string>;
beforeAll(() => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'gerbert-install-')));
  if (unbuilt.length === 0) tarballs = packForConsumers(root, scratch);
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true }));

/** The package and all below it, and the platform's addon where it was packed. */
function closure(name: string): string[] {
  const folder = FLOOR_PLAN.get(name)?.folder;
  const { dependencies = {} } = folder ? JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) : {};
  const below = Object.keys(dependencies)
    .filter((other) => FLOOR_PLAN.has(other))
    .flatMap(closure);
  const platform = name === '@gerbert/native' ? [...tarballs.keys()].filter((other) => !FLOOR_PLAN.has(other)) : [];
  return [...new Set([name, ...below, ...platform])].sort();
}

/** The TypeScript of a page, block by block; of a page that is missing, none. */
function codeBlocks(page: string): string[] {
  if (!existsSync(path.join(root, page))) return [];
  const text = readFileSync(path.join(root, page), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
}

/** A strict project of `files` that also checks the declarations it is given. */
function tsconfig(name: string, files: string[], options: object): string {
  const typeRoots = [path.join(root, 'node_modules/@types')];
  const types = WITHOUT_NODE.includes(name) ? [] : ['node'];
  const lib = ['es2023', 'esnext.disposable', ...(types.length === 0 ? ['dom'] : [])];
  const compilerOptions = { strict: true, skipLibCheck: false, target: 'es2022', lib, types, typeRoots, ...options };
  return JSON.stringify({ compilerOptions, files });
}

function requireBuild(ctx: TestContext): void {
  if (unbuilt.length > 0) ctx.skip(`not built: ${unbuilt.join(', ')} (npm test builds them)`);
}

describe.each(names)('%s, installed alone', (name) => {
  let consumer: Consumer;
  let entries: string[];

  it('brings what is below it, and nothing else', { timeout: 120_000 }, async (ctx) => {
    requireBuild(ctx);
    const folder = path.join(scratch, name.replace('/', '-'));
    mkdirSync(folder);
    consumer = new Consumer(folder);
    await consumer.install(name, tarballs);
    entries = consumer.entries(name);
    expect(entries).toContain(name);
    expect(consumer.installed().sort()).toEqual(closure(name));
  });

  it('gives the same to import and to require', async (ctx) => {
    requireBuild(ctx);
    const list = JSON.stringify(entries);
    const print = 'console.log(JSON.stringify(found))';
    consumer.write(
      'import.mjs',
      `const found = [];\nfor (const entry of ${list}) found.push(Object.keys(await import(entry)).sort());\n${print}`,
    );
    consumer.write(
      'require.cjs',
      `const found = ${list}.map((entry) => Object.keys(require(entry)).sort());\n${print}`,
    );
    const imported = JSON.parse(await consumer.run(process.execPath, ['import.mjs']));
    const required = JSON.parse(await consumer.run(process.execPath, ['require.cjs']));
    for (const keys of imported) expect(keys).not.toEqual([]);
    const plain = (keys: string[]) => keys.filter((key) => key !== '__esModule' && key !== 'module.exports');
    expect(required.map(plain)).toEqual(imported.map(plain));
  });

  it.each([
    ['nodenext', { module: 'nodenext', noEmit: true }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler', noEmit: true }],
  ])('has types for %s', async (resolution, options) => {
    const imports = entries.map((entry, i) => `import * as entry${i} from '${entry}';\nvoid entry${i};`).join('\n');
    const sources = resolution === 'nodenext' ? ['types.mts', 'types.cts'] : ['types.ts'];
    for (const source of sources) consumer.write(source, imports);
    consumer.write(`tsconfig.${resolution}.json`, tsconfig(name, sources, options));
    await consumer.run(process.execPath, [tsc, '-p', `tsconfig.${resolution}.json`]);
  });

  /** Compiles a program that uses the package, and runs it; returns what it prints. */
  async function runProgram(program: string): Promise<string> {
    consumer.write('example.mts', program);
    consumer.write('tsconfig.json', tsconfig(name, ['example.mts'], { module: 'nodenext' }));
    await consumer.run(process.execPath, [tsc, '-p', 'tsconfig.json']);
    return consumer.run(process.execPath, ['example.mjs']);
  }

  it("runs its README's example", async (ctx) => {
    requireBuild(ctx);
    const [example] = codeBlocks(`${FLOOR_PLAN.get(name)?.folder}/README.md`);
    if (example === undefined) throw new Error(`the README of ${name} has no example in TypeScript`);
    await runProgram(example);
  });

  if (name === 'gerbert') {
    it('runs the program of the getting-started page, which is the same in both languages', async (ctx) => {
      requireBuild(ctx);
      const blocks = codeBlocks('docs/getting-started.md');
      expect(codeBlocks('docs/getting-started.zh-CN.md')).toEqual(blocks);
      const lines = (await runProgram(blocks.join('\n'))).trim().split('\n');
      expect(lines).toContain('true');
      expect(lines.at(-1)).toBe('weather');
    });

    it('runs the program of the page on tokenizers', async (ctx) => {
      requireBuild(ctx);
      const lines = (await runProgram(codeBlocks('docs/tokenizers.md').join('\n'))).trim().split('\n');
      expect(lines.at(-1)).toBe('Mary wrote the letters.');
    });

    it('has a command that lists the devices', async (ctx) => {
      requireBuild(ctx);
      const { devices } = JSON.parse(await consumer.run('npx', ['--no-install', 'gerbert', 'devices', '--json']));
      const cpu = devices.find(({ name }: { name: string }) => name === 'cpu');
      const packed = [...tarballs.keys()].some((other) => !FLOOR_PLAN.has(other));
      expect(cpu).toMatchObject({ available: packed });
    });
  }
});
