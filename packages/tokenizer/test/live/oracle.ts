import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** The folder of the Python program; compiled files stand elsewhere than the sources, so the package's folder is where we are. */
const PROGRAM = join(process.cwd(), 'test/live/oracle');

const TIMEOUT = 120_000;

const NEEDED = new Map([
  ['tokenizers', 'tokenizers==0.23.3'],
  ['tiktoken', 'tiktoken'],
  ['sentencepiece', 'sentencepiece==0.2.3'],
]);

/** What a question came to: a value, or what the library raised. */
export type Answer<T> = { value: T } | { error: string };

/** The oracle is gone: it crashed, or took too long. */
export class OracleGone extends Error {}

/**
 * A long-lived Python process with the Rust library in it. Questions are answered one after the other.
 * The interpreter is the environment variable `PYTHON`, or `python3`.
 */
export class Oracle {
  #child: ChildProcessWithoutNullStreams | undefined;
  #lines: AsyncIterator<string> | undefined;
  #reader: Interface | undefined;

  /**
   * Starts Python and checks that it has tokenizers and other `packages`; returns their versions.
   * @throws Error that says what to install.
   */
  async start(packages: readonly string[]): Promise<string> {
    const python = process.env.PYTHON || 'python3';
    const names = [...new Set(['tokenizers', ...packages])];
    try {
      if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing`);
      const versions = await this.value<Record<string, string | null>>({ ask: 'versions', packages: names });
      const missing = names.filter((name) => versions[name] === null);
      if (missing.length > 0) throw new Error(`it lacks ${missing.join(', ')}`);
      return Object.entries(versions)
        .map((entry) => entry.join(' '))
        .join(', ');
    } catch (cause) {
      // A process that lives on would keep this one alive.
      this.stop();
      const install = `pip install ${names.map((name) => NEEDED.get(name)).join(' ')}`;
      const message = `Cannot use ${python}: ${(cause as Error).message}. Set PYTHON to an interpreter that has run: ${install}`;
      throw new Error(message, { cause });
    }
  }

  /** What a question that nothing should be raised at comes to. @throws Error with what was raised. */
  async value<T>(question: object): Promise<T> {
    const answer = await this.ask<T>(question);
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  }

  /**
   * `question`: what to ask (see the Python program), and its arguments. `timeout`: milliseconds.
   * @throws OracleGone where the process died of the question; the next question starts another.
   */
  async ask<T>(question: object, timeout = TIMEOUT): Promise<Answer<T>> {
    const { child, lines } = this.#running();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new OracleGone('the oracle took too long')), timeout);
    });
    try {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const line = await Promise.race([lines.next(), late]);
      if (line.done) throw new OracleGone('the oracle ended');
      return JSON.parse(line.value) as Answer<T>;
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): void {
    this.#reader?.close();
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    this.#lines = undefined;
  }

  #running(): { child: ChildProcessWithoutNullStreams; lines: AsyncIterator<string> } {
    if (this.#child === undefined || this.#lines === undefined) {
      const child = spawn(process.env.PYTHON || 'python3', [PROGRAM], {
        stdio: ['pipe', 'pipe', 'ignore'],
        env: { ...process.env, TOKENIZERS_PARALLELISM: 'false', TIKTOKEN_CACHE_DIR: '', RUST_BACKTRACE: '0' },
      }) as unknown as ChildProcessWithoutNullStreams;
      // A missing interpreter and a broken pipe both end the output, which `ask` reports.
      child.on('error', () => this.#reader?.close());
      child.stdin.on('error', () => {});
      this.#reader = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
      this.#child = child;
      this.#lines = this.#reader[Symbol.asyncIterator]();
    }
    return { child: this.#child, lines: this.#lines };
  }
}
