import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { adversarial } from './adversarial.js';
import type { Comparison, Settings } from './comparison.js';
import { normalizers } from './normalizers.js';
import { options } from './options.js';
import { Oracle } from './oracle.js';
import { patterns } from './patterns.js';
import { parts, random } from './random-tokenizers.js';
import { real } from './real/compare.js';
import { Report } from './report.js';
import { tiktoken } from './tiktoken.js';
import { training } from './training/compare.js';

const COMPARISONS = new Map<string, Comparison>(
  Object.entries({ random, parts, options, patterns, normalizers, training, tiktoken, real, adversarial }),
);

const HELP = `Compares this package with Python's tokenizers and tiktoken, live.

  npm run compare -- [what …] [options]

${[...COMPARISONS].map(([name, { about }]) => `${name.padEnd(16)}${about}`).join('\n')}
all             every one of these, with moderate numbers of cases

what is random by default.
--cases N       so many cases
--minutes N     or as many as N minutes allow, for each of what is named
--seed S        the first case's seed (1); the next one has the next
--jobs N        in N processes, with seeds a million apart
--keep-going    look on after a difference, and tell each kind of them once
--only NAME     only what has NAME in its name: a tokenizer, model, normalizer, encoding
--all           everything in the data folder, and every code point, instead of a sample
--case FILE     one case, as "reproduce:" printed it; - reads standard input

Environment: PYTHON, an interpreter with tokenizers==0.23.3, tiktoken and sentencepiece; GERBERT_DATA, the data folder.
Exits with 1 where there is a difference, and with 2 where it cannot compare.

  PYTHON=.venv/bin/python npm run compare -- random --minutes 5 --seed 7`;

const OPTIONS = {
  cases: { type: 'string' },
  minutes: { type: 'string' },
  seed: { type: 'string', default: '1' },
  'keep-going': { type: 'boolean', default: false },
  jobs: { type: 'string', default: '1' },
  case: { type: 'string' },
  all: { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function number(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new Error(`--${name} takes a number, not "${text}"`);
  return value;
}

/** The same command in several processes. Returns the worst of their exit codes. */
async function inProcesses(jobs: number, seed: number): Promise<number> {
  const codes = Array.from({ length: jobs }, (_, i) => {
    const args = [...process.argv.slice(1), '--jobs', '1', '--seed', String(seed + i * 1_000_000)];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    return new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 2)));
  });
  return Math.max(...(await Promise.all(codes)));
}

function chosen(names: readonly string[]): [string, Comparison][] {
  if (names.includes('all')) return [...COMPARISONS];
  return (names.length === 0 ? ['random'] : names).map((name) => {
    const comparison = COMPARISONS.get(name);
    if (comparison === undefined)
      throw new Error(`unknown comparison "${name}"; known: all, ${[...COMPARISONS.keys()].join(', ')}`);
    return [name, comparison];
  });
}

/** A case from a file, for the one comparison that is named. */
function givenCase(file: string | undefined, comparisons: readonly [string, Comparison][]): unknown {
  if (file === undefined) return undefined;
  const [[name, { takesCase }], ...others] = comparisons;
  if (others.length > 0 || !takesCase) throw new Error(`--case wants random, parts or real by itself, not ${name}`);
  return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const seed = number(values.seed, 'seed');
  const jobs = number(values.jobs, 'jobs');
  if (jobs > 1) return inProcesses(jobs, seed);
  const comparisons = chosen(positionals);
  const milliseconds = values.minutes === undefined ? undefined : 60_000 * number(values.minutes, 'minutes');
  const settings: Omit<Settings, 'until'> = {
    seed,
    cases: values.cases === undefined ? undefined : number(values.cases, 'cases'),
    all: values.all,
    only: values.only,
    data: process.env.GERBERT_DATA ?? '../../../shared/data',
    given: givenCase(values.case, comparisons),
  };
  const oracle = new Oracle();
  let differences = 0;
  try {
    console.log(`oracle: ${await oracle.start(comparisons.flatMap(([, { packages = [] }]) => packages))}`);
    for (const [name, comparison] of comparisons) {
      const [report, start] = [new Report(name, values['keep-going']), Date.now()];
      const until = milliseconds === undefined ? Number.POSITIVE_INFINITY : start + milliseconds;
      await comparison.run({ oracle, report, settings: { ...settings, until } });
      if (report.comparisons + report.differences === 0) throw new Error(`${name} compared nothing`);
      console.log(report.summary((Date.now() - start) / 1000));
      differences += report.differences;
    }
  } finally {
    oracle.stop();
  }
  return differences === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
