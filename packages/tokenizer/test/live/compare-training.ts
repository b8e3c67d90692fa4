import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type JsonObject, trainTokenizer } from '../../src/index.js';
import { Oracle, OracleGone } from './oracle.js';
import { Rng } from './rng.js';
import { type Kind, randomCase, type TrainingCase } from './training/case.js';
import { exact, scores, tokensOf, type Verdict, within } from './training/verdict.js';

const HELP = `Trains at random here and with Python's tokenizers, and compares the vocabularies.

  PYTHON=… node .cache/live/test/live/compare-training.js [models …] [--cases N] [--seed S] [--keep-going]

models: bpe, wordpiece, wordlevel, unigram; all of them by default. Exits with 1 on a difference.`;

/** Answers of the oracle. */
interface Trained {
  runs: JsonObject[];
  /** Whether the limit of the alphabet is a matter of chance. */
  tied: boolean;
}

const SNAKE = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function train({ model, texts, normalizer, preTokenizer, options }: TrainingCase): Promise<JsonObject> {
  const tokenizer = await trainTokenizer(texts, { model, normalizer, preTokenizer, ...options } as never);
  return tokenizer.toJSON().model as JsonObject;
}

/**
 * The same training, with the ids that a run of the library drew: it numbers the forms of characters with prefix or suffix
 * in the order of a hash map. Special tokens pin them. As many tokens are there before the first merge as here.
 */
async function following(given: TrainingCase, run: JsonObject): Promise<JsonObject> {
  const before = tokensOf(await train({ ...given, options: { ...given.options, vocabSize: 1 } })).length;
  return train({ ...given, options: { ...given.options, specialTokens: tokensOf(run).slice(0, before) } });
}

async function ask(oracle: Oracle, given: TrainingCase, runs: number) {
  const options = Object.fromEntries(Object.entries(given.options).map(([name, value]) => [SNAKE(name), value]));
  try {
    return await oracle.ask<Trained>({ ask: 'train', ...given, options, runs });
  } catch (error) {
    // It hangs where Unigram can drop nothing more.
    if (error instanceof OracleGone) return undefined;
    throw error;
  }
}

async function ours(given: TrainingCase): Promise<JsonObject | Error> {
  try {
    return await train(given);
  } catch (error) {
    return error as Error;
  }
}

async function judge(
  given: TrainingCase,
  mine: JsonObject | Error,
  answer: { value: Trained } | { error: string },
): Promise<Verdict> {
  if (mine instanceof Error) return 'error' in answer ? undefined : `trains, here ${mine.message}`;
  if ('error' in answer) return `${answer.error}, here it trains`;
  const { runs, tied } = answer.value;
  if (given.model === 'unigram') {
    const verdicts = runs.map((run) => scores(mine, run));
    return verdicts.includes(undefined) ? undefined : (within(mine, runs) ?? (agree(runs) ? verdicts[0] : undefined));
  }
  if (tied) return within(mine, runs);
  if (given.model === 'wordlevel') return exact(mine, runs[0]);
  for (const run of runs) {
    const verdict = exact(await following(given, run), run);
    if (verdict !== undefined) return verdict;
  }
  const { continuingSubwordPrefix: prefix, endOfWordSuffix: suffix } = given.options;
  const forms = Boolean(suffix) || (prefix ?? (given.model === 'wordpiece' ? '##' : '')) !== '';
  return forms ? undefined : exact(mine, runs[0]);
}

function agree(runs: readonly JsonObject[]): boolean {
  return runs.every((run) => JSON.stringify(tokensOf(run)) === JSON.stringify(tokensOf(runs[0])));
}

function prose(): string[] {
  const path = join(process.env.GERBERT_DATA ?? '../../../shared/data', 'corpora/wikitext2/valid.txt');
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split(/(?<=\n)/)
        .slice(0, 2000)
    : [];
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      cases: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      'keep-going': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const models = (positionals.length > 0 ? positionals : ['bpe', 'wordpiece', 'wordlevel', 'unigram']) as Kind[];
  const oracle = new Oracle(join(process.cwd(), 'test/live/training-oracle.py'), 5_000);
  console.log(`oracle: tokenizers ${(await oracle.start()).tokenizers}`);
  const lines = prose();
  const tally = { exact: 0, hung: 0, refused: 0, differences: 0 };
  for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.cases); seed++) {
    const rng = new Rng(seed);
    const given = randomCase(rng, models, lines);
    const [mine, answer] = [await ours(given), await ask(oracle, given, 3)];
    if (answer === undefined) tally.hung++;
    else {
      const verdict = await judge(given, mine, answer);
      if (verdict === undefined) tally['error' in answer ? 'refused' : 'exact']++;
      else {
        tally.differences++;
        console.log(`seed ${seed}: ${verdict}\n  ${JSON.stringify(given).slice(0, 3000)}`);
        if (!values['keep-going']) break;
      }
    }
  }
  oracle.stop();
  console.log(`compare-training: ${JSON.stringify(tally)}`);
  return tally.differences === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
