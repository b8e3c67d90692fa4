import { checkOptions, checkWhole } from './errors.js';
import type { Language, TaskSentence } from './language.js';
import type { Random } from './random.js';
import { noMentions, render } from './render.js';
import { placeCount, weatherCount } from './sizes.js';
import { mayFollow } from './splits.js';
import { checkTalesOptions, languageOf, purposes, storyRandom, type TalesOptions } from './tales.js';
import { newWorld } from './teller.js';
import type { LabelledExample, Lang, Split, TaskInfo } from './types.js';
import { NOBODY, type TaleEvent, type World } from './world.js';

/** Tries at one sentence before the story is begun anew. */
const TRIES = 60;

interface Step {
  readonly sentence: TaskSentence;
  readonly A: number;
  readonly B: number;
  readonly O: number;
}

/**
 * What happens in a story: two people meet, and something changes hands. Thing 0 is the one asked for. It goes once (two stories of three), to and fro,
 * or beside another thing that goes the same way or the other. Every sentence names both people or none, so that exchanging them everywhere leaves
 * the bag of words as it was and turns the answer round: no count of words can tell it.
 */
function plot(random: Random): { steps: Step[]; holder: number } {
  const giver = random.below(2);
  const shape = random.weighted([['once', 4] as const, ['toAndFro', 1] as const, ['beside', 1] as const]);
  const transfer = (A: number, O: number): Step => ({ sentence: 'transfer', A, B: 1 - A, O });
  let transfers = [transfer(giver, 0)];
  if (shape === 'toAndFro') transfers.push(transfer(1 - giver, 0));
  if (shape === 'beside') {
    const more = transfer(random.below(2), 1);
    transfers = random.chance(0.5) ? [more, ...transfers] : [...transfers, more];
  }
  const idle = (sentence: TaskSentence): Step => ({ sentence, A: random.below(2), B: NOBODY, O: NOBODY });
  const steps = [idle('meet'), ...transfers];
  const length = 3 + random.below(2);
  while (steps.length < length) steps.splice(1 + random.below(steps.length), 0, idle('idle'));
  return {
    steps: steps.map((step) => (step.B === NOBODY ? { ...step, B: 1 - step.A } : step)),
    holder: shape === 'toAndFro' ? giver : 1 - giver,
  };
}

/** A woman and a man, and what they may have: `holder` is she for label 0, he for label 1. */
function castFor(label: number, holder: number, random: Random): World {
  for (;;) {
    const world = newWorld(random);
    const wanted = (label === 0) === (world.people[holder].gender === 'f');
    if (wanted && world.people[0].gender !== world.people[1].gender) return world;
  }
}

/** One story with a question whose answer is `label`, or nothing where the split has no fitting sentence. */
function tellLabelled(
  { language, split, label }: { readonly language: Language; readonly split: Split; readonly label: number },
  random: Random,
): LabelledExample | undefined {
  const { steps, holder } = plot(random);
  const world = castFor(label, holder, random);
  const told: string[] = [];
  for (const step of steps) {
    let sentence: string | undefined;
    for (let tries = 0; sentence === undefined && tries < TRIES; tries++) {
      const drawn = sentenceFor(step, { language, world }, random);
      if (mayFollow(told, [drawn], split)) sentence = drawn;
    }
    if (sentence === undefined) return undefined;
    told.push(sentence);
  }
  const question: Step = { sentence: 'question', A: NOBODY, B: NOBODY, O: 0 };
  return { text: told.join(language.space), pair: sentenceFor(question, { language, world }, random), label };
}

function sentenceFor(step: Step, told: { readonly language: Language; readonly world: World }, random: Random): string {
  const [P, weather] = [random.below(placeCount), random.below(weatherCount)];
  const event: TaleEvent = { ...step, kind: 'give', Q: NOBODY, P, H: NOBODY, mood: undefined, weather };
  const template = random.pick(told.language.task[step.sentence]);
  return render(template, { ...told, event, before: noMentions }, random).sentences[0];
}

/**
 * Stories of three or four sentences about a woman and a man, and for each a question that only the story answers: who has the thing now, she (0) or
 * he (1)? The answers are equally common (in every two examples one of each), and independent of which words occur, and how often.
 * @throws TalesError for an option that cannot be.
 */
export function labelledTales(options: TalesOptions & { readonly count: number }): LabelledExample[] {
  checkOptions(options, ['seed', 'count', 'lang', 'split'], 'labelledTales');
  checkTalesOptions(options);
  checkWhole(options.count, 'count');
  const { lang = 'en', split = 'train', count } = options;
  return Array.from({ length: count }, (_, index) => {
    // The coin of an example and its neighbour is one.
    const coin = storyRandom(options, { purpose: purposes.task, index: index >> 1, attempt: 0 }).below(2);
    const told = { language: languageOf(lang), split, label: coin ^ (index & 1) };
    for (let attempt = 1; ; attempt++) {
      const example = tellLabelled(told, storyRandom(options, { purpose: purposes.task, index, attempt }));
      if (example !== undefined) return example;
    }
  });
}

/** The task of `labelledTales`. The prompt is the story and the question as they stand in the tales, where the answer follows. */
export function talesTask(lang: Lang = 'en'): TaskInfo {
  const { answers, space } = languageOf(lang);
  return {
    name: lang === 'en' ? 'tales-holder' : 'tales-holder-zh',
    labels: ['she', 'he'],
    chance: 1 / 2,
    prompt: ({ text, pair = '' }) => `${text}${space}${pair}`,
    verbalizers: [`${space}${answers.f}`, `${space}${answers.m}`],
  };
}
