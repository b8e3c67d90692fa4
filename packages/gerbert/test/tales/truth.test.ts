import { describe, expect, it } from 'vitest';
import { english } from '../../src/tales/english.js';
import { applyEvent, bindEvent, eventKinds, middleEvent } from '../../src/tales/events.js';
import { generateTales } from '../../src/tales/index.js';
import { Random } from '../../src/tales/random.js';
import { newWorld } from '../../src/tales/teller.js';
import { type EventKind, NOBODY, type World } from '../../src/tales/world.js';

function begin(random: Random): World {
  let world = newWorld(random);
  for (const kind of ['open', 'own', 'friend'] as const) world = applyEvent(world, bindEvent(kind, world, random)!);
  return world;
}

describe('events', () => {
  it('all happen, and keep the world whole', () => {
    const random = new Random(1);
    const happened = new Set<EventKind>();
    for (let tale = 0; tale < 400; tale++) {
      let world = begin(random);
      let last: EventKind | undefined;
      for (let step = 0; step < 12; step++) {
        const event = middleEvent(world, last, random);
        const next = applyEvent(world, event);
        happened.add(event.kind);
        for (const { holder, at, owner } of next.things) {
          // What is held is where its holder is; what lies, is nobody's to hold, but still someone's own.
          if (holder !== NOBODY) expect(at).toBe(next.people[holder].at);
          expect(owner).not.toBe(NOBODY);
        }
        const { A, B, O, P } = event;
        const thing = world.things[O];
        if (['give', 'lend'].includes(event.kind))
          expect([thing.holder, world.people[B].at]).toEqual([A, world.people[A].at]);
        if (['give', 'lend', 'visit', 'borrow', 'return'].includes(event.kind)) expect(next.things[O].holder).toBe(B);
        if (['give', 'visit'].includes(event.kind)) expect(next.things[O].owner).toBe(B);
        if (['lend', 'borrow', 'steal', 'lose', 'hide', 'find', 'fetch'].includes(event.kind))
          expect(next.things[O].owner).toBe(thing.owner);
        if (event.kind === 'return') expect([thing.holder, thing.owner]).toEqual([A, B]);
        if (event.kind === 'find') expect(world.people[A].at).toBe(P);
        if (event.kind === 'fetch') expect(world.people[A].at).not.toBe(P);
        if (['find', 'fetch'].includes(event.kind))
          expect([thing.holder, thing.at, next.things[O].holder]).toEqual([NOBODY, P, A]);
        if (event.kind === 'search') expect(thing.at).not.toBe(P);
        if (event.kind === 'no') expect(thing.holder).not.toBe(B);
        if (event.kind === 'yes') expect(thing.holder).toBe(A);
        if (event.kind === 'still') expect(world.people[A].mood).toEqual(event.mood);
        expect(event.kind).not.toBe(last);
        last = event.kind;
        world = next;
      }
    }
    const frame: EventKind[] = ['open', 'own', 'friend', 'endHeld', 'endLies', 'endMood', 'endHome'];
    expect([...happened, ...frame].sort()).toEqual([...eventKinds].sort());
  });
});

describe('facts', () => {
  it('are what the tale ends with', () => {
    let held = 0;
    for (const { sentences, facts } of generateTales({ seed: 8, count: 400 })) {
      const [thing] = facts.things;
      const ending = sentences[sentences.length - 2];
      const [, name] = /\bthe (?!end )(\w+ \w+)/.exec(ending)!;
      expect(name).toBe(thing.name);
      const place = english.places.find((place) => place.name === thing.place)!;
      expect(ending).toContain(place.at);
      const named = facts.people.filter((person) => ending.includes(person.name));
      expect(named.map((person) => person.name)).toEqual(thing.holder === undefined ? [] : [thing.holder]);
      if (thing.holder !== undefined) {
        held++;
        expect(facts.people.find((person) => person.name === thing.holder)!.place).toBe(thing.place);
      }
    }
    // Both kinds of ending are common.
    expect(held).toBeGreaterThan(200);
    expect(held).toBeLessThan(380);
  });

  it('tell the mood that the last sentence tells', () => {
    let moods = 0;
    for (const { sentences, facts } of generateTales({ seed: 12, count: 600 })) {
      const told = facts.people.filter(
        ({ mood }) => mood !== undefined && sentences[sentences.length - 1].includes(mood),
      );
      for (const { mood } of told)
        expect(sentences.slice(0, -1).some((sentence) => sentence.includes(mood!))).toBe(true);
      moods += told.length;
    }
    expect(moods).toBeGreaterThan(60);
  });
});

describe('pronouns', () => {
  const people = (facts: ReturnType<typeof generateTales>[0]['facts'], gender: 'f' | 'm', sentence: string) =>
    facts.people.filter(
      (person) => person.gender === gender && new RegExp(`\\b(${person.name}|${person.role})\\b`).test(sentence),
    );

  it('mean one person', () => {
    let pronouns = 0;
    for (const { sentences, facts } of generateTales({ seed: 10, count: 800 })) {
      for (const [i, sentence] of sentences.entries()) {
        const pronoun = /^(She|He)\b/.exec(sentence)?.[1];
        if (pronoun === undefined || /^(She|He) had it/.test(sentence)) continue;
        const gender = pronoun === 'She' ? 'f' : 'm';
        const before = sentences[i - 1];
        const named = people(facts, gender, before);
        // Two of that gender named just now would make it unclear; none, and no pronoun either, would leave nobody to mean.
        expect(named.length).toBeLessThan(2);
        if (named.length === 0)
          expect(before).toMatch(gender === 'f' ? /\b([Ss]he|[Hh]er)\b/ : /\b([Hh]e|[Hh]im|[Hh]is)\b/);
        pronouns++;
      }
    }
    expect(pronouns).toBeGreaterThan(400);
  });

  it('answer who has a thing only where no other person is of that gender', () => {
    let answers = 0;
    for (const { sentences, facts } of generateTales({ seed: 10, count: 800 })) {
      for (const [i, sentence] of sentences.entries()) {
        const gender = sentence.startsWith('She had it') ? 'f' : sentence.startsWith('He had it') ? 'm' : undefined;
        if (gender === undefined) continue;
        const met = facts.people.filter(({ name }) => sentences.slice(0, i).join(' ').includes(name));
        expect(met.filter((person) => person.gender === gender)).toHaveLength(1);
        answers++;
      }
    }
    expect(answers).toBeGreaterThan(100);
  });
});
