import { describe, expect, it } from 'vitest';
import { chooseKneserNey, trainKneserNey } from '../../src/baselines/index.js';
import { numbers, stream } from './streams.js';
import { fraction, plus, Textbook, toNumber } from './textbook.js';

const vocabSize = 60;
const tokens = stream(900, vocabSize, 2);

describe('trainKneserNey', () => {
  it.each([1, 2, 3, 4])('of order %i is the textbook definition in rational arithmetic', async (order) => {
    const model = await trainKneserNey(tokens, { order, vocabSize });
    const textbook = new Textbook([...tokens], order, vocabSize);
    // The comparison is of the formula for the discounts, not of the stand-ins.
    expect(model.discounts.map((discount) => discount.fixed)).toEqual(Array(order).fill(false));
    const next = numbers(3);
    for (let trial = 0; trial < 60; trial++) {
      const at = Math.floor(next() * (tokens.length - order));
      // Contexts of the text, and such as it does not hold.
      const context =
        trial % 2
          ? [...tokens.slice(at, at + order - 1)]
          : Array.from({ length: order - 1 }, () => Math.floor(next() * vocabSize));
      const word = Math.floor(next() * vocabSize);
      const expected = Math.log(toNumber(textbook.prob(context, word)));
      expect(Math.abs(model.logProb(context, word) - expected)).toBeLessThan(1e-12);
    }
  });

  it('agrees with a calculation by hand', async () => {
    // a b a c: one occurrence of ab, ba, ac; the fixed discounts, for no bigram occurs twice.
    const model = await trainKneserNey(Int32Array.of(0, 1, 0, 2), { order: 2, vocabSize: 4 });
    // Words before a: the start and b, so 2; before b and before c: 1 each. p(b) = (1 − ½)/4 + (1 + ½ + ½)/4 · ¼ = ¼.
    expect(model.logProb([], 1)).toBeCloseTo(Math.log(1 / 4), 12);
    // p(b | a) = (1 − ½)/2 + (½ + ½)/2 · ¼ = ⅜.
    expect(model.logProb([0], 1)).toBeCloseTo(Math.log(3 / 8), 12);
    expect(model.discounts.every((discount) => discount.fixed)).toBe(true);
    expect(model.grams).toEqual([3, 3]);
  });

  it('sums to 1 over the vocabulary after every kind of context', async () => {
    const long = stream(5000, 60, 11);
    for (const order of [1, 2, 3, 5, 6]) {
      const model = await trainKneserNey(long, { order, vocabSize: 64 });
      const contexts = [
        [],
        [63],
        [long[4999]],
        [...long.slice(4990)],
        [...long.slice(0, 3)],
        [63, ...long.slice(40, 43)],
      ];
      for (let i = 0; i < 40; i++) contexts.push([...long.slice(i * 100, i * 100 + order - 1)]);
      for (const context of contexts) {
        let sum = 0;
        for (let word = 0; word < 64; word++) sum += Math.exp(model.logProb(context, word));
        expect(Math.abs(sum - 1)).toBeLessThan(1e-9);
      }
    }
  });

  it('gives never-seen tokens a share, and one token is enough to train on', async () => {
    const model = await trainKneserNey(Int32Array.of(1), { order: 3, vocabSize: 2 });
    expect(Math.exp(model.logProb([0, 1], 0)) + Math.exp(model.logProb([0, 1], 1))).toBeCloseTo(1, 12);
    expect(model.logProb([], 0)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
  });

  it('scores a text as the sum of its tokens, contexts crossing documents', async () => {
    const end = 0;
    const train = Int32Array.from([...stream(300, vocabSize, 5), end, ...stream(300, vocabSize, 6), end]);
    const model = await trainKneserNey(train, { order: 3, vocabSize });
    const text = Int32Array.of(4, 2, end, 3, 1, end);
    const sum = (from: number) =>
      [...text.keys()].slice(from).reduce((nll, i) => nll - model.logProb(text.slice(0, i), text[i]), 0);
    expect((await model.score(text)).nll).toBeCloseTo(sum(0), 10);
    expect(await model.score(text, { from: 3 })).toEqual({ nll: expect.closeTo(sum(3), 10), tokens: 3 });
    // The token after `end` is judged by what stood before `end`, too.
    expect(model.logProb([7, end], 3)).not.toBe(model.logProb([1, end], 3));
  });

  it('says what is wrong with its arguments', async () => {
    const code = (code: string) => expect.objectContaining({ code });
    await expect(trainKneserNey(Int32Array.of(1, 9), { order: 2, vocabSize: 4 })).rejects.toEqual(
      code('BASELINE_TOKEN_OUT_OF_RANGE'),
    );
    await expect(trainKneserNey(Int32Array.of(), { order: 2, vocabSize: 4 })).rejects.toEqual(
      code('BASELINE_ARGUMENT_INVALID'),
    );
    await expect(trainKneserNey(tokens, { order: 0, vocabSize })).rejects.toEqual(code('BASELINE_ARGUMENT_INVALID'));
    await expect(trainKneserNey(tokens, { ordre: 2, vocabSize } as never)).rejects.toThrow('did you mean "order"');
    const model = await trainKneserNey(tokens, { order: 2, vocabSize });
    expect(() => model.logProb([99], 1)).toThrow('context[0] is 99');
    await expect(model.score(tokens, { from: 1000 })).rejects.toEqual(code('BASELINE_ARGUMENT_INVALID'));
  });

  it('lets the event loop run, and stops when told to', async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(
      trainKneserNey(stream(2_000_000, 500, 1), { order: 5, vocabSize: 500, signal: controller.signal }),
    ).rejects.toThrow('enough');
  });
});

describe('chooseKneserNey', () => {
  it('keeps the order that validates best, and every model it tries is the one trained alone', async () => {
    const train = stream(4000, 20, 21);
    const validation = stream(1000, 20, 22);
    const { model, tried } = await chooseKneserNey(train, validation, { orders: [1, 2, 3, 5], vocabSize: 20, from: 1 });
    expect(tried.map(({ order }) => order)).toEqual([1, 2, 3, 5]);
    for (const { order, nll } of tried) {
      const alone = await trainKneserNey(train, { order, vocabSize: 20 });
      expect((await alone.score(validation, { from: 1 })).nll).toBe(nll);
    }
    const least = Math.min(...tried.map(({ nll }) => nll));
    expect((await model.score(validation, { from: 1 })).nll).toBe(least);
    // Each token of this stream leans on one token before it: two words are the right order.
    expect(model.order).toBe(2);
  });
});

describe('the textbook', () => {
  it('sums to exactly 1', () => {
    const textbook = new Textbook([...tokens], 3, vocabSize);
    const sum = Array.from({ length: vocabSize }, (_, word) => textbook.prob([1, 0], word)).reduce(plus, fraction(0));
    expect(sum).toEqual({ n: 1n, d: 1n });
  });
});
