// The side of a benchmark that runs in Node: prepares a case, writes what it computes once, then runs it as often as it is asked to.
//
// Requests are JSON lines: { op: 'hello' } → { versions, … }; { op: 'prepare', case, inputs, params, threads, folder } → { files };
// { op: 'time', iterations, round } → { ms }; { op: 'memory' } → { mib }; { op: 'release' } → {}.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { writeArray } from '../files.mjs';

/** A case that this side cannot compute, which is no failure. */
export class Unsupported extends Error {}

/**
 * @typedef {object} Prepared
 * @property {(round: number) => void | Promise<void>} run computes once; 0 is not a round, but what comes before
 * @property {() => Record<string, ArrayBufferView> | Promise<Record<string, ArrayBufferView>>} outputs what the first run computed
 * @property {() => number | Promise<number>} [time] in place of a clock around `run`: computes once, and says how many ms it took
 * @property {() => void} [release]
 */

/**
 * @param {object} side
 * @param {() => object} side.hello versions and whatever else is to be known
 * @param {(request: object) => Prepared | Promise<Prepared>} side.prepare
 */
export async function serve({ hello, prepare }) {
  let prepared = null;
  const answers = {
    hello,
    async prepare(request) {
      prepared = await prepare(request);
      await prepared.run(0);
      const files = {};
      for (const [name, array] of Object.entries(await prepared.outputs())) {
        files[name] = `${request.folder}/${request.side}.${name}`;
        writeArray(files[name], array);
      }
      return { files };
    },
    async time({ iterations, round }) {
      if (prepared.time) return { ms: await prepared.time() };
      const start = performance.now();
      for (let i = 0; i < iterations; i++) {
        const pending = prepared.run(round);
        // Awaiting what is not pending would cost a turn of the event loop.
        if (pending) await pending;
      }
      return { ms: performance.now() - start };
    },
    memory: () => ({ mib: peakMemory() }),
    release() {
      prepared?.release?.();
      prepared = null;
      return {};
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, op, ...request } = JSON.parse(line);
    let answer;
    try {
      answer = await answers[op](request);
    } catch (error) {
      answer = { error: error.message, unsupported: error instanceof Unsupported };
    }
    process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
  }
}

/** From here on `peakMemory` counts anew. */
export function resetPeakMemory() {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Only Linux has it; elsewhere there is no peak either.
  }
}

/** The most memory this process has held at once, in MiB; null where the system does not tell. */
function peakMemory() {
  try {
    return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024);
  } catch {
    return null;
  }
}
