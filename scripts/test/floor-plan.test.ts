import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkPackage } from '../imports/check-package.mjs';
import { FLOOR_PLAN, type Place } from '../imports/floor-plan.mjs';

const plan: Map<string, Place> = new Map([
  ['low', { folder: 'packages/low', imports: [], libraries: false }],
  ['@gerbert/tensor', { folder: 'packages/tensor', imports: ['low'] }],
  ['high', { folder: 'packages/high', imports: ['low', '@gerbert/tensor'] }],
]);

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** A workspace of the three packages above whose package `name` holds `files`; returns its breaches. */
function breaches(name: string, files: Record<string, string>, manifest: object = {}, places = plan): string[] {
  const root = mkdtempSync(path.join(tmpdir(), 'gerbert-floor-plan-'));
  roots.push(root);
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write('package.json', JSON.stringify({ devDependencies: { vitest: '*' } }));
  for (const [other, { folder }] of places) {
    const own = other === name ? manifest : {};
    const exports = { '.': './dist/index.js', './testing': './dist/testing.js' };
    write(`${folder}/package.json`, JSON.stringify({ name: other, files: ['dist', 'src', 'bin'], exports, ...own }));
  }
  for (const [file, text] of Object.entries(files)) write(`${places.get(name)?.folder}/${file}`, text);
  return checkPackage(root, name, places);
}

const dependsOn = (...names: string[]) => ({ dependencies: Object.fromEntries(names.map((name) => [name, '*'])) });

describe('between packages', () => {
  it('lets imports point down', () => {
    const files = { 'src/index.ts': "import { a } from 'low';\nexport * from '@gerbert/tensor';" };
    expect(breaches('high', files, dependsOn('low', '@gerbert/tensor'))).toEqual([]);
  });

  it.each([
    ["import { a } from 'high';"],
    ["import type { A } from 'high';"],
    ["export { a } from 'high';"],
    ["export * from 'high';"],
    ["export type { A } from 'high';"],
    ["const a = await import('high');"],
    ['const a = await import(`high`);'],
    ["type A = import('high').A;"],
    ["import a = require('high');"],
    ["const a = createRequire(import.meta.url)('high');"],
    ["const a = require.resolve('high');"],
    ["const a = import.meta.resolve('high');"],
  ])('refuses an import that points up: %s', (statement) => {
    const found = breaches('@gerbert/tensor', { 'src/index.ts': `// first line\n${statement}` });
    expect(found).toContain(
      "packages/tensor/src/index.ts:2: @gerbert/tensor may not import 'high': imports point down only",
    );
  });

  it('refuses a path into another package', () => {
    const [found] = breaches('high', { 'src/a/index.ts': "import '../../../low/src/index.js';" });
    expect(found).toMatch(/^packages\/high\/src\/a\/index.ts:1: '.*' leaves the package/);
  });

  it('takes a URL of code for an import, and one of data for what it is', () => {
    const worker = { 'src/a.ts': "new Worker(new URL('../../high/src/worker.js', import.meta.url));" };
    expect(breaches('low', worker)).toHaveLength(1);
    expect(breaches('low', { 'src/a.ts': "new URL('../../data', import.meta.url);" })).toEqual([]);
  });

  it('refuses what the other package does not export', () => {
    const found = breaches('high', { 'src/index.ts': "import 'low/dist/inside.js';" }, dependsOn('low'));
    expect(found).toEqual(["packages/high/src/index.ts:1: 'low/dist/inside.js' is not among the exports of low"]);
  });

  it('refuses a package that has no place', () => {
    expect(checkPackage('/nowhere', 'stranger', plan)).toHaveLength(1);
  });
});

describe('dependencies', () => {
  it('refuses an import that package.json does not declare', () => {
    const found = breaches('high', { 'src/index.ts': "import 'low';\nimport '@some/library/sub';" });
    expect(found).toEqual([
      "packages/high/src/index.ts:1: 'low' is missing from the dependencies in packages/high/package.json",
      "packages/high/src/index.ts:2: '@some/library' is missing from the dependencies in packages/high/package.json",
    ]);
  });

  it('refuses one that is declared for the tests only', () => {
    const found = breaches('high', { 'src/index.ts': "import 'library';" }, { devDependencies: { library: '*' } });
    expect(found).toHaveLength(1);
    expect(breaches('high', { 'test/a.test.ts': "import 'library';" }, { devDependencies: { library: '*' } })).toEqual(
      [],
    );
  });

  it('refuses one that nothing imports', () => {
    expect(breaches('high', { 'test/a.test.ts': "import 'library';" }, dependsOn('library'))).toEqual([
      "packages/high/package.json: depends on 'library' and imports it nowhere",
    ]);
  });

  it('refuses one that points up, and one of the tests that does', () => {
    const up = breaches('@gerbert/tensor', { 'src/index.ts': '' }, dependsOn('high'));
    expect(up).toContain(
      "packages/tensor/package.json: @gerbert/tensor may not depend on 'high': imports point down only",
    );
    const test = breaches('@gerbert/tensor', {}, { devDependencies: { high: '*' } });
    expect(test).toEqual(["packages/tensor/package.json: the tests of @gerbert/tensor may not depend on 'high'"]);
  });

  it('refuses libraries where there may be none', () => {
    const found = breaches('low', { 'src/index.ts': "import 'library';" }, dependsOn('library'));
    expect(found).toEqual(["packages/low/src/index.ts:1: 'library': low imports no libraries"]);
  });

  it("wants Node's modules named as such", () => {
    const [found] = breaches('low', { 'src/index.ts': "import 'fs';\nimport 'node:path';" });
    expect(found).toMatch(/:1: 'fs' is a module of Node/);
  });

  it('leaves platform packages to the loader', () => {
    const native = new Map([['@gerbert/native', { folder: 'native', imports: [] }]]);
    const manifest = { optionalDependencies: { '@gerbert/native-linux-x64-glibc': '*' } };
    expect(breaches('@gerbert/native', { 'src/index.ts': '' }, manifest, native)).toEqual([]);
  });
});

