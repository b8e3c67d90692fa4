/** How long work may hold the event loop, in milliseconds. */
const SLICE = 15;

interface Channel {
  port1: { onmessage: (() => void) | null; close(): void };
  port2: { postMessage(message: unknown): void };
}

/** What the platform has to start a new turn of the event loop: Node setImmediate, browsers a message channel. */
interface Platform {
  setImmediate?: (callback: () => void) => unknown;
  MessageChannel?: new () => Channel;
  setTimeout: (callback: () => void, milliseconds: number) => unknown;
}

function nextTurn(): Promise<void> {
  const { setImmediate, MessageChannel, setTimeout } = globalThis as unknown as Platform;
  return new Promise((resolve) => {
    if (setImmediate !== undefined) setImmediate(resolve);
    else if (MessageChannel !== undefined) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } else setTimeout(resolve, 0);
  });
}

/** Lets the event loop live during long work, and ends the work when `signal` is aborted. */
export class Pacer {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.throwIfAborted();
  }

  /** Whether it is time for `await pause()`. */
  get due(): boolean {
    return performance.now() - this.#since > SLICE;
  }

  /** @throws the signal's reason where it is aborted. */
  async pause(): Promise<void> {
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
