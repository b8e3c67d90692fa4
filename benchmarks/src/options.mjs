import { parseArgs } from 'node:util';
import { pagesOf } from './suites/names.mjs';

/** A wrong command line: exit code 2. */
export class UsageError extends Error {}

export const help = `pnpm bench [suite…] [--json] [--threads N] [--rounds N] [--quick] [--write] [--from FILE]

Compares Gerbert with its peers: verifies first, then times in interleaved rounds. Peers are installed by pnpm bench:setup.

  --json       one JSON document on standard output and nothing else
  --threads N  only with N threads (default: one and all cores where a suite tells both, else all)
  --rounds N   rounds of each case (default 7, with --quick 3)
  --quick      a few small cases of every suite
  --write      render docs/benchmarks.md and docs/benchmarks-tokenizer.md, or the one whose suites were named, from this run
  --from FILE  take the results from a file that --json wrote, rather than run
`;

const known = {
  json: { type: 'boolean' },
  threads: { type: 'string' },
  rounds: { type: 'string' },
  quick: { type: 'boolean' },
  write: { type: 'boolean' },
  from: { type: 'string' },
  help: { type: 'boolean' },
};

/** Least number of letters to change, add or drop (Levenshtein 1966). */
function distance(a, b) {
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(last[j] + 1, next[j - 1] + 1, last[j - 1] + Number(a[i - 1] !== b[j - 1])));
    }
    last = next;
  }
  return last[b.length];
}

export function nearest(word, names) {
  return [...names].sort((a, b) => distance(word, a) - distance(word, b))[0];
}

function unknown(what, word, names) {
  throw new UsageError(`There is no ${what} '${word}'; the nearest is '${nearest(word, names)}'.`);
}

function count(name, text, otherwise) {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`--${name} is '${text}'; it must be a whole number from 1 on.`);
  return Number(text);
}

/** Whether the suites named are those of whole pages; none are all. */
function fillsPages(names) {
  const filled = pagesOf(names).flatMap(({ suites }) => suites);
  return names.every((name) => filled.includes(name));
}

/** Reads the command line; `suites` are the names there are. Throws `UsageError`. */
export function readOptions(args, suites) {
  const { values, positionals, tokens } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: known,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(known, token.name))
      unknown(
        'option',
        token.rawName,
        Object.keys(known).map((k) => `--${k}`),
      );
    const wantsValue = known[token.name].type === 'string';
    if (wantsValue && typeof token.value !== 'string') throw new UsageError(`${token.rawName} needs a value.`);
    if (!wantsValue && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
  }
  for (const name of positionals) if (!suites.includes(name)) unknown('suite', name, suites);
  const { json = false, quick = false, write = false, from, help: asked = false } = values;
  if (from !== undefined && !write) throw new UsageError('--from needs --write: it says what to render.');
  if (write && from === undefined && (quick || !fillsPages(positionals))) {
    throw new UsageError('--write runs all suites of a page, and holds no quick figures: name tokenizer, or no suite.');
  }
  if (from !== undefined && positionals.length > 0) throw new UsageError('--from takes all results; name no suite.');
  return {
    suites: positionals.length > 0 ? suites.filter((name) => positionals.includes(name)) : suites,
    json,
    quick,
    write,
    from,
    help: asked,
    threads: count('threads', values.threads, undefined),
    rounds: count('rounds', values.rounds, quick ? 3 : 7),
  };
}
