import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { RunDemo } from '../../src/cli/surroundings.js';
import type { DemoOptions } from '../../src/demo/index.js';
import { inventedResult } from '../report/fixture.js';

/** A stream that keeps what is written to it. */
export class Collected extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 100;

  constructor({ isTTY = false } = {}) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'gerbert-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Run {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** What the demo was asked for, if it was. */
  asked: DemoOptions | undefined;
}

/** The standard input: a text, or bytes as they arrive. */
type Chunks = string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Runs the command line in this process, with a demo that only remembers what it was asked for, unless `runDemo` does more. */
export async function run(
  argv: string[],
  { runDemo, isTTY = false, stdin = [] }: { runDemo?: RunDemo; isTTY?: boolean; stdin?: Chunks } = {},
): Promise<Run> {
  const [stdout, stderr] = [new Collected({ isTTY }), new Collected({ isTTY })];
  let asked: DemoOptions | undefined;
  const exitCode = await main(argv, {
    stdin: typeof stdin === 'string' ? Readable.from([Buffer.from(stdin)]) : Readable.from(stdin),
    stdout,
    stderr,
    signals: new EventEmitter(),
    exit: (code) => {
      throw new Error(`left with ${code}`);
    },
    runDemo: async (options) => {
      asked = options;
      return runDemo === undefined ? inventedResult() : runDemo(options);
    },
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text, asked };
}
