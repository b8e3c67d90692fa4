/** What a tale knows while it is told. People, things and places are numbers here; a language has the words for them. */

export type MoodKind = 'sad' | 'happy' | 'relieved' | 'angry' | 'grateful';

export interface Mood {
  readonly kind: MoodKind;
  /** Which of the language's words for it: a tale keeps to the word it chose. */
  readonly word: number;
}

export interface Person {
  readonly name: number;
  readonly gender: 'f' | 'm';
  readonly role: number;
  readonly home: number;
  readonly at: number;
  readonly mood: Mood | undefined;
}

export interface Thing {
  readonly noun: number;
  readonly quality: number;
  readonly owner: number;
  /** A person, or NOBODY when it lies at `at`. */
  readonly holder: number;
  /** Where it lies; where its holder is, if it has one. */
  readonly at: number;
}

export const NOBODY = -1;

/** What happened that someone will feel something about. */
export interface Reaction {
  readonly kind: 'lostByOther' | 'lostByOwner' | 'gifted' | 'returned' | 'found' | 'stolen';
  /** Who feels it, and about whom. */
  readonly A: number;
  readonly B: number;
  readonly O: number;
}

/** A state of affairs; events make new ones and leave the old as it was. */
export interface World {
  /** The whole cast; the tale has told of the first `knownPeople`. */
  readonly people: readonly Person[];
  readonly knownPeople: number;
  readonly things: readonly Thing[];
  readonly knownThings: number;
  /** What B is to A. */
  readonly relation: number;
  readonly reactions: readonly Reaction[];
  /** Who gave what to whom last, as long as nothing came in return. */
  readonly gift: { readonly from: number; readonly to: number } | undefined;
  readonly weather: number | undefined;
}

export type EventKind =
  | ('open' | 'own' | 'friend' | 'arrive')
  | ('go' | 'meet' | 'carry' | 'use' | 'wait')
  | ('give' | 'lend' | 'visit' | 'borrow' | 'return' | 'trade' | 'steal')
  | ('lose' | 'hide' | 'search' | 'find' | 'fetch')
  | (Reaction['kind'] | 'still')
  | ('status' | 'lies' | 'whoAsk' | 'sheOrHe' | 'whereAsk' | 'yes' | 'no' | 'nobody')
  | ('weather' | 'weatherEnd')
  | ('endHeld' | 'endLies' | 'endMood' | 'endHome');

/** One thing that happens, and all that a sentence about it may name. */
export interface TaleEvent {
  readonly kind: EventKind;
  /** Persons: who acts or is told of; the other. */
  readonly A: number;
  readonly B: number;
  /** Things: the one it is about; the one given in return. */
  readonly O: number;
  readonly Q: number;
  /** Places: where it happens; where A lives. */
  readonly P: number;
  readonly H: number;
  readonly mood: Mood | undefined;
  readonly weather: number;
}

export function withPerson(world: World, index: number, change: Partial<Person>): World {
  const people = world.people.map((person, i) => (i === index ? { ...person, ...change } : person));
  // What a person holds goes where the person goes.
  const { at } = people[index];
  const things = world.things.map((thing) => (thing.holder === index ? { ...thing, at } : thing));
  return { ...world, people, things };
}

/** `holder` takes the thing and it is where the holder is; NOBODY leaves it where it was. */
export function withThing(world: World, index: number, change: { holder: number; owner?: number }): World {
  const thing = { ...world.things[index], ...change };
  const at = change.holder === NOBODY ? thing.at : world.people[change.holder].at;
  return { ...world, things: world.things.map((other, i) => (i === index ? { ...thing, at } : other)) };
}
