import { heldThing, known, lyingThing, newPlace, pickOf, type Rule, react } from './rule.js';
import { NOBODY, type TaleEvent, type World, withPerson, withThing } from './world.js';

/** A thing is out of everybody's hands, looked for, and found. */
export const losses: Record<'lose' | 'hide' | 'search' | 'find' | 'fetch', Rule> = {
  lose: {
    weight: 4,
    bind: (world, random) => heldThing(world, random),
    apply: (world, { A, O }) => {
      const { owner } = world.things[O];
      const kind = owner === A ? 'lostByOwner' : 'lostByOther';
      return react(withThing(world, O, { holder: NOBODY }), { kind, A: owner, B: A, O }, O);
    },
  },
  hide: {
    weight: 2,
    bind: (world, random) => heldThing(world, random),
    apply: (world, { O }) => react(withThing(world, O, { holder: NOBODY }), undefined, O),
  },
  search: {
    weight: 3,
    bind: (world, random) => {
      const lying = lyingThing(world, random);
      const A = random.pick(known(world));
      return lying && { O: lying.O, A, P: newPlace(random, lying.P, world.people[A].at) };
    },
    apply: (world, { A, P }) => withPerson(world, A, { at: P }),
  },
  /** By someone who is there. */
  find: finding(true),
  /** By someone who has to go there. */
  fetch: finding(false),
};

function found(world: World, { A, O, P }: TaleEvent): World {
  const { owner } = world.things[O];
  const held = withThing(withPerson(world, A, { at: P }), O, { holder: A });
  return react(held, { kind: 'found', A: owner, B: A, O }, O);
}

/** A lying thing is found, by one of those who are where it lies or of those who are not. */
function finding(there: boolean): Rule {
  return {
    weight: 3,
    bind: (world, random) => {
      const lying = lyingThing(world, random);
      const finders = known(world).filter((i) => (world.people[i].at === lying?.P) === there);
      const A = lying && pickOf(finders, random);
      return A === undefined ? undefined : { ...lying, A };
    },
    apply: found,
  };
}
