// A worker thread that loads the addon itself and calls kernels until told to stop; it says how its results compare with the first ones.
import { parentPort, workerData } from 'node:worker_threads';
import { calls, openAddon, random, release } from './calls.mjs';

const opened = openAddon(workerData.path);
const next = random(workerData.seed);
const all = Object.values(calls(opened));
const first = new Map();
for (let round = 0; round < workerData.rounds; round++) {
  const number = Math.floor(((next() + 1) / 2) * all.length);
  const views = all[number]();
  const text = views
    .map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64'))
    .join();
  if (first.has(number) && first.get(number) !== text) throw new Error(`kernel ${number} gave other bits`);
  first.set(number, text);
  release(opened.addon, views);
  if (round === 2) parentPort.postMessage('running');
}
parentPort.postMessage('done');
