import { applyEvent, bindEvent, middleEvent, questionEvent } from './events.js';
import type { Language } from './language.js';
import type { Random } from './random.js';
import { type Mentions, noMentions, render } from './render.js';
import { namesPerGender, placeCount, qualityCount, relationCount, roleCount, thingCount } from './sizes.js';
import { mayFollow } from './splits.js';
import type { Split, TaleFacts } from './types.js';
import type { EventKind, Person, TaleEvent, Thing, World } from './world.js';
import { NOBODY } from './world.js';

/** Three people of different names and trades, two things, places and all else that a tale begins with. */
export function newWorld(random: Random): World {
  const roles = random.sample(roleCount, 3);
  const homes = random.sample(placeCount, 3);
  const people: Person[] = random.sample(2 * namesPerGender, 3).map((drawn, i) => {
    const gender = drawn < namesPerGender ? 'f' : 'm';
    return { name: drawn % namesPerGender, gender, role: roles[i], home: homes[i], at: homes[i], mood: undefined };
  });
  const qualities = random.sample(qualityCount, 2);
  const nouns = random.sample(thingCount, 2);
  const things: Thing[] = nouns.map((noun, i) => ({ noun, quality: qualities[i], owner: 0, holder: 0, at: homes[0] }));
  const relation = random.below(relationCount);
  return {
    ...{ people, knownPeople: 0, things, knownThings: 0, relation },
    ...{ reactions: [], gift: undefined, weather: undefined },
  };
}

/** A tale as far as it is told. */
interface Told {
  readonly sentences: readonly string[];
  readonly events: readonly EventKind[];
  readonly world: World;
  readonly mentions: Mentions;
}

const LEAST = 6;
const MOST = 12;
/** Sentences of the ending, and of the question that comes before it in half of the tales. */
const ENDING = 2;
const QUESTION = 2;
/** Tries at one sentence before the one before it is told anew, and at the whole tale before another is begun. */
const TRIES = 60;
const PATIENCE = 4000;

/** Tells a tale in runs of the split, or gives up. */
export function tell(
  language: Language,
  split: Split,
  random: Random,
): { sentences: readonly string[]; world: World } | undefined {
  // Of two lengths the greater: most tales are long enough for something to happen.
  const length = LEAST + Math.max(random.below(MOST - LEAST + 1), random.below(MOST - LEAST + 1));
  const plan = { language, split, length, friendFirst: random.chance(0.5), asks: length > 8 && random.chance(0.75) };
  const path: Told[] = [{ sentences: [], events: [], world: newWorld(random), mentions: noMentions }];
  for (let tries = 0, patience = PATIENCE; patience > 0; patience--) {
    const told = path[path.length - 1];
    if (told.sentences.length === length) return told;
    const next = attempt(told, plan, random);
    if (next !== undefined) {
      path.push(next);
      tries = 0;
    } else if (++tries === TRIES && path.length > 1) {
      path.pop();
      tries = 0;
    }
  }
  return undefined;
}

interface Plan {
  readonly language: Language;
  readonly split: Split;
  readonly length: number;
  readonly friendFirst: boolean;
  /** Whether a question comes before the ending. */
  readonly asks: boolean;
}

/** One try at what comes next. */
function attempt(told: Told, plan: Plan, random: Random): Told | undefined {
  const { language, split, length } = plan;
  const event = nextEvent(told, plan, random);
  if (event === undefined) return undefined;
  const scene = { language, world: told.world, event, before: told.mentions };
  const { sentences: more, mentions } = render(random.pick(language.templates[event.kind]), scene, random);
  // What happens in the middle leaves room for what must come, and no gap before it.
  const left = length - told.sentences.length - more.length;
  if (left < (phaseOf(told, plan) === 'middle' ? endingOf(plan) : 0)) return undefined;
  if (!mayFollow(told.sentences, more, split)) return undefined;
  return {
    sentences: [...told.sentences, ...more],
    events: [...told.events, event.kind],
    world: applyEvent(told.world, event),
    mentions,
  };
}

const endingOf = ({ asks }: Plan) => (asks ? QUESTION + ENDING : ENDING);

function settingOf({ friendFirst }: Plan): readonly EventKind[] {
  return friendFirst ? ['open', 'friend', 'own'] : ['open', 'own', 'friend'];
}

function phaseOf({ sentences, events }: Told, plan: Plan): 'setting' | 'middle' | 'question' | 'ending' {
  const left = plan.length - sentences.length;
  if (events.length < settingOf(plan).length) return 'setting';
  if (left > endingOf(plan)) return 'middle';
  return left > ENDING ? 'question' : 'ending';
}

function nextEvent(told: Told, plan: Plan, random: Random): TaleEvent | undefined {
  const { sentences, events, world } = told;
  const setting = settingOf(plan);
  const phase = phaseOf(told, plan);
  if (phase === 'setting') return bindEvent(setting[events.length], world, random);
  if (phase === 'question') return questionEvent(world, random);
  if (phase === 'middle') {
    const last = events.length === setting.length ? undefined : events[events.length - 1];
    return middleEvent(world, last, random);
  }
  if (sentences.length === plan.length - ENDING) {
    return bindEvent('endHeld', world, random) ?? bindEvent('endLies', world, random);
  }
  return bindEvent(random.pick(['endMood', 'endHome']), world, random);
}

/** What of the world at its end can be said of the people and things the tale told of. */
export function factsOf(language: Language, world: World): TaleFacts {
  const nameOf = (index: number) => language.names[world.people[index].gender][world.people[index].name];
  const people = world.people.slice(0, world.knownPeople).map(({ gender, role, home, at, mood }, i) => ({
    name: nameOf(i),
    gender,
    role: language.roles[role],
    home: language.places[home].name,
    place: language.places[at].name,
    mood: mood && language.moods[mood.kind][mood.word],
  }));
  const things = world.things.slice(0, world.knownThings).map(({ noun, quality, owner, holder, at }) => ({
    name: language.thingName({ noun: language.things[noun], quality: language.qualities[quality] }),
    owner: nameOf(owner),
    holder: holder === NOBODY ? undefined : nameOf(holder),
    place: language.places[at].name,
  }));
  return { people, things };
}
