import cliProgress from 'cli-progress';
import type { Progress } from '../demo/index.js';
import { type Colors, colorsFor, type Output } from './terminal.js';

/** A bar where `output` is a terminal, else lines now and then. `now`: milliseconds of a clock that never goes back. */
export function createProgress(output: Output, now: () => number = () => performance.now()): Progress {
  const asBar = output.isTTY === true && process.env.TERM !== 'dumb';
  return asBar ? new BarProgress(output, now) : new LineProgress(output, now);
}

/** `120/600   20 %   loss 4.213   12,345 tokens/s   1 min 20 s left`, in parts; the time left is a guess from the pace so far. */
function describe({ done, total, values, elapsed }: Counted): string[] {
  const parts = [`${done}/${total}`, `${Math.floor((100 * done) / total)} %`];
  if (values.loss !== undefined) parts.push(`loss ${values.loss.toFixed(3)}`);
  if (values.tokensPerSecond !== undefined) {
    parts.push(`${Math.round(values.tokensPerSecond).toLocaleString('en')} tokens/s`);
  }
  if (done > 0 && done < total) parts.push(`${duration((elapsed / done) * (total - done))} left`);
  if (done >= total) parts.push(duration(elapsed));
  return parts;
}

type StepValues = Parameters<Progress['step']>[1];

interface Counted {
  done: number;
  total: number;
  values: StepValues;
  /** Milliseconds since the first step began. */
  elapsed: number;
}

/** Milliseconds as `45 s` or `1 min 20 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

class LineProgress implements Progress {
  /** A line comes at the earliest after `between` and when `part` of the steps has gone by, or else after `patience`. */
  private static readonly between = 2_000;
  private static readonly part = 0.1;
  private static readonly patience = 10_000;

  private readonly output: Output;
  private readonly now: () => number;
  private counter: { label: string; total: number; began: number; said: { at: number; done: number } } | null = null;

  constructor(output: Output, now: () => number) {
    this.output = output;
    this.now = now;
  }

  phase(title: string): void {
    this.stop();
    this.output.write(`\n${title}\n`);
  }

  note(line: string): void {
    this.output.write(`  ${line}\n`);
  }

  start(total: number, label: string): void {
    const began = this.now();
    this.counter = { label, total, began, said: { at: began, done: 0 } };
  }

  step(done: number, values: StepValues): void {
    if (this.counter === null) return;
    const { label, total, began, said } = this.counter;
    const waited = this.now() - said.at;
    const far = (done - said.done) / total >= LineProgress.part;
    const due = (waited >= LineProgress.between && far) || waited >= LineProgress.patience;
    if (!due && done < total) return;
    this.counter.said = { at: this.now(), done };
    const parts = describe({ done, total, values, elapsed: this.now() - began });
    this.output.write(`  ${label}  ${parts.join('  ')}\n`);
  }

  stop(): void {
    this.counter = null;
  }
}

class BarProgress implements Progress {
  private readonly output: Output;
  private readonly now: () => number;
  private readonly colors: Colors;
  private counter: { bar: cliProgress.SingleBar; began: number; counted: Counted } | null = null;

  constructor(output: Output, now: () => number) {
    this.output = output;
    this.now = now;
    this.colors = colorsFor(output);
  }

  phase(title: string): void {
    this.stop();
    this.output.write(`\n${this.colors.bold(title)}\n`);
  }

  note(line: string): void {
    const running = this.counter;
    // A bar puts the cursor back to where it began: it has to begin anew below the line.
    running?.bar.stop();
    this.output.write(`  ${line}\n`);
    running?.bar.start(running.counted.total, running.counted.done);
  }

  start(total: number, label: string): void {
    this.stop();
    const counted: Counted = { done: 0, total, values: {}, elapsed: 0 };
    const bar = this.barOf(label, counted);
    this.counter = { bar, began: this.now(), counted };
    bar.start(total, 0);
  }

  private barOf(label: string, counted: Counted): cliProgress.SingleBar {
    return new cliProgress.SingleBar({
      stream: this.output as NodeJS.WriteStream,
      format: (options, { progress }) => this.line(label, cliProgress.Format.BarFormat(progress, options), counted),
      barsize: 24,
      barCompleteChar: '━',
      barIncompleteChar: ' ',
      hideCursor: true,
      linewrap: false,
      // Signals are the command's own affair: it stops the bar too.
      gracefulExit: false,
      fps: 8,
    });
  }

  private line(label: string, bar: string, counted: Counted): string {
    const { cyan, dim } = this.colors;
    const [steps, ...rest] = describe(counted);
    return `  ${label}  ${cyan(bar)}${dim('│')} ${steps}  ${dim(rest.join('  '))}`;
  }

  step(done: number, values: StepValues): void {
    if (this.counter === null) return;
    const { bar, began, counted } = this.counter;
    Object.assign(counted, { done, values, elapsed: this.now() - began });
    bar.update(done);
  }

  stop(): void {
    this.counter?.bar.stop();
    this.counter = null;
  }
}
