import type { Random } from './random.js';
import { placeCount } from './sizes.js';
import { NOBODY, type Reaction, type TaleEvent, type World } from './world.js';

/** How an event comes about. */
export interface Rule {
  /** How likely it is in the middle of a tale, beside the others that are possible. */
  readonly weight: number;
  /** What it would be about, or undefined where it cannot happen. */
  readonly bind: (world: World, random: Random) => Partial<TaleEvent> | undefined;
  /** What the world is like afterwards. */
  readonly apply?: (world: World, event: TaleEvent) => World;
}

export const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
export const known = (world: World) => indices(world.knownPeople);

export function pickOf<T>(list: readonly T[], random: Random): T | undefined {
  return list.length === 0 ? undefined : random.pick(list);
}

/** A known thing that someone has, its holder A, and its place P. */
export function heldThing(world: World, random: Random, accept: (O: number, holder: number) => boolean = () => true) {
  const held = indices(world.knownThings).filter((i) => world.things[i].holder !== NOBODY);
  const O = pickOf(
    held.filter((i) => accept(i, world.things[i].holder)),
    random,
  );
  return O === undefined ? undefined : { O, A: world.things[O].holder, P: world.things[O].at };
}

/** A known thing that lies somewhere. */
export function lyingThing(world: World, random: Random) {
  const O = pickOf(
    indices(world.knownThings).filter((i) => world.things[i].holder === NOBODY),
    random,
  );
  return O === undefined ? undefined : { O, P: world.things[O].at };
}

export function other(
  world: World,
  A: number,
  random: Random,
  accept: (B: number) => boolean = () => true,
): number | undefined {
  return pickOf(
    known(world).filter((B) => B !== A && accept(B)),
    random,
  );
}

export function newPlace(random: Random, ...not: readonly number[]): number {
  for (;;) {
    const place = random.below(placeCount);
    if (!not.includes(place)) return place;
  }
}

export const together = (world: World, A: number, B: number) => world.people[A].at === world.people[B].at;

/** The reactions that still make sense once a thing has changed hands, and a new one in front. */
export function react(world: World, reaction: Reaction | undefined, O: number): World {
  const older = world.reactions.filter((old) => old.O !== O);
  return { ...world, reactions: reaction === undefined ? older : [reaction, ...older] };
}
