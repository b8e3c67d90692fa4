import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Encoding } from '../encoding/encoding.js';
import type { TextInput } from '../encoding/inputs.js';
import type { EncodeIdsOptions, EncodeOptions } from '../encoding/options.js';
import { TokenizerError } from '../errors.js';
import { checkInteger, checkOptions, checkTexts } from '../options.js';
import type { TokenizerCore } from '../tokenizer-core.js';
import { type Answer, type Columns, type Job, restore, sources } from './pool-messages.js';

export interface TokenizerPoolOptions {
  /** Number of threads; by default as many as the machine runs at once. */
  workers?: number;
}

export interface PoolCallOptions {
  /** Stops waiting; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Texts that one thread tokenizes at a time, and who waits for them. */
interface Task {
  readonly job: Job;
  resolve(columns: Columns): void;
  reject(error: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  /** Of the tokenizer that the thread has a copy of. */
  readonly version: number;
  task: Task | undefined;
}

/** So many units a task has at least: less is not worth the way to another thread. */
const LEAST_UNITS = 20_000;
/** So many tasks there are for each thread, so that none waits long for the last. */
const TASKS_A_THREAD = 4;

/**
 * Encodes large batches in several threads, each with a copy of a tokenizer. Results are those of the tokenizer's own
 * `encodeBatch`, in order. Threads start when they are needed and do not keep a program from ending.
 */
export class TokenizerPool {
  readonly #tokenizer: TokenizerCore;
  readonly #size: number;
  readonly #threads = new Set<Thread>();
  readonly #queue: Task[] = [];
  #closed = false;
  #jobs = 0;
  #json: { version: number; text: string } | undefined;

  /** @throws TokenizerError `TOKENIZER_OPTION_UNKNOWN` or `TOKENIZER_OPTION_INVALID` */
  constructor(tokenizer: TokenizerCore, options: TokenizerPoolOptions = {}) {
    checkOptions(options, ['workers'], 'TokenizerPool');
    this.#tokenizer = tokenizer;
    this.#size = checkInteger(options.workers ?? availableParallelism(), 1, 'TokenizerPool: workers');
  }

  /**
   * As `encodeBatch` of the tokenizer.
   * @throws TokenizerError what that throws, `TOKENIZER_POOL_CLOSED`, or `TOKENIZER_WORKER_LOST` where a thread died
   */
  async encodeBatch(texts: readonly TextInput[], options: EncodeOptions & PoolCallOptions = {}): Promise<Encoding[]> {
    const { signal, ...rest } = options;
    const batch = this.#tokenizer.planBatch(texts, rest);
    const flat = batch.inputs.flatMap(([text, pair]) => (pair === undefined ? [text] : [text, pair]));
    const parts = await this.#run(flat, { idsOnly: false, plainSpecial: batch.plan.encodeSpecialTokens }, signal);
    return this.#tokenizer.finishBatch(batch, allSources(parts));
  }

  /** As `encodeIdsBatch` of the tokenizer. */
  async encodeIdsBatch(
    texts: readonly string[],
    options: EncodeIdsOptions & PoolCallOptions = {},
  ): Promise<Int32Array[]> {
    const { signal, ...rest } = options;
    // Looks through the options; nothing is encoded.
    this.#tokenizer.encodeIdsBatch([], rest);
    checkTexts(texts, 'encodeIdsBatch: the texts');
    const parts = await this.#run(texts, { idsOnly: true, plainSpecial: rest.encodeSpecialTokens ?? false }, signal);
    return [...allSources(parts)].map(({ ids }) => ids);
  }

