import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Verdict } from './exercise.js';
import { publishedJsons, spoiltFiles } from './files.js';

const HELP = `Loads spoilt tokenizer files, and uses what loads: all must work, or end in a TokenizerError.

  npm run fuzz -- [options]

--cases N    so many files (10000)
--seed S     the first one's seed (1)

Each has two seconds of the processor and ${'512'} MB. What fails is written to .cache/fuzz, and the command exits with 1.
GERBERT_DATA: reduced tokenizers of the data folder are spoilt, too.`;

const LIMIT = 2000;
/** By the clock on the wall, under a busy machine's load; what takes the processor longer than LIMIT fails all the same. */
const PATIENCE = 30_000;
const MEGABYTES = 512;

interface Answer {
  seed: number;
  verdict: Verdict;
  milliseconds: number;
}

/** A process that does one case after the other, and is replaced when it dies. */
class Worker {
  #child: ChildProcess | undefined;
  #errors = '';

  async #started(): Promise<ChildProcess> {
    if (this.#child !== undefined) return this.#child;
    const path = fileURLToPath(new URL('./worker.js', import.meta.url));
    const child = fork(path, {
      execArgv: [`--max-old-space-size=${MEGABYTES}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#errors = '';
    child.stderr?.on('data', (text) => {
      this.#errors += text;
    });
    await new Promise((resolve) => child.once('message', resolve));
    this.#child = child;
    return child;
  }

  async run(seed: number): Promise<Answer> {
    const child = await this.#started();
    return new Promise((resolve) => {
      const fail = (failure: string) => {
        this.stop();
        resolve({ seed, verdict: { failure }, milliseconds: LIMIT });
      };
      const timer = setTimeout(() => end(() => fail(`no end after ${PATIENCE} ms`)), PATIENCE);
      const exited = () => end(() => fail(`the process died: ${this.#errors.slice(0, 800)}`));
      const answered = (answer: Answer) => end(() => resolve(answer));
      const end = (then: () => void) => {
        clearTimeout(timer);
        child.off('exit', exited);
        child.off('message', answered);
        then();
      };
      child.once('exit', exited);
      child.once('message', answered);
      child.send(seed);
    });
  }

  stop(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function keep(folder: string, seed: number): string {
  const files = spoiltFiles(seed, publishedJsons(process.env.GERBERT_DATA));
  const place = join(folder, String(seed));
  mkdirSync(place, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(place, name), text);
  return place;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [cases, first] = [Number(values.cases), Number(values.seed)];
  if (!(cases >= 0 && Number.isSafeInteger(first))) throw new Error('--cases and --seed take numbers');
  const worker = new Worker();
  const counts = { worked: 0, refused: 0, failed: 0 };
  const told = new Map<string, number>();
  let slowest = { seed: first, milliseconds: 0 };
  for (let seed = first; seed < first + cases; seed++) {
    const { verdict, milliseconds } = await worker.run(seed);
    if (milliseconds > slowest.milliseconds) slowest = { seed, milliseconds };
    const failure =
      typeof verdict === 'object'
        ? verdict.failure
        : milliseconds > LIMIT
          ? `it took ${milliseconds.toFixed(0)} ms`
          : '';
    if (typeof verdict === 'string' && failure === '') {
      counts[verdict]++;
      continue;
    }
    counts.failed++;
    const kind = failure.split('\n').slice(0, 2).join(' ').replace(/\d+/g, 'n').slice(0, 160);
    told.set(kind, (told.get(kind) ?? 0) + 1);
    if (told.get(kind)! <= 2) console.log(`\nFAILURE seed ${seed}, kept in ${keep('.cache/fuzz', seed)}\n  ${failure}`);
  }
  worker.stop();
  for (const [kind, count] of told) console.log(`${count} × ${kind}`);
  console.log(
    `fuzz: ${cases} files: ${counts.worked} worked, ${counts.refused} refused, ${counts.failed} failed; ` +
      `slowest ${slowest.milliseconds.toFixed(0)} ms (seed ${slowest.seed})`,
  );
  return counts.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
