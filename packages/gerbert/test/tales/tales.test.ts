import { describe, expect, it } from 'vitest';
import { chinese } from '../../src/tales/chinese.js';
import { english } from '../../src/tales/english.js';
import { distinctTales, generateTales, type Split, splitOfRun, tales } from '../../src/tales/index.js';

const langs = ['en', 'zh'] as const;
const splits: readonly Split[] = ['train', 'validation', 'test'];
const words = (text: string) => text.match(/[A-Za-z]+/g) ?? [];
const runs = (sentences: readonly string[]) => sentences.slice(2).map((_, i) => sentences.slice(i, i + 3));

describe('generateTales', () => {
  it('tells the same tales for the same seed, others for another seed, and is a beginning of tales()', () => {
    const first = generateTales({ seed: 4, count: 5 });
    expect(generateTales({ seed: 4, count: 5, lang: 'en', split: 'train' })).toEqual(first);
    expect(generateTales({ seed: 4, count: 3 })).toEqual(first.slice(0, 3));
    expect(generateTales({ seed: 5, count: 5 }).some(({ text }, i) => text === first[i].text)).toBe(false);
    const endless = tales({ seed: 4 });
    for (let again = 0; again < 2; again++) {
      const begun: string[] = [];
      for (const { text } of endless) if (begun.push(text) === 5) break;
      expect(begun).toEqual(first.map(({ text }) => text));
    }
  });

  it.each(langs)('writes %s as it is written', (lang) => {
    for (const { sentences, text } of generateTales({ seed: 1, count: 300, lang })) {
      expect(sentences.length).toBeGreaterThanOrEqual(6);
      expect(sentences.length).toBeLessThanOrEqual(12);
      expect(text).toBe(sentences.join(lang === 'en' ? ' ' : ''));
      for (const sentence of sentences) {
        expect(sentence).toMatch(
          lang === 'en'
            ? /^[A-Z][a-z]*( [A-Za-z]+('s)?,?)*[.?]$|^[A-Z][A-Za-z', ]+[.?]$/
            : /^[\p{Script=Han}，]+[。？]$/u,
        );
        expect(sentence).not.toMatch(/ {2}|undefined|[{}[\]|‖]/);
      }
    }
  });

  it('keeps to a small vocabulary', () => {
    const seen = new Set(generateTales({ seed: 2, count: 3000 }).flatMap(({ text }) => words(text)));
    expect(seen.size).toBeGreaterThan(300);
    expect(seen.size).toBeLessThan(1000);
  });

  it('says what is wrong with its options', () => {
    expect(() => generateTales({ seed: 1, cuont: 3 } as never)).toThrow('did you mean "count"');
    expect(() => tales({ seed: -1 })).toThrow(expect.objectContaining({ code: 'TALES_OPTION_INVALID' }));
    expect(() => tales({ seed: 1, lang: 'fr' as never })).toThrow('lang must be one of en, zh, not "fr"');
    expect(() => generateTales({ seed: 1, count: 1.5 })).toThrow('count must be a whole number');
  });
});

describe('the splits', () => {
  it.each(langs)('share no three consecutive sentences (%s)', (lang) => {
    for (const split of splits) {
      for (const { sentences } of generateTales({ seed: 9, count: 150, lang, split })) {
        expect(runs(sentences).every((run) => splitOfRun(run) === split)).toBe(true);
      }
    }
  });

  it('hold in fact, for any seeds: no run and no tale of a held-out split is in training', () => {
    const seen = new Set<string>();
    for (const seed of [1, 2]) {
      for (const { sentences } of generateTales({ seed, count: 2000 }))
        for (const run of runs(sentences)) seen.add(run.join('\n'));
    }
    for (const split of ['validation', 'test'] as const) {
      const held = generateTales({ seed: 1, count: 300, split }).flatMap(({ sentences }) => runs(sentences));
      expect(held.filter((run) => seen.has(run.join('\n')))).toEqual([]);
    }
  });

  it('divide all runs in thirds', () => {
    const counts = { train: 0, validation: 0, test: 0 };
    for (let i = 0; i < 6000; i++) counts[splitOfRun([`${i}`, 'b', 'c'])]++;
    for (const split of splits) expect(Math.abs(counts[split] - 2000)).toBeLessThan(5 * Math.sqrt((6000 * 2) / 9));
  });
});

describe('the number of tales', () => {
  it('is more than a million, by counting what the first three sentences tell', () => {
    for (const { names, roles, things, qualities, places } of [english, chinese]) {
      const people = [...names.f, ...names.m];
      const lexicon = [people, roles, things.map(({ noun }) => noun), qualities, places.map(({ name }) => name)];
      // The argument needs the words to differ.
      for (const list of lexicon) expect(new Set(list).size).toBe(list.length);
      const [P, R, T, Q, L] = lexicon.map((list) => list.length);
      expect(distinctTales()).toBe(BigInt(P * (P - 1) * R * (R - 1)) * BigInt(L * (L - 1) * T * Q));
    }
    expect(distinctTales()).toBeGreaterThanOrEqual(1_000_000n);
  });

  it('and the first three sentences do tell it', () => {
    for (const { sentences, facts } of generateTales({ seed: 6, count: 300 })) {
      const opening = sentences.slice(0, 3).join(' ');
      const [first, second] = facts.people;
      const told = [first, second].flatMap(({ name, role, home }) => [name, role, home]);
      for (const word of [...told, facts.things[0].name]) expect(opening).toContain(word);
    }
  });

  it.each(langs)('shows in that none comes twice among thousands (%s)', (lang) => {
    const told = generateTales({ seed: 3, count: 4000, lang }).map(({ text }) => text);
    expect(new Set(told).size).toBe(told.length);
  });
});
