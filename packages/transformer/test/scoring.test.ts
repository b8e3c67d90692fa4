import { noGrad, tensor } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { logLikelihoods, packed, type Scored } from '../src/index.js';
import { cycle, logSoftmax, markov, randomRows } from './markov.js';
import { need, placement, places } from './places.js';
import { TinyModel } from './tiny-models.js';

const texts: Scored[] = [
  { tokens: [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], from: 1 },
  { tokens: [7], from: 1 },
  { tokens: [2, 7, 1, 8, 2, 8], from: 4 },
  { tokens: Int32Array.of(1, 18, 11, 0), from: 3 },
  { tokens: [4, 4, 4], from: 3 },
];

describe.each(places)('on $device in $dtype', (place) => {
  test('log-likelihoods are sums of the log-softmax, whatever the batches', async (context) => {
    need(place, context);
    const { device } = place;
    const model = new TinyModel({ kind: 'pre-norm' }, placement(place));
    const expected: number[] = [];
    for (const { tokens, from } of texts) {
      const ids = tensor(Int32Array.from(tokens), { dtype: 'i32', device });
      const at = packed([tokens.length], { device });
      const logits = Array.from(await noGrad(() => model.logits(model.hidden(ids, at))).read());
      let sum = 0;
      for (let t = from; t < tokens.length; t++) sum += logSoftmax(logits.slice((t - 1) * 19, t * 19))[tokens[t]!]!;
      expected.push(sum);
    }
    const found = await logLikelihoods(model, texts);
    // A loss is a difference of two numbers near 10 in the model's precision.
    const digits = place.dtype === 'f64' ? 12 : 4;
    for (const [i, log] of found.entries()) expect(log, `text ${i}`).toBeCloseTo(expected[i]!, digits);
    for (const batch of [1, 2, 5]) expect(await logLikelihoods(model, texts, { batch })).toEqual(found);
  });
});

test('nothing to score is 0, and nothing is nothing', async () => {
  const model = markov(randomRows(5, 2));
  expect(await logLikelihoods(model, [{ tokens: [4, 4], from: 2 }])).toEqual([0]);
  expect(await logLikelihoods(model, [])).toEqual([]);
});

test('what cannot be scored is refused', async () => {
  const model = cycle(5);
  const text = { tokens: [0, 1, 2], from: 1 };
  const refused = (code: string) => expect.objectContaining({ code });
  const long = { tokens: new Array(66).fill(0), from: 1 };
  await expect(logLikelihoods(model, [text, long])).rejects.toThrow(refused('CONTEXT_LENGTH'));
  expect(await logLikelihoods(model, [{ ...long, tokens: long.tokens.slice(1) }])).toHaveLength(1);
  for (const from of [0, -1, Number.NaN]) {
    await expect(logLikelihoods(model, [{ ...text, from }])).rejects.toThrow(refused('CONTEXT_LENGTH'));
  }
  await expect(logLikelihoods(model, [{ tokens: [], from: 1 }])).rejects.toThrow(refused('OPTION_RANGE'));
  for (const batch of [0, -1, 1.5]) {
    await expect(logLikelihoods(model, [text], { batch })).rejects.toThrow(refused('OPTION_RANGE'));
  }
  await expect(logLikelihoods(model, [text], { batchSize: 3 } as object)).rejects.toThrow(refused('OPTION_UNKNOWN'));
});

test('a signal stops between batches', async () => {
  const model = cycle(5);
  const controller = new AbortController();
  const text = { tokens: [0, 1, 2], from: 1 };
  const reason = new Error('enough');
  setImmediate(() => controller.abort(reason));
  const scoring = logLikelihoods(model, new Array(100).fill(text), { batch: 1, signal: controller.signal });
  await expect(scoring).rejects.toBe(reason);
  expect(model.forwards).toBeLessThan(100);
});