  /** Ends all threads. Whoever still waits is told `TOKENIZER_POOL_CLOSED`. */
  async close(): Promise<void> {
    this.#closed = true;
    const threads = [...this.#threads];
    for (const task of [...this.#queue.splice(0), ...threads.map(({ task }) => task)]) task?.reject(closed());
    this.#threads.clear();
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(
    texts: readonly string[],
    how: Pick<Job, 'idsOnly' | 'plainSpecial'>,
    signal: AbortSignal | undefined,
  ): Promise<{ columns: Columns; texts: readonly string[] }[]> {
    signal?.throwIfAborted();
    if (this.#closed) throw closed();
    const tasks: Task[] = [];
    const parts = divide(texts, this.#size * TASKS_A_THREAD).map(
      (some) =>
        new Promise<{ columns: Columns; texts: readonly string[] }>((resolve, reject) => {
          const job = { number: this.#jobs++, texts: some, ...how };
          tasks.push({ job, reject, resolve: (columns) => resolve({ columns, texts: some }) });
        }),
    );
    const stop = () => {
      for (const task of tasks) task.reject(signal!.reason);
      this.#forget(tasks);
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      this.#queue.push(...tasks);
      this.#advance();
      return await Promise.all(parts);
    } catch (error) {
      // Others of this call would work in vain.
      this.#forget(tasks);
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
      for (const part of parts) part.catch(() => {});
    }
  }

  #forget(tasks: readonly Task[]): void {
    const gone = new Set(tasks);
    const kept = this.#queue.filter((task) => !gone.has(task));
    this.#queue.splice(0, this.#queue.length, ...kept);
  }

  /** Gives waiting tasks to idle threads, and to new ones while there may be more. */
  #advance(): void {
    while (this.#queue.length > 0) {
      const thread = this.#idle();
      if (thread === undefined) return;
      const task = this.#queue.shift()!;
      thread.task = task;
      thread.worker.ref();
      thread.worker.postMessage(task.job);
    }
  }

  #idle(): Thread | undefined {
    for (const thread of this.#threads) {
      if (thread.task !== undefined) continue;
      if (thread.version === this.#tokenizer.version) return thread;
      // Tokens were added since: a thread that knows them takes its place.
      this.#threads.delete(thread);
      void thread.worker.terminate();
    }
    return this.#threads.size < this.#size ? this.#start() : undefined;
  }

  #start(): Thread {
    const { version } = this.#tokenizer;
    if (this.#json?.version !== version) this.#json = { version, text: JSON.stringify(this.#tokenizer) };
    const worker = new Worker(new URL('./pool-worker.js', import.meta.url), { workerData: this.#json.text });
    const thread: Thread = { worker, version, task: undefined };
    const lost = (cause: unknown) => {
      this.#threads.delete(thread);
      const { task } = thread;
      thread.task = undefined;
      const message =
        'A thread of the pool ended before its work was done; the texts may need more memory than it has.';
      task?.reject(new TokenizerError('TOKENIZER_WORKER_LOST', message, { cause }));
      if (!this.#closed) this.#advance();
    };
    worker.on('message', (answer: Answer) => {
      const { task } = thread;
      thread.task = undefined;
      worker.unref();
      if ('columns' in answer) task?.resolve(answer.columns);
      else task?.reject(restore(answer.failure));
      this.#advance();
    });
    worker.on('error', lost);
    worker.on('exit', (code) => lost(new Error(`exit code ${code}`)));
    worker.unref();
    this.#threads.add(thread);
    return thread;
  }
}

function closed(): TokenizerError {
  return new TokenizerError('TOKENIZER_POOL_CLOSED', 'The pool of tokenizers is closed; make another.');
}

/** Neighbouring texts together, in about `count` parts of like size. */
function divide(texts: readonly string[], count: number): (readonly string[])[] {
  const total = texts.reduce((sum, text) => sum + text.length + 1, 0);
  const size = Math.max(LEAST_UNITS, total / count);
  const parts: string[][] = [];
  let room = 0;
  for (const text of texts) {
    if (room <= 0) {
      parts.push([]);
      room = size;
    }
    parts[parts.length - 1].push(text);
    room -= text.length + 1;
  }
  return parts;
}

function* allSources(parts: readonly { columns: Columns; texts: readonly string[] }[]) {
  for (const { columns, texts } of parts) yield* sources(columns, texts);
}
