import { describe, expect, it } from 'vitest';
import { english } from '../../src/tales/english.js';
import { generateTales, labelledTales, splitOfRun, talesTask } from '../../src/tales/index.js';
import { accuracy, type Features, trainLogistic } from './logistic.js';

const langs = ['en', 'zh'] as const;
const { names } = english;
const name = `(${[...names.f, ...names.m].join('|')})`;

/** Reads who has the thing asked about from the story, sentence by sentence: her name or his. */
function readHolder(text: string, question: string): string | undefined {
  const thing = /Who had the (.+) now\?/.exec(question)![1];
  const patterns: [pattern: RegExp, receiver: number][] = [
    [new RegExp(`${name} (?:gave|handed|passed|lent) the ${thing} to ${name}\\.`), 2],
    [new RegExp(`${name} (?:got|borrowed) the ${thing} from ${name}\\.`), 1],
  ];
  let holder: string | undefined;
  for (const sentence of text.split(/(?<=\.) /)) {
    for (const [pattern, receiver] of patterns) holder = pattern.exec(sentence)?.[receiver] ?? holder;
  }
  return holder;
}

const genderOf = (holder: string | undefined) => (names.f.includes(holder!) ? 0 : 1);
const tokens = (text: string) => text.match(/\w+/g) ?? [];
const bag = (text: string) => [...tokens(text)].sort().join(' ');

describe('labelledTales', () => {
  const examples = labelledTales({ seed: 1, count: 600 });

  it('are labelled with the truth, as another reader finds it', () => {
    for (const { text, pair, label } of examples) expect(genderOf(readHolder(text, pair!))).toBe(label);
  });

  it('have a twin with the same words, as often, and the other answer: the two people exchanged', () => {
    for (const { text, pair, label } of examples) {
      const [a, b] = [...new Set(text.match(new RegExp(name, 'g')))];
      const twin = text.replace(new RegExp(name, 'g'), (found) => (found === a ? b : a));
      expect(bag(twin)).toBe(bag(text));
      expect(genderOf(readHolder(twin, pair!))).toBe(1 - label);
    }
  });

  it('are short, balanced, and in the order of no pattern', () => {
    for (const { text } of examples) expect(text.split(/(?<=\.) /).length).toBeOneOf([3, 4]);
    expect(examples.filter(({ label }) => label === 1)).toHaveLength(300);
    const alternating = examples.filter(({ label }, i) => label === i % 2).length;
    expect(Math.abs(alternating - 300)).toBeLessThan(100);
  });

  it.each(langs)('of different splits share no three consecutive sentences, nor with the tales (%s)', (lang) => {
    for (const split of ['train', 'test'] as const) {
      for (const { text } of labelledTales({ seed: 2, count: 100, lang, split })) {
        const sentences = text.split(lang === 'en' ? /(?<=\.) / : /(?<=。)/);
        for (let i = 2; i < sentences.length; i++) expect(splitOfRun(sentences.slice(i - 2, i + 1))).toBe(split);
      }
    }
  });

  it('repeat for the same seed only', () => {
    expect(labelledTales({ seed: 1, count: 50 })).toEqual(examples.slice(0, 50));
    expect(labelledTales({ seed: 2, count: 50 }).filter(({ text }, i) => text === examples[i].text)).toEqual([]);
    expect(new Set(examples.map(({ text }) => text)).size).toBe(600);
    expect(() => labelledTales({ seed: 1, count: 1, spilt: 'test' } as never)).toThrow('did you mean "split"');
  });
});

describe('a bag of words', () => {
  const train = labelledTales({ seed: 3, count: 2000 });
  const test = labelledTales({ seed: 3, count: 2000, split: 'test' });
  const learn = (features: Features) => {
    const model = trainLogistic(train, features);
    return [accuracy(model, train), accuracy(model, test)];
  };

  it('stays near chance', () => {
    const [, unseen] = learn(({ text, pair }) => tokens(`${text} ${pair}`));
    // Five standard deviations of guessing 2,000 times are 0.056.
    expect(Math.abs(unseen - 0.5)).toBeLessThan(0.056);
  });

  it('that knew pairs of neighbouring words would not: the learner works, and the order is what tells', () => {
    const [seen, unseen] = learn(({ text }) =>
      tokens(text)
        .slice(1)
        .map((word, i) => `${tokens(text)[i]} ${word}`),
    );
    expect(seen).toBeGreaterThan(0.8);
    expect(unseen).toBeGreaterThan(0.65);
  });
});

describe('talesTask', () => {
  it.each(langs)('asks as the tales do, which answer in one of its words (%s)', (lang) => {
    const { prompt, verbalizers, labels, chance } = talesTask(lang);
    expect([labels.length, verbalizers.length, chance]).toEqual([2, 2, 0.5]);
    const [{ text, pair }] = labelledTales({ seed: 1, count: 1, lang });
    expect(prompt({ text, pair })).toBe(lang === 'en' ? `${text} ${pair}` : `${text}${pair}`);
    const told = generateTales({ seed: 1, count: 400, lang }).map((tale) => tale.text);
    for (const word of verbalizers) {
      expect(word).toMatch(lang === 'en' ? /^ \w+$/ : /^\p{Script=Han}$/u);
      const asked = lang === 'en' ? `[Ww]ho had the \\w+ \\w+ now\\?${word} had it` : `谁有那[^？]+？${word}`;
      expect(told.filter((tale) => new RegExp(asked).test(tale)).length).toBeGreaterThan(15);
    }
  });

  it.each(langs)('uses no word that the tales do not use (%s)', (lang) => {
    const parts = (text: string) => (lang === 'en' ? tokens(text) : [...text]);
    const known = new Set(generateTales({ seed: 1, count: 3000, lang }).flatMap(({ text }) => parts(text)));
    const used = labelledTales({ seed: 1, count: 500, lang }).flatMap(({ text, pair }) => parts(text + pair));
    expect(used.filter((word) => !known.has(word))).toEqual([]);
  });
});
