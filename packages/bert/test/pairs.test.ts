import { describe, expect, test } from 'vitest';
import { type PairOptions, segmentPairs } from '../src/index.js';
import { distinctDocuments } from './documents.js';

const options: PairOptions = { maxTokens: 60, seed: 3, epoch: 0 };
const documents = distinctDocuments(
  Array.from({ length: 40 }, (_, i) => ({ sentences: 5 + 7 * (i % 9), length: [3, 14] })),
);

/** Where each token stands: document and place in it. */
const origins = new Map<number, { document: number; place: number }>();
for (const [document, sentences] of documents.entries()) {
  for (const [place, token] of sentences.flatMap((sentence) => [...sentence]).entries()) {
    origins.set(token, { document, place });
  }
}

/** The one document a stretch of tokens runs through, and where; undefined if it jumps. */
function stretch(tokens: Int32Array): { document: number; from: number; to: number } | undefined {
  const all = Array.from(tokens, (token) => origins.get(token)!);
  const { document, place } = all[0]!;
  const runs = all.every((each, i) => each.document === document && each.place === place + i);
  return runs ? { document, from: place, to: place + all.length } : undefined;
}

describe('pairs of segments', () => {
  const epochs = Array.from({ length: 5 }, (_, epoch) => segmentPairs(documents, { ...options, epoch }));
  const pairs = epochs.flat();

  test('are stretches of documents that fit', () => {
    for (const { a, b } of pairs) {
      expect(Math.min(a.length, b.length)).toBeGreaterThan(0);
      expect(a.length + b.length).toBeLessThanOrEqual(options.maxTokens);
      expect(stretch(a)).toBeDefined();
      expect(stretch(b)).toBeDefined();
    }
  });

  test('are labelled by whether the second follows the first', () => {
    for (const { a, b, label } of pairs) {
      const [first, second] = [stretch(a)!, stretch(b)!];
      if (label === 1) expect(second.document).not.toBe(first.document);
      else {
        expect(second.document).toBe(first.document);
        expect(second.from).toBeGreaterThanOrEqual(first.to);
        // Truncation takes no more off the gap than what the sentences overshoot the length by.
        expect(second.from - first.to).toBeLessThan(14);
      }
    }
    expect(new Set(pairs.map(({ label }) => label))).toEqual(new Set([0, 1]));
  });

  test('are random in about half of the cases', () => {
    const random = pairs.filter(({ label }) => label === 1).length;
    const deviation = 5 * Math.sqrt(pairs.length / 4);
    expect(random).toBeGreaterThan(pairs.length / 2 - deviation);
    // A last sentence on its own, at most one a document, is always paired at random.
    expect(random).toBeLessThan(pairs.length / 2 + deviation + 5 * documents.length);
  });

  test('come in another order, cut anew, in every epoch, and again for the same numbers', () => {
    expect(segmentPairs(documents, { ...options, epoch: 3 })).toEqual(epochs[3]);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(segmentPairs(documents, { ...options, seed: 4 })).not.toEqual(epochs[0]);
    const firsts = epochs[0]!.map(({ a }) => origins.get(a[0]!)!.document);
    expect(firsts).not.toEqual(firsts.toSorted((a, b) => a - b));
  });

  test('draw their random halves from all over the other documents', () => {
    const drawn = new Set(pairs.filter(({ label }) => label === 1).map(({ b }) => origins.get(b[0]!)!.document));
    expect(drawn.size).toBe(documents.length);
  });
});

test('nothing is lost: sentences displaced by a random half are used again', () => {
  // Sentences of one token are never truncated, so every token stands exactly once in a first half or a true second one.
  const single = distinctDocuments(Array.from({ length: 12 }, (_, i) => ({ sentences: 20 + 13 * i, length: [1, 1] })));
  const pairs = segmentPairs(single, { ...options, maxTokens: 16 });
  const used = pairs.flatMap(({ a, b, label }) => [...a, ...(label === 0 ? b : [])]).sort((a, b) => a - b);
  expect(used).toEqual(single.flatMap((sentences) => sentences.flatMap((sentence) => [...sentence])));
  expect(pairs.some(({ label }) => label === 1)).toBe(true);
});

test('shortProbability cuts pairs shorter', () => {
  const lengths = (shortProbability: number) =>
    segmentPairs(documents, { ...options, shortProbability }).map(({ a, b }) => a.length + b.length);
  const mean = (all: number[]) => all.reduce((sum, n) => sum + n, 0) / all.length;
  expect(mean(lengths(1))).toBeLessThan(0.75 * mean(lengths(0)));
  // Without it only the ends of documents (and of what is drawn from them) are short.
  const short = lengths(0).filter((length) => length < 45).length;
  expect(short).toBeLessThan(lengths(0).length / 2);
});

describe('documents that give little', () => {
  test('a single one has no random halves, and loses a last sentence on its own', () => {
    const [document] = documents;
    const pairs = segmentPairs([document!], options);
    expect(pairs.length).toBeGreaterThan(0);
    expect(pairs.every(({ label }) => label === 0)).toBe(true);
    expect(segmentPairs([[Int32Array.of(1, 2)]], options)).toEqual([]);
  });

  test('empty ones and empty sentences count for nothing', () => {
    const empty = new Int32Array(0);
    const few = documents.slice(0, 3);
    const holes = [[], few[0]!, [empty], few[1]!.flatMap((s) => [empty, s]), few[2]!];
    expect(segmentPairs(holes, options)).toEqual(segmentPairs(few, options));
    expect(segmentPairs([[], [empty]], options)).toEqual([]);
    expect(segmentPairs([], options)).toEqual([]);
  });

  test('sentences longer than a pair are cut', () => {
    const long = distinctDocuments([
      { sentences: 3, length: [200, 300] },
      { sentences: 2, length: [200, 300] },
    ]);
    const pairs = segmentPairs(long, options);
    expect(pairs.length).toBeGreaterThan(0);
    for (const { a, b } of pairs) {
      expect(a.length + b.length).toBe(60);
      expect(Math.min(a.length, b.length)).toBe(30);
    }
  });
});

test('senseless options are refused', () => {
  const attempt = (more: object) => () => segmentPairs(documents, { ...options, ...more });
  for (const maxTokens of [1, -5, 2.5, Number.NaN]) {
    expect(attempt({ maxTokens })).toThrow(expect.objectContaining({ code: 'OPTION_RANGE' }));
  }
  expect(attempt({ shortProbability: 2 })).toThrow(expect.objectContaining({ code: 'OPTION_RANGE' }));
  expect(attempt({ maxToken: 9 })).toThrow(expect.objectContaining({ code: 'OPTION_UNKNOWN' }));
});
