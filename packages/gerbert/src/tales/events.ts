import { losses } from './losses.js';
import type { Random } from './random.js';
import { heldThing, known, lyingThing, newPlace, other, pickOf, type Rule, react, together } from './rule.js';
import { moodWords, weatherCount } from './sizes.js';
import { transfers } from './transfers.js';
import { type EventKind, type Mood, NOBODY, type Reaction, type TaleEvent, type World, withPerson } from './world.js';

const moves: Record<'go' | 'meet' | 'carry' | 'use' | 'wait', Rule> = {
  go: {
    weight: 0.5,
    bind: (world, random) => {
      const A = random.pick(known(world));
      return { A, P: newPlace(random, world.people[A].at) };
    },
    apply: (world, { A, P }) => withPerson(world, A, { at: P }),
  },
  meet: {
    weight: 1,
    bind: (world, random) => {
      const A = random.pick(known(world));
      const B = other(world, A, random, (B) => !together(world, A, B));
      return B === undefined ? undefined : { A, B, P: world.people[B].at };
    },
    apply: (world, { A, P }) => withPerson(world, A, { at: P }),
  },
  carry: {
    weight: 6,
    bind: (world, random) => {
      const held = heldThing(world, random);
      return held && { ...held, P: newPlace(random, held.P) };
    },
    apply: (world, { A, P }) => withPerson(world, A, { at: P }),
  },
  use: { weight: 6, bind: (world, random) => heldThing(world, random) },
  wait: {
    weight: 1,
    bind: (world, random) => {
      const A = random.pick(known(world));
      return { A, P: world.people[A].at };
    },
  },
};

/** A reaction that is due; what is felt is the kind's own mood, in a word that the tale keeps to. */
function reaction(kind: Reaction['kind'], mood: Mood['kind']): Rule {
  return {
    weight: 20,
    bind: (world, random) => {
      const due = world.reactions.find((reaction) => reaction.kind === kind);
      return due && { ...due, mood: { kind: mood, word: random.below(moodWords) } };
    },
    apply: (world, { A, O, mood }) => react(withPerson(world, A, { mood }), undefined, O),
  };
}

const reactions: Record<Reaction['kind'] | 'still', Rule> = {
  lostByOther: reaction('lostByOther', 'sad'),
  lostByOwner: reaction('lostByOwner', 'sad'),
  gifted: reaction('gifted', 'happy'),
  returned: reaction('returned', 'grateful'),
  found: reaction('found', 'relieved'),
  stolen: reaction('stolen', 'angry'),
  still: {
    weight: 1.5,
    bind: (world, random) => {
      const A = pickOf(
        known(world).filter((i) => world.people[i].mood),
        random,
      );
      return A === undefined ? undefined : { A, mood: world.people[A].mood };
    },
  },
};

const reports: Record<'status' | 'lies' | 'whoAsk' | 'sheOrHe' | 'whereAsk' | 'yes' | 'no' | 'nobody', Rule> = {
  status: { weight: 3, bind: (world, random) => heldThing(world, random) },
  lies: { weight: 1.5, bind: (world, random) => lyingThing(world, random) },
  whoAsk: { weight: 3, bind: (world, random) => heldThing(world, random) },
  // Only where "she" or "he" says who it is.
  sheOrHe: {
    weight: 6,
    bind: (world, random) =>
      heldThing(world, random, (_, A) => {
        return known(world).every((B) => B === A || world.people[B].gender !== world.people[A].gender);
      }),
  },
  whereAsk: { weight: 1, bind: (world, random) => moves.wait.bind(world, random) },
  yes: { weight: 3, bind: (world, random) => heldThing(world, random) },
  no: {
    weight: 3,
    bind: (world, random) => {
      const held = heldThing(world, random);
      const B = held && other(world, held.A, random);
      return B === undefined ? undefined : { ...held, B };
    },
  },
  nobody: {
    weight: 2,
    bind: (world, random) => {
      const lying = lyingThing(world, random);
      return lying && { ...lying, B: random.pick(known(world)) };
    },
  },
};

