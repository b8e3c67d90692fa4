// node workers.mjs <addon>: the addon in several workers at once, some ended while their kernels run, while the main thread uses it too.
import { on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { calls, openAddon } from './calls.mjs';

const path = process.argv[2];
const start = (seed, rounds) =>
  new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { path, seed, rounds } });
const counts = { done: 0, ended: 0, main: 0, mapped: true };

// The threads of the pool outlive the workers that had loaded the addon, and so must their code. The second worker calls no kernel: a thread that
// has scratch memory keeps the addon loaded even without the linker's word.
for (const rounds of [30, 0]) await once(start(9, rounds), 'exit');
if (process.platform === 'linux') counts.mapped = readFileSync('/proc/self/maps', 'utf8').includes(path);

for (let round = 0; round < 3; round++) {
  const staying = [1, 2].map((seed) => start(seed, 40));
  const leaving = [3, 4].map((seed) => start(seed, 1e9));
  const done = staying.map(async (worker) => {
    for await (const [message] of on(worker, 'message')) if (message === 'done') return counts.done++;
  });
  await Promise.all(
    leaving.map(async (worker) => {
      await once(worker, 'message');
      await worker.terminate();
      counts.ended++;
    }),
  );
  // Loaded here only after workers have come and gone: what they left must still be there.
  const opened = openAddon(path);
  for (const call of Object.values(calls(opened))) {
    call();
    counts.main++;
  }
  await Promise.all(done);
}
console.log(JSON.stringify(counts));
