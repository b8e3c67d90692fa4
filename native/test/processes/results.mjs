// node results.mjs <addon> <isa> <threads…>: prints, for every kernel, a hash of its outputs for each number of threads, and some of their values.
import { createHash } from 'node:crypto';
import { calls, openAddon } from './calls.mjs';

const [path, isa, ...threads] = process.argv.slice(2);
const opened = openAddon(path, isa, 1);

function digest(views) {
  const hash = createHash('sha256');
  for (const { values } of views) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}

const results = {};
for (const [name, call] of Object.entries(calls(opened))) {
  const hashes = threads.map((count) => {
    opened.addon.setThreads(Number(count));
    return digest(call());
  });
  const { values, code } = call()[0];
  results[name] = { hashes, values: code === 1 ? [...values].filter((_, i) => i % 97 === 0).slice(0, 500) : [] };
}
console.log(JSON.stringify({ kernels: opened.addon.kernels.map(({ name }) => name), results }));
