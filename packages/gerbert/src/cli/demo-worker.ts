/** The thread in which `demo-thread.ts` runs the demo. */
import { parentPort } from 'node:worker_threads';
import { isGerbertError } from '@gerbert/tensor';
import { type Progress, runDemo } from '../demo/index.js';
import type { Failure, FromDemo, ToDemo } from './demo-thread.js';

const controller = new AbortController();
const say = (message: FromDemo) => parentPort!.postMessage(message);

parentPort!.on('message', (message: ToDemo) => {
  if ('stop' in message) {
    controller.abort(new DOMException(message.stop, 'AbortError'));
    return;
  }
  const progress: Progress = {
    phase: (...args) => say({ progress: 'phase', args }),
    note: (...args) => say({ progress: 'note', args }),
    start: (...args) => say({ progress: 'start', args }),
    step: (...args) => say({ progress: 'step', args }),
    stop: (...args) => say({ progress: 'stop', args }),
  };
  runDemo({ ...message.start, signal: controller.signal, progress }).then(
    (result) => say({ result }),
    (error) => say({ failure: failureOf(error) }),
  );
});

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, code: undefined };
  const { name, message, stack } = error;
  return { name, message, stack, code: isGerbertError(error) ? error.code : undefined };
}
