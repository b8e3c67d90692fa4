import type { Corpus } from '../corpora/index.js';
import type { Plan } from './plan.js';
import type { Tokenizers } from './texts.js';

/** Where the demo tells how far it is. */
export interface Progress {
  /** A new chapter. */
  phase(title: string): void;
  /** A line of result. */
  note(line: string): void;
  /** Begins a count of steps. */
  start(total: number, label: string): void;
  step(done: number, values: { loss?: number; tokensPerSecond?: number }): void;
  /** Ends the count. */
  stop(): void;
}

/** What every chapter of the demo works with. */
export interface Context {
  corpus: Corpus;
  plan: Plan;
  tokenizers: Tokenizers;
  device: string;
  seed: number;
  /** False switches every optimiser's learning rate to zero: a test then expects the gains to vanish. */
  learning: boolean;
  signal: AbortSignal;
  progress: Progress;
}
