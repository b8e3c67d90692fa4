import { describe, expect, it } from 'vitest';
import { type Corpus, type CorpusSpec, eraTask, loadCorpus, orderTask } from '../../src/corpora/index.js';
import { textsOf } from '../../src/corpora/packages.js';
import { splitOfRun } from '../../src/tales/index.js';

const options = { seed: 1, lang: 'en', stories: 0 } as const;
const numbers = (corpus: Corpus) => [
  corpus.documents,
  corpus.train.length,
  corpus.validation.length,
  corpus.test.length,
];
const code = (code: string) => expect.objectContaining({ code });

describe('addresses', async () => {
  const corpus = await loadCorpus({ name: 'addresses' }, options);

  it('hold out whole addresses, every tenth to measure on and every twentieth to choose by', () => {
    expect(numbers(corpus)).toEqual([233, 198, 12, 23]);
    const texts = (part: Corpus['test']) => part.map(({ text }) => text);
    const held = new Set([...texts(corpus.test), ...texts(corpus.validation)]);
    expect(held.size).toBe(35);
    expect(texts(corpus.train).filter((text) => held.has(text))).toEqual([]);
    expect(corpus.bytes).toBeGreaterThan(10_759_831);
  });

  it('are in order of year and split into sentences, all of their words kept', () => {
    const years = corpus.train.map(({ meta }) => meta!.year!);
    expect(years).toEqual([...years].sort((a, b) => a - b));
    for (const { text, sentences } of corpus.test)
      expect(sentences.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    expect(corpus.sentences).toBeGreaterThan(60_000);
    expect(corpus.sentences).toBeLessThan(66_000);
  });

  it('have an era task: balanced windows of held-out addresses, without digits', () => {
    const { train, test, labels, chance, verbalizers, prompt } = eraTask(corpus, { seed: 3, train: 200, test: 100 })!;
    expect([labels.length, verbalizers.length, chance]).toEqual([4, 4, 0.25]);
    for (const [examples, documents, each] of [
      [train, corpus.train, 50],
      [test, corpus.test, 25],
    ] as const) {
      expect([0, 1, 2, 3].map((era) => examples.filter(({ label }) => label === era).length)).toEqual(
        Array(4).fill(each),
      );
      const sources = documents.map(({ sentences, meta }) => ({
        year: meta!.year!,
        masked: sentences.join(' ').replace(/\d/g, '#'),
      }));
      for (const { text, label } of examples) {
        expect(text.split(' ').length).toBeGreaterThanOrEqual(45);
        expect(text.split(' ').length).toBeLessThanOrEqual(90);
        expect(text).not.toMatch(/\d/);
        // The window stands in one document, in one piece, and that document is of its era.
        const years = sources.filter(({ masked }) => masked.includes(text)).map(({ year }) => year);
        const [from, to] = labels[label].split('–').map(Number);
        expect(years.some((year) => year >= from && year <= to)).toBe(true);
      }
    }
    for (const word of verbalizers)
      expect(corpus.train.filter(({ text }) => text.includes(`${word} `)).length).toBeGreaterThan(50);
    expect(prompt(test[0])).toContain(test[0].text);
  });

  it('repeat for the same seed only', () => {
    const draw = (seed: number) => eraTask(corpus, { seed, train: 40, test: 40 })!;
    expect(JSON.stringify(draw(1))).toBe(JSON.stringify(draw(1)));
    expect(draw(2).test).not.toEqual(draw(1).test);
  });
});

describe('moby-dick', async () => {
  const corpus = await loadCorpus({ name: 'moby-dick' }, options);

  it('is in chapters, without its table of contents', () => {
    expect(numbers(corpus)).toEqual([138, 118, 7, 13]);
    expect(corpus.train[2].text).toMatch(/^Call me Ishmael\./);
  });

  it('has an order task, for it names no years', () => {
    expect(eraTask(corpus, { seed: 1, train: 4, test: 4 })).toBeUndefined();
    const { test, chance, verbalizers, prompt } = orderTask(corpus, { seed: 1, train: 40, test: 100 });
    expect([chance, verbalizers]).toEqual([0.5, [' yes', ' no']]);
    expect(test.filter(({ label }) => label === 1)).toHaveLength(50);
    const pairs = new Set(
      corpus.test.flatMap(({ sentences }) => sentences.slice(1).map((after, i) => `${sentences[i]}\n${after}`)),
    );
    for (const { text, pair, label } of test) {
      expect(pairs.has(label === 0 ? `${text}\n${pair}` : `${pair}\n${text}`)).toBe(true);
      expect(prompt({ text, pair })).toMatch(/Answer:$/);
    }
  });
});

describe('tales', () => {
  it('come in all splits, a tenth held out, and in Chinese', async () => {
    const corpus = await loadCorpus({ name: 'tales' }, { seed: 5, lang: 'zh', stories: 100 });
    expect([corpus.lang, ...numbers(corpus)]).toEqual(['zh', 120, 100, 10, 10]);
    for (const { sentences } of corpus.test) expect(splitOfRun(sentences.slice(0, 3))).toBe('test');
    expect(orderTask(corpus, { seed: 1, train: 2, test: 2 }).verbalizers).toEqual(['对', '错']);
  });

  it('stop when told to', async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error('enough')));
    const many = { seed: 5, lang: 'en', stories: 1_000_000, signal: controller.signal } as const;
    await expect(loadCorpus({ name: 'tales' }, many)).rejects.toThrow('enough');
  });
});

describe('loadCorpus', () => {
  it('says what is wrong with its options', async () => {
    const load = (spec: unknown, more: object) => loadCorpus(spec as CorpusSpec, { ...options, ...more });
    await expect(load({ name: 'tales' }, { story: 3 })).rejects.toThrow('did you mean "stories"');
    await expect(load({ name: 'addresses' }, { lang: 'zh' })).rejects.toEqual(code('CORPUS_OPTION'));
    await expect(load({ name: 'adresses' }, {})).rejects.toThrow('There is no corpus "adresses"');
  });

  it('says how to get a package that is not there', () => {
    const missing = '@stdlib/datasets-not-there';
    expect(() => textsOf(missing)).toThrow(code('CORPUS_PACKAGE_MISSING'));
    expect(() => textsOf(missing)).toThrow(`npm install --save-dev ${missing}`);
  });

  it('cannot make an order task of single sentences', async () => {
    const document = { text: 'One.', sentences: ['One.'] };
    const parts = { train: [document], validation: [document], test: [document] };
    const corpus: Corpus = { name: 'tiny', lang: 'en', ...parts, documents: 3, sentences: 3, bytes: 12 };
    expect(() => orderTask(corpus, { seed: 1, train: 2, test: 2 })).toThrow(code('CORPUS_TOO_SMALL'));
  });
});
