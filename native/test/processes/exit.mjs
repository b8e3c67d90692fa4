// node exit.mjs <addon>: ends the process from a timer while its worker computes on the pool.
import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
  workerData: { path: process.argv[2], seed: 5, rounds: 1e9 },
});
worker.once('message', () => {
  console.log(JSON.stringify('leaving'));
  process.exit(0);
});
