import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareCosts } from './adversarial.js';
import type { Case } from './case.js';
import { Oracle, oracleScript } from './oracle.js';
import { compareCase, compareRandomTokenizers, type RandomOptions } from './random-tokenizers.js';
import { compareRealTokenizers, type RealOptions } from './real/compare.js';
import { Report } from './report.js';

const HELP = `Compares this package with Python's tokenizers, live.

  npm run compare -- [what …] [options]

what            random (the default): random tokenizers and texts
                real: the published tokenizers of the data folder, which GERBERT_DATA names
                adversarial: what tempting texts cost beside normal ones (ours alone; tells what is above 3 ×)
--all           real: all corpora and code points instead of a sample
--only NAME     real: only tokenizers with NAME in their names
--cases N       so many random tokenizers (1000)
--minutes N     or as many as N minutes allow
--seed S        the first one's seed (1)
--jobs N        in N processes, with seeds a million apart
--keep-going    tell every kind of difference, not only the first
--case FILE     one case, as "reproduce:" printed it; - reads standard input

Environment: PYTHON, an interpreter with tokenizers==0.23.3 and tiktoken. Exits with 1 on a difference.

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

function number(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`--${name} takes a number, not "${text}"`);
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

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const jobs = number(values.jobs, 'jobs') ?? 1;
  if (jobs > 1) return inProcesses(jobs, number(values.seed, 'seed') ?? 1);
  const minutes = number(values.minutes, 'minutes');
  const seed = number(values.seed, 'seed') ?? 1;
  const options: Options = {
    random: {
      seed,
      cases: number(values.cases, 'cases') ?? (minutes === undefined ? 1000 : Number.POSITIVE_INFINITY),
      milliseconds: (minutes ?? Number.POSITIVE_INFINITY) * 60_000,
      keepGoing: values['keep-going'],
    },
    real: { seed, all: values.all, only: values.only, data: process.env.GERBERT_DATA ?? '../../../shared/data' },
  };
  const oracle = new Oracle(oracleScript(process.cwd()));
  const { tokenizers, python } = await oracle.start();
  console.log(`oracle: tokenizers ${tokenizers}, Python ${python}`);
  const report = new Report();
  try {
    if (values.case !== undefined) {
      const text = readFileSync(values.case === '-' ? 0 : values.case, 'utf8');
      await compareCase(oracle, JSON.parse(text) as Case, report);
    } else {
      await run(positionals.length === 0 ? ['random'] : positionals, oracle, options, report);
    }
  } finally {
    oracle.stop();
  }
  console.log(report.summary('compare'));
  return report.differences === 0 ? 0 : 1;
}

interface Options {
  random: RandomOptions;
  real: RealOptions;
}

async function run(names: readonly string[], oracle: Oracle, options: Options, report: Report): Promise<void> {
  for (const name of names) {
    if (name === 'random') await compareRandomTokenizers(oracle, options.random, report);
    else if (name === 'real') await compareRealTokenizers(oracle, options.real, report);
    else if (name === 'adversarial') compareCosts(options.real.data);
    else throw new Error(`unknown comparison "${name}"; known: random, real, adversarial`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
