import type { DemoOptions, DemoResult } from '../demo/index.js';
import type { SignalSource } from './interrupts.js';
import type { Output } from './terminal.js';
import type { Input } from './tokenizer/lines.js';

export type RunDemo = (options: DemoOptions) => Promise<DemoResult>;

/** What the command meets; tests bring their own. */
export interface Surroundings {
  stdin: Input;
  stdout: Output;
  stderr: Output;
  signals: SignalSource;
  /** Ends the process at once. */
  exit: (exitCode: number) => void;
  /** Without it, the demo of this package, in a thread of its own. */
  runDemo?: RunDemo;
}
