// Runs the compiled package, whose index.js the first argument names, in a realm that has nothing but the language: no module of
// Node, no global of Node, and only those of a browser that are given below. Prints what work.mjs made of it, as JSON.
// Wants `node --experimental-vm-modules`.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import vm from 'node:vm';

const [entry, work] = process.argv.slice(2);
// Bytes are text for the decoders; training measures time, and lets others have their turn.
const context = vm.createContext({
  TextEncoder,
  TextDecoder,
  performance: { now: () => performance.now() },
  setTimeout,
});
/** @type {Map<string, Promise<vm.SourceTextModule>>} */
const modules = new Map();

/** @param {string} path */
function load(path) {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const loading = readFile(path, 'utf8').then((code) => new vm.SourceTextModule(code, { context, identifier: path }));
  modules.set(path, loading);
  return loading;
}

/** @param {string} path */
async function run(path) {
  const module = await load(path);
  await module.link((specifier, from) => {
    if (!specifier.startsWith('.')) throw new Error(`${from.identifier} imports ${specifier}`);
    return load(resolve(dirname(from.identifier), specifier));
  });
  await module.evaluate();
  return module.namespace;
}

const library = await run(entry);
const result = await (await run(work)).work(library);
const globals = vm.runInContext('[typeof Buffer, typeof process, typeof require, typeof structuredClone]', context);
console.log(JSON.stringify({ globals, result }));
