import { describe, expect, test } from 'vitest';
import { type JsonObject, type TokenizerTrainingOptions, trainTokenizer } from '../src/index.js';
import { golden } from './goldens.js';

interface Case {
  model: TokenizerTrainingOptions['model'];
  normalizer: JsonObject | null;
  preTokenizer: JsonObject | null;
  options: object;
  vocab: [token: string, idOrScore: number][];
  merges?: [string, string][];
  unkId?: number | null;
}

const { text } = golden<{ text: string }>('training');
const { cases } = golden<{ cases: Case[] }>('training-options');
const lines = text.split(/(?<=\n)/);

async function trained({ model, normalizer, preTokenizer, options }: Case): Promise<JsonObject> {
  const given = { model, normalizer, preTokenizer, ...options } as TokenizerTrainingOptions;
  return (await trainTokenizer(lines, given)).toJSON().model as JsonObject;
}

const named = (kind: (model: string) => boolean) =>
  cases.filter(({ model }) => kind(model)).map((c) => [c.model, JSON.stringify(c.options).slice(0, 90), c] as const);

describe('the options of the Rust library do what they do there', () => {
  test.each(named((model) => model !== 'unigram'))('%s %s', async (_model, _options, c) => {
    const model = await trained(c);
    expect(Object.entries(model.vocab as object).sort(([, a], [, b]) => a - b)).toEqual(c.vocab);
    expect(model.merges ?? []).toEqual(c.merges);
  });

  test.each(named((model) => model === 'unigram'))('%s %s', async (_model, _options, c) => {
    const model = await trained(c);
    const scores = new Map(model.vocab as [string, number][]);
    expect([...scores.keys()].sort()).toEqual(c.vocab.map(([token]) => token).sort());
    // What a character without a piece gets differs by up to a thousandth; rounding adds half a hundredth.
    for (const [token, score] of c.vocab) expect(Math.abs(scores.get(token)! - score)).toBeLessThan(0.0062);
    expect(model.unk_id).toBe(c.unkId);
  });
});
