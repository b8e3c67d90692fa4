import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

const INSTALL = 'pip install tokenizers==0.23.3 tiktoken';

/** What a question came to: a value, or what the library raised. */
export type Answer<T> = { value: T } | { error: string };

/** Where oracle.py lies; compiled files stand elsewhere than the sources, so the package's folder is given. */
export function oracleScript(packageFolder: string): string {
  return join(packageFolder, 'test/live/oracle.py');
}

/** The oracle is gone: it crashed, or took too long. */
export class OracleGone extends Error {}

/**
 * A long-lived Python process with the Rust library in it. Questions are answered one after the other.
 * The interpreter is the environment variable `PYTHON`, or `python3`.
 */
export class Oracle {
  readonly #script: string;
  readonly #timeout: number;
  #child: ChildProcessWithoutNullStreams | undefined;
  #lines: AsyncIterator<string> | undefined;
  #reader: Interface | undefined;

  /** `timeout`: milliseconds for one question. */
  constructor(script: string, timeout = 120_000) {
    if (!existsSync(script)) throw new Error(`${script} is missing`);
    this.#script = script;
    this.#timeout = timeout;
  }

  /** Starts Python and checks its libraries. @throws Error that says what to install. */
  async start(): Promise<{ tokenizers: string; tiktoken: string | null; python: string }> {
    const python = process.env.PYTHON || 'python3';
    try {
      const answer = await this.ask<{ tokenizers: string | null; tiktoken: string | null; python: string }>({
        ask: 'version',
      });
      if ('error' in answer) throw new Error(answer.error);
      const { tokenizers, ...others } = answer.value;
      if (tokenizers === null) throw new Error(`it lacks tokenizers`);
      return { ...others, tokenizers };
    } catch (cause) {
      // A process that lives on would keep this one alive.
      this.stop();
      const message = `Cannot use ${python}: ${(cause as Error).message}. Set PYTHON to an interpreter that has run: ${INSTALL}`;
      throw new Error(message, { cause });
    }
  }

  /** @throws OracleGone where the process died of the question; the next question starts another. */
  async ask<T>(question: object): Promise<Answer<T>> {
    const { child, lines } = this.#running();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new OracleGone('the oracle took too long')), this.#timeout);
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
      const child = spawn(process.env.PYTHON || 'python3', [this.#script], {
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
