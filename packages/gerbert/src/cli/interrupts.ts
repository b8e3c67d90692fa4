import { exitCodes } from './errors.js';

/** The process as far as signals go; tests bring their own. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** How long work may take to end by itself once it has been asked to, in milliseconds. */
const grace = 700;

/** Turns signals, and a reader who has gone away, into an `AbortSignal`, and into an exit that comes for certain. */
export class Interrupts {
  private readonly controller = new AbortController();
  private readonly source: SignalSource;
  private readonly leave: (exitCode: number) => void;
  private readonly onInterrupt = () => this.stop(exitCodes.interrupted, 'interrupted');
  private readonly onTerminate = () => this.stop(exitCodes.terminated, 'terminated');
  /** The exit code that was asked for. */
  exitCode: number | undefined;

  /** `leave` tidies up and ends the process; it is called where work goes on for too long, or at a second signal. */
  constructor(source: SignalSource, leave: (exitCode: number) => void) {
    this.source = source;
    this.leave = leave;
    source.on('SIGINT', this.onInterrupt);
    source.on('SIGTERM', this.onTerminate);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Asks the work to end. */
  stop(exitCode: number, why: string): void {
    if (this.exitCode !== undefined) {
      this.leave(exitCode);
      return;
    }
    this.exitCode = exitCode;
    // It need not hold the process: where nothing else does, the process ends by itself.
    setTimeout(() => this.leave(exitCode), grace).unref();
    this.controller.abort(new DOMException(why, 'AbortError'));
  }

  /** Leaves signals to Node again; an exit that was asked for stays on. */
  release(): void {
    this.source.off('SIGINT', this.onInterrupt);
    this.source.off('SIGTERM', this.onTerminate);
  }
}
