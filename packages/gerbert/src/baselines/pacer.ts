import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many elements of a linear pass are handled between two looks at the clock: a few milliseconds' worth of memory accesses. */
const CHUNK = 1 << 14;

/** Lets long computations breathe: signals, timers and servers get their turn, and an abort is noticed. */
export class Pacer {
  readonly #signal: AbortSignal | undefined;
  readonly #every: number;
  #since = performance.now();

  /** `every`: milliseconds of work between two turns of the event loop. */
  constructor(signal?: AbortSignal, every = 20) {
    signal?.throwIfAborted();
    this.#signal = signal;
    this.#every = every;
  }

  /** Gives the event loop a turn if one is due. Rejects with the signal's reason once it is aborted. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#since >= this.#every) {
      await nextTurn();
      this.#since = performance.now();
    }
    this.#signal?.throwIfAborted();
  }

  /** Calls `work(from, to)` for consecutive pieces of [0, length), of `size` each, and breathes between them. */
  async pieces(length: number, work: (from: number, to: number) => void, size = CHUNK): Promise<void> {
    for (let from = 0; from < length; from += size) {
      work(from, Math.min(length, from + size));
      await this.breathe();
    }
  }
}
