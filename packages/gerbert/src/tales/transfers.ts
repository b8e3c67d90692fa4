import { heldThing, other, type Rule, react, together } from './rule.js';
import { type TaleEvent, type World, withPerson, withThing } from './world.js';

/** A gives O, which is A's own, to B for good. */
function handOver(world: World, { A, B, O }: TaleEvent): World {
  const given = { ...withThing(world, O, { holder: B, owner: B }), gift: { from: A, to: B } };
  return react(given, { kind: 'gifted', A: B, B: A, O }, O);
}

export const transfers: Record<'give' | 'lend' | 'visit' | 'borrow' | 'return' | 'trade' | 'steal', Rule> = {
  give: {
    weight: 4,
    bind: (world, random) => {
      const held = heldThing(world, random, (O, A) => world.things[O].owner === A);
      const B = held && other(world, held.A, random, (B) => together(world, held.A, B));
      return B === undefined ? undefined : { ...held, B };
    },
    apply: handOver,
  },
  lend: {
    weight: 4,
    bind: (world, random) => transfers.give.bind(world, random),
    apply: (world, { B, O }) => react(withThing(world, O, { holder: B }), undefined, O),
  },
  visit: {
    weight: 4,
    bind: (world, random) => {
      const held = heldThing(world, random, (O, A) => world.things[O].owner === A);
      const B = held && other(world, held.A, random, (B) => !together(world, held.A, B));
      return B === undefined ? undefined : { ...held, B };
    },
    apply: (world, event) => handOver(withPerson(world, event.B, { at: event.P }), event),
  },
  borrow: {
    weight: 3,
    bind: (world, random) => transfers.visit.bind(world, random),
    apply: (world, { B, O, P }) => react(withThing(withPerson(world, B, { at: P }), O, { holder: B }), undefined, O),
  },
  return: {
    weight: 5,
    bind: (world, random) => {
      const held = heldThing(world, random, (O, A) => world.things[O].owner !== A);
      return held && { ...held, B: world.things[held.O].owner };
    },
    apply: (world, { A, B, O }) => {
      const met = withPerson(world, A, { at: world.people[B].at });
      return react(withThing(met, O, { holder: B }), { kind: 'returned', A: B, B: A, O }, O);
    },
  },
  trade: {
    weight: 6,
    bind: ({ gift, knownThings, things }) =>
      gift && knownThings < things.length ? { A: gift.to, B: gift.from, Q: knownThings } : undefined,
    apply: (world, { B, Q }) => ({
      ...withThing(world, Q, { holder: B, owner: B }),
      knownThings: world.knownThings + 1,
      gift: undefined,
    }),
  },
  steal: {
    weight: 1.5,
    bind: (world, random) => {
      const held = heldThing(world, random, (O, A) => world.things[O].owner === A);
      const A = held && other(world, held.A, random);
      return A === undefined ? undefined : { ...held, A, B: held!.A };
    },
    apply: (world, { A, B, O, P }) => {
      const taken = withThing(withPerson(world, A, { at: P }), O, { holder: A });
      return react(taken, { kind: 'stolen', A: B, B: A, O }, O);
    },
  },
};