const frame: Record<'open' | 'own' | 'friend' | 'arrive' | 'weather' | 'weatherEnd', Rule> = {
  open: { weight: 0, bind: () => ({ A: 0 }), apply: (world) => ({ ...world, knownPeople: 1 }) },
  own: { weight: 0, bind: () => ({ A: 0, O: 0 }), apply: (world) => ({ ...world, knownThings: 1 }) },
  friend: {
    weight: 0,
    bind: (world) => ({ A: 0, B: 1, H: world.people[1].home }),
    apply: (world) => ({ ...world, knownPeople: 2 }),
  },
  arrive: {
    weight: 1,
    bind: ({ knownPeople, people }, random) =>
      knownPeople < people.length ? { A: knownPeople, P: people[random.below(knownPeople)].at } : undefined,
    apply: (world, { A, P }) => ({ ...withPerson(world, A, { at: P }), knownPeople: world.knownPeople + 1 }),
  },
  weather: {
    weight: 0.5,
    bind: (world, random) =>
      world.weather === undefined
        ? { weather: random.below(weatherCount), P: world.people[random.below(world.knownPeople)].at }
        : undefined,
    apply: (world, { weather }) => ({ ...world, weather }),
  },
  weatherEnd: {
    weight: 1.5,
    bind: ({ weather }) => (weather === undefined ? undefined : { weather }),
    apply: (world) => ({ ...world, weather: undefined }),
  },
};

const endings: Record<'endHeld' | 'endLies' | 'endMood' | 'endHome', Rule> = {
  endHeld: {
    weight: 0,
    bind: ({ things: [{ holder, at }] }) => (holder === NOBODY ? undefined : { O: 0, A: holder, P: at }),
  },
  endLies: { weight: 0, bind: ({ things: [{ holder, at }] }) => (holder === NOBODY ? { O: 0, P: at } : undefined) },
  endMood: { weight: 0, bind: (world, random) => reactions.still.bind(world, random) },
  endHome: { weight: 0, bind: (world, random) => ({ A: random.pick(known(world)), O: 0 }) },
};

export const rules: Readonly<Record<EventKind, Rule>> = {
  ...transfers,
  ...losses,
  ...moves,
  ...reactions,
  ...reports,
  ...frame,
  ...endings,
};

export const eventKinds = Object.keys(rules) as EventKind[];
/**
 * What may happen in the middle of a tale; reactions only where they are due. By their weights it is mostly who has the thing that acts next, so
 * that the tale hangs together.
 */
const middle = eventKinds.filter((kind) => rules[kind].weight > 0 && (kind === 'still' || !(kind in reactions)));
/** What a tale's middle begins with: a thing changes hands or is lost. */
const beginnings: readonly EventKind[] = ['give', 'lend', 'visit', 'borrow', 'steal', 'lose', 'hide'];

/** An event of one kind, if it can happen. */
export function bindEvent(kind: EventKind, world: World, random: Random): TaleEvent | undefined {
  const bound = rules[kind].bind(world, random);
  if (bound === undefined) return undefined;
  const { A = NOBODY, B = NOBODY, O = NOBODY, Q = NOBODY, P = NOBODY, mood, weather = NOBODY } = bound;
  const { H = A === NOBODY ? NOBODY : world.people[A].home } = bound;
  return { kind, A, B, O, Q, P, H, mood, weather };
}

/** Something that may happen next, of another kind than what just happened; `last` is undefined where the middle begins. */
export function middleEvent(world: World, last: EventKind | undefined, random: Random): TaleEvent {
  const due = world.reactions.map((reaction) => reaction.kind);
  const kinds = last === undefined ? beginnings : [...middle, ...due].filter((kind) => kind !== last);
  const choices = kinds.map((kind) => [kind, rules[kind].weight] as const);
  for (;;) {
    const event = bindEvent(random.weighted(choices), world, random);
    if (event !== undefined) return event;
  }
}

/** A question about a thing of the tale: mostly the one that "she" or "he" answers, where it does. */
export function questionEvent(world: World, random: Random): TaleEvent | undefined {
  const kinds: readonly EventKind[] = random.chance(0.85) ? ['sheOrHe'] : ['whoAsk', 'yes', 'no', 'nobody'];
  return bindEvent(random.pick(kinds), world, random);
}

export function applyEvent(world: World, event: TaleEvent): World {
  const next = rules[event.kind].apply?.(world, event) ?? world;
  // What comes in return for a gift comes at once.
  return next.gift === world.gift ? { ...next, gift: undefined } : next;
}
