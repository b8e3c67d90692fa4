/** A thread of `TokenizerPool`. */
import { parentPort, workerData } from 'node:worker_threads';
import { Tokenizer } from '../tokenizer.js';
import { type Answer, failureOf, type Job, perform } from './pool-messages.js';

const tokenizer = Tokenizer.fromJSON(workerData as string);

parentPort!.on('message', (job: Job) => {
  const { number } = job;
  try {
    const columns = perform(tokenizer, job);
    const buffers = [columns.counts, columns.ids, columns.spans, columns.words].map(
      ({ buffer }) => buffer as ArrayBuffer,
    );
    parentPort!.postMessage({ number, columns } satisfies Answer, buffers);
  } catch (error) {
    parentPort!.postMessage({ number, failure: failureOf(error) } satisfies Answer);
  }
});
