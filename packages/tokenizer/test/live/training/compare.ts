import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, trainTokenizer } from '../../../src/index.js';
import { type Comparison, type Context, seeds } from '../comparison.js';
import { type Oracle, OracleGone } from '../oracle.js';
import { Rng } from '../rng.js';
import { type Kind, randomCase, type TrainingCase } from './case.js';
import { exact, scores, tokensOf, type Verdict, within } from './verdict.js';

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
    return await oracle.ask<Trained>({ ask: 'training.train', ...given, options, runs }, 2_000 * runs);
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

/** Three runs of the library may be equal by chance: the verdict after many. */
async function again(oracle: Oracle, given: TrainingCase, mine: JsonObject | Error): Promise<Verdict> {
  const answer = await ask(oracle, given, 30);
  return answer && judge(given, mine, answer);
}

function agree(runs: readonly JsonObject[]): boolean {
  return runs.every((run) => JSON.stringify(tokensOf(run)) === JSON.stringify(tokensOf(runs[0])));
}

function prose(data: string): string[] {
  const path = join(data, 'corpora/wikitext2/valid.txt');
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split(/(?<=\n)/)
        .slice(0, 2000)
    : [];
}

const MODELS: readonly Kind[] = ['bpe', 'wordpiece', 'wordlevel', 'unigram'];

async function compareTraining(context: Context): Promise<void> {
  const { oracle, report, settings } = context;
  const models = MODELS.filter((model) => model.includes(settings.only));
  const lines = prose(settings.data);
  for (const seed of seeds(context, 200)) {
    const given = randomCase(new Rng(seed), models, lines);
    const [mine, answer] = [await ours(given), await ask(oracle, given, 3)];
    if (answer === undefined) {
      report.skipped('trainings that do not end in the library');
      continue;
    }
    const what = (await judge(given, mine, answer)) && (await again(oracle, given, mine));
    if (what === undefined) {
      report.compared();
      continue;
    }
    report.differs();
    const title = `seed ${seed}: ${JSON.stringify(given).slice(0, 3000)}`;
    const only = settings.only === '' ? [] : ['--only', settings.only];
    report.tell({ title, what, arguments: ['--seed', seed, '--cases', 1, ...only] });
  }
}

export const training: Comparison = {
  about: 'trainings of all models with random texts and options: vocabularies, merges, scores',
  run: compareTraining,
};
