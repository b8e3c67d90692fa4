// Breaks the reference kernels one line at a time and runs the kernel's part of the contract: each break must turn it red.
// Usage: npm run test:mutation [-- kernel …]. Exits with 1 when a mutant survives. Sources on disk are not touched.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createViteServer } from 'vitest/node';
import { mutations } from './mutations.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const tag = /\?mutation=(\d+)$/;

/** Serves `x.ts?mutation=N` with mutation N applied, and passes the query on to what it imports. */
const mutating = {
  name: 'mutation',
  enforce: 'pre',
  resolveId(source, importer) {
    const query = importer?.match(tag)?.[0];
    if (query === undefined || !source.startsWith('.')) return null;
    return resolve(dirname(importer), source).replace(/\.js$/, '.ts') + query;
  },
  load(id) {
    const number = id.match(tag)?.[1];
    if (number === undefined) return null;
    const path = id.replace(tag, '');
    const source = readFileSync(path, 'utf8');
    const { file, find, replace } = mutations[number];
    if (path !== resolve(root, 'src', file)) return source;
    if (source.split(find).length !== 2) throw new Error(`${file} must hold this once: ${find}`);
    return source.replace(find, () => replace);
  },
};

/** Runs the tests of one kernel until one fails; returns its name and error, or null. */
async function firstFailure(kernelContract, backend, kernel) {
  const tests = [];
  const path = [];
  const runner = {
    describe(name, body) {
      path.push(name);
      body();
      path.pop();
    },
    test: (name, body) => tests.push({ group: path.at(-1), name: [...path.slice(1), name].join(' > '), body }),
  };
  kernelContract(runner, { name: 'mutant', open: () => backend, dtypes: ['f32', 'f64'] });
  const chosen = tests.filter(({ group }) => group === kernel);
  if (chosen.length === 0) throw new Error(`the contract has no tests of ${kernel}`);
  for (const { name, body } of chosen) {
    try {
      await body({ skip() {} });
    } catch (error) {
      return `${name}: ${error.message.split('\n')[0]}`;
    }
  }
  return null;
}

const server = await createViteServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true, include: [] },
  plugins: [mutating],
});
let survivors = 0;
try {
  const { kernelContract } = await server.ssrLoadModule('/src/testing/index.ts');
  const { hostMemory } = await server.ssrLoadModule('/src/host-memory.ts');
  const only = process.argv.slice(2);
  const chosen = [...mutations.entries()].filter(([, { kernel }]) => only.length === 0 || only.includes(kernel));
  const { reference } = await server.ssrLoadModule('/src/reference/index.ts');
  for (const kernel of new Set(chosen.map(([, mutation]) => mutation.kernel))) {
    const failure = await firstFailure(kernelContract, { ...hostMemory(), ...reference }, kernel);
    if (failure !== null) throw new Error(`${kernel} is red without a mutation: ${failure}`);
  }
  const missing = Object.keys(reference).filter((name) => !mutations.some(({ kernel }) => kernel === name));
  if (missing.length > 0) throw new Error(`no mutation breaks ${missing.join(', ')}`);
  console.log('| Kernel | File | Was | Became | Found by |\n| --- | --- | --- | --- | --- |');
  for (const [number, { kernel, file, find, replace }] of chosen) {
    const { reference: mutant } = await server.ssrLoadModule(`${root}/src/reference/index.ts?mutation=${number}`);
    const failure = await firstFailure(kernelContract, { ...hostMemory(), ...mutant }, kernel);
    if (failure === null) survivors++;
    const cells = [kernel, file, find, replace, failure?.slice(0, 100) ?? 'NOTHING: it survived'];
    console.log(`| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim()).join(' | ')} |`);
  }
  console.log(`\n${chosen.length} mutants, ${survivors} survived.`);
} finally {
  await server.close();
}
process.exitCode = survivors > 0 ? 1 : 0;