describe('tests', () => {
  const test = (specifier: string) => ({ 'test/a.test.ts': `import '${specifier}';` });

  it("may import their own package, the tensors' test suite and vitest", () => {
    const manifest = { devDependencies: { '@gerbert/tensor': '*' } };
    for (const specifier of ['low', 'vitest', '@gerbert/tensor/testing', '../src/index.js']) {
      expect(breaches('low', test(specifier), manifest)).toEqual([]);
    }
  });

  it('may use the tools of the root, which the sources may not', () => {
    const tool = '../../../scripts/readme.js';
    expect(breaches('low', test(tool))).toEqual([]);
    expect(breaches('low', test('../../../scripts/other.js'))[0]).toMatch(/leaves the package/);
    expect(breaches('low', { 'src/a.ts': `import '${tool}';` })[0]).toMatch(/leaves the package/);
  });

  it('may import nothing else from above', () => {
    const manifest = { devDependencies: { '@gerbert/tensor': '*' } };
    expect(breaches('low', test('@gerbert/tensor'), manifest)).toHaveLength(1);
    expect(breaches('low', test('high'), manifest)).not.toEqual([]);
  });

  it('are not imported by what is published', () => {
    const [found] = breaches('low', { 'src/index.ts': "import '../test/made-up.js';", 'test/made-up.ts': '' });
    expect(found).toMatch(/not among the package's published files/);
  });
});

describe('within a package', () => {
  it('refuses files that load each other in a circle', () => {
    const files = {
      'src/a.ts': "import { b } from './b.js';",
      'src/b.ts': "export * from './c/index.js';",
      'src/c/index.ts': "const a = import('../a.js');",
      'src/d.ts': "import './a.js';",
    };
    expect(breaches('low', files)).toEqual([
      'packages/low/src/a.ts: files import each other in a circle: src/a.ts → src/b.ts → src/c/index.ts → src/a.ts',
    ]);
  });

  it('lets types refer to each other', () => {
    const files = { 'src/a.ts': "import { b } from './b.js';", 'src/b.ts': "import type { A } from './a.js';" };
    expect(breaches('low', files)).toEqual([]);
    // What TypeScript erases here are the names alone: the file is still loaded.
    expect(breaches('low', { ...files, 'src/b.ts': "import { type A } from './a.js';" })).toHaveLength(1);
  });

  it('follows what is built back to its source', () => {
    const files = { 'bin/run.mjs': "import '../dist/a.js';", 'src/a.ts': "import '../bin/run.mjs';" };
    expect(breaches('low', files)).toHaveLength(1);
  });

  it('refuses a computed import', () => {
    expect(breaches('low', { 'src/a.ts': 'const a = import(name);' })).toEqual([
      'packages/low/src/a.ts:1: imports a computed name, which cannot be checked',
    ]);
    expect(breaches('low', { 'test/a.test.ts': 'const a = import(name);' })).toEqual([]);
  });

  it('keeps an entry free of Node, with all that it imports', () => {
    const pure = new Map<string, Place>([
      ['low', { folder: 'packages/low', imports: [], pure: [{ file: 'src/index.ts', free: 'node' }] }],
    ]);
    const inner = { 'src/index.ts': "import type { A } from './a.js';", 'src/a.ts': "const a = import('node:fs');" };
    expect(breaches('low', inner, {}, pure)).toEqual([
      "packages/low/src/a.ts: imports 'node:fs', and src/index.ts must do without Node's modules",
    ]);
    const beside = { 'src/index.ts': '', 'src/a.ts': "import 'node:fs';" };
    expect(breaches('low', beside, {}, pure)).toEqual([]);
  });

  it('keeps an interface free of imports, types included', () => {
    const pure = new Map<string, Place>([
      ['low', { folder: 'packages/low', imports: [], pure: [{ file: 'src/seam.ts', free: 'imports' }] }],
    ]);
    const file = 'packages/low/src/seam.ts';
    expect(breaches('low', { 'src/seam.ts': "import type { A } from './a.js';", 'src/a.ts': '' }, {}, pure)).toEqual([
      `${file}: must import nothing`,
    ]);
    expect(breaches('low', {}, {}, pure)[0]).toContain('is missing');
  });
});

describe('the floor plan', () => {
  it('has no circles, and nobody imports gerbert', () => {
    const below = (name: string): string[] =>
      (FLOOR_PLAN.get(name)?.imports ?? []).flatMap((next) => [next, ...below(next)]);
    for (const name of FLOOR_PLAN.keys()) {
      expect(below(name)).not.toContain(name);
      expect(below(name)).not.toContain('gerbert');
    }
  });
});
