import { Worker } from 'node:worker_threads';
import type { DemoOptions, DemoResult, Progress } from '../demo/index.js';

/** What the demo in its thread is told: first what to do, then perhaps to stop. */
export type ToDemo = { start: Omit<DemoOptions, 'signal' | 'progress'> } | { stop: string };

/** What it says: a call of `Progress`, or how it ended. */
export type FromDemo =
  | { [K in keyof Progress]: { progress: K; args: Parameters<Progress[K]> } }[keyof Progress]
  | { result: DemoResult }
  | { failure: Failure };

/** An error as it crosses threads, where classes and symbols are lost. */
export interface Failure {
  name: string;
  message: string;
  stack: string | undefined;
  /** Of an error of Gerbert. */
  code: string | undefined;
}

/**
 * Runs the demo in a thread of its own, so that this one hears signals even while the demo computes without a pause.
 * Only from built code: Node 20 loads no TypeScript in threads, and then the demo runs in this thread.
 */
export async function runDemoInThread(options: DemoOptions): Promise<DemoResult> {
  if (import.meta.url.endsWith('.ts')) return (await import('../demo/index.js')).runDemo(options);
  const { signal, progress, ...start } = options;
  const worker = new Worker(new URL('./demo-worker.js', import.meta.url));
  const send = (message: ToDemo) => worker.postMessage(message);
  const stop = () => send({ stop: String((signal.reason as Error).message) });
  signal.addEventListener('abort', stop);
  try {
    return await new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', (exitCode) => reject(new Error(`the demo's thread ended early, with ${exitCode}`)));
      worker.on('message', (message: FromDemo) => {
        if ('result' in message) resolve(message.result);
        else if ('failure' in message) reject(restore(message.failure));
        else (progress[message.progress] as (...args: unknown[]) => void)(...message.args);
      });
      send({ start });
      if (signal.aborted) stop();
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** An error with all by which `reportError` tells what it is. */
function restore({ name, message, stack, code }: Failure): Error {
  const error = Object.assign(new Error(message), { name, stack });
  return code === undefined ? error : Object.assign(error, { code, [Symbol.for('gerbert.error')]: true });
}
