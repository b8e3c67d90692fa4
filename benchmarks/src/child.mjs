// A long-lived child process that speaks JSON lines: one request, one answer. Whatever it does, the one who asks gets an error, never a hang.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A child that crashed, took too long, or answered with an error. */
export class ChildError extends Error {
  /** @param {'crashed' | 'timeout' | 'failed' | 'unsupported'} code */
  constructor(code, message) {
    super(message);
    this.name = 'ChildError';
    this.code = code;
  }
}

const shown = 300;

export class Child {
  #name;
  #process;
  #waiting = new Map();
  #next = 1;
  #errors = '';
  #ended = null;

  /**
   * @param {string} name what messages call it
   * @param {string} command
   * @param {string[]} [args]
   * @param {{ env?: Record<string, string>, cwd?: string }} [options]
   */
  constructor(name, command, args = [], { env = {}, cwd } = {}) {
    this.#name = name;
    this.#process = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#answer(line));
    this.#process.stderr.on('data', (data) => {
      this.#errors = (this.#errors + data).slice(-10 * shown);
    });
    // Its end is reported by `close`; a write that comes too late must not end us as well.
    this.#process.stdin.on('error', () => {});
    this.#process.on('error', (error) => this.#end(`cannot be started: ${error.message}`));
    this.#process.on('close', (code, signal) => this.#end(`ended by ${signal ?? `exit code ${code}`}${this.#tail()}`));
  }

  get alive() {
    return this.#ended === null;
  }

  /** Sends a request and waits for its answer. After a timeout the child is ended: nobody knows what it is doing. */
  request(message, { timeoutMs = 300_000 } = {}) {
    if (this.#ended) return Promise.reject(new ChildError('crashed', `${this.#name} ${this.#ended}`));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#end(`did not answer within ${timeoutMs / 1000} s`, 'timeout');
        this.#process.kill('SIGKILL');
      }, timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#process.stdin.write(`${JSON.stringify({ id, ...message })}\n`);
    });
  }

  get pid() {
    return this.#process.pid;
  }

  /** Lets it end by itself, and ends it if it does not. */
  async close() {
    if (this.#ended) return;
    const closed = new Promise((resolve) => this.#process.once('close', resolve));
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 3000);
    this.#process.stdin.end();
    await closed;
    clearTimeout(timer);
  }

  #tail() {
    const text = this.#errors.trim();
    return text === '' ? '' : `: …${text.slice(-shown)}`;
  }

  #answer(line) {
    let answer;
    try {
      answer = JSON.parse(line);
    } catch {
      // Libraries print greetings; they go with the errors.
      this.#errors += `${line}\n`;
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    if (answer.error === undefined) waiting.resolve(answer);
    else {
      const code = answer.unsupported ? 'unsupported' : 'failed';
      waiting.reject(new ChildError(code, `${this.#name}: ${answer.error}`));
    }
  }

  /** @param {'crashed' | 'timeout'} code */
  #end(how, code = 'crashed') {
    if (this.#ended) return;
    this.#ended = how;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new ChildError(code, `${this.#name} ${how}`));
    }
    this.#waiting.clear();
  }
}
