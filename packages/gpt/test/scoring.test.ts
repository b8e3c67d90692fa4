import { noGrad, RandomStream, tensor } from '@gerbert/tensor';
import { type CausalModel, packed } from '@gerbert/transformer';
import { describe, expect, test } from 'vitest';
import { choose, GptForCausalLM, gptConfig, type ScoreOptions, scoreText } from '../src/index.js';
import { need, places } from './goldens.js';

const shape = gptConfig({ vocabSize: 23, nPositions: 12, nEmbd: 12, nLayer: 2, nHead: 3, initializerRange: 0.4 });
const random = new RandomStream(12);
const text = Int32Array.from({ length: 41 }, () => random.int(23));

/** −log p of the last token given all before it, each computed by a pass of its own. */
async function surprise(model: GptForCausalLM, tokens: ArrayLike<number>): Promise<number> {
  const [device, length] = [model.device, tokens.length - 1];
  const ids = tensor(Int32Array.from(tokens).subarray(0, length), { dtype: 'i32', device });
  const logits = await noGrad(() => model.logits(model.hidden(ids, packed([length], { device })))).read();
  const last = Array.from(logits.slice(-23));
  const lse = Math.log(last.reduce((sum, z) => sum + Math.exp(z), 0));
  return lse - last[tokens[length]!]!;
}

describe.each(places)('on $device in $dtype', (place) => {
  const { device, dtype } = place;
  // Losses near 5 in the model's precision, 40 of them added up.
  const digits = dtype === 'f64' ? 11 : 3;

  test.for<ScoreOptions>([
    {},
    { window: 12, stride: 12 },
    { window: 12, stride: 5 },
    { window: 7, stride: 3 },
    { window: 1, stride: 1 },
    { from: 17 },
    { from: 40, window: 5 },
    { from: 1, window: 12, stride: 1 },
  ])('a text is scored token by token, each once: %o', async (options, context) => {
    need(place, context);
    const model = GptForCausalLM.fromConfig(shape, { device, dtype, seed: 3 });
    const { window = 12, from = 1 } = options;
    const { stride = Math.max(1, Math.floor(window / 2)) } = options;
    let expected = 0;
    let counted = 0;
    // The first window predicts all it can; each one after it `stride` tokens more, and its last token has a full window before it.
    for (let next = from; next < 41; ) {
      const end = Math.min(41, next === 1 ? 1 + window : next + stride);
      for (const begin = Math.max(0, end - 1 - window); next < end; next++, counted++) {
        expected += await surprise(model, text.subarray(begin, next + 1));
      }
    }
    const { nll, tokens } = await scoreText(model, text, options);
    expect([tokens, counted]).toEqual([41 - from, 41 - from]);
    expect(nll).toBeCloseTo(expected, digits);
  });

  test('the answer with the greatest log-likelihood is chosen', async (context) => {
    need(place, context);
    const model = GptForCausalLM.fromConfig(shape, { device, dtype, seed: 3 });
    const random = new RandomStream(13);
    const questions = Array.from({ length: 12 }, (_, q) => ({
      // Some prompts are longer than the model's positions allow, and lose their beginnings.
      prompt: Array.from({ length: 1 + 2 * q }, () => random.int(23)),
      choices: Array.from({ length: 2 + (q % 3) }, (_, c) =>
        Array.from({ length: 1 + ((c + q) % 2) }, () => random.int(23)),
      ),
    }));
    const expected: number[] = [];
    for (const { prompt, choices } of questions) {
      const scores: number[] = [];
      for (const choice of choices) {
        const context = prompt.slice(-Math.min(prompt.length, 13 - choice.length));
        let sum = 0;
        for (let i = 1; i <= choice.length; i++) sum -= await surprise(model, [...context, ...choice.slice(0, i)]);
        scores.push(sum);
      }
      expected.push(scores.indexOf(Math.max(...scores)));
    }
    expect(await choose(model, questions)).toEqual(expected);
    expect(await choose(model, questions, { batch: 3 })).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(1);
  });
});

describe('refused are', () => {
  const model = GptForCausalLM.fromConfig(shape, { device: 'js' });
  const code = (name: string) => expect.objectContaining({ code: name });

  test.for([
    { window: 13 },
    { window: 0 },
    { stride: 0 },
    { stride: -3 },
    { window: 4, stride: 5 },
    { from: 0 },
    { from: 1.5 },
  ])('windows that make no sense: %o', async (options) => {
    await expect(scoreText(model, text, options)).rejects.toThrow(code('OPTION_RANGE'));
  });

  test('unknown options', async () => {
    await expect(scoreText(model, text, { strid: 3 } as object)).rejects.toThrow("did you mean 'stride'?");
    await expect(choose(model, [], { batches: 3 } as object)).rejects.toThrow("did you mean 'batch'?");
  });

  test('questions without choices, empty choices, and prompts without a token', async () => {
    const ask = (prompt: number[], choices: number[][]) => choose(model, [{ prompt, choices }]);
    await expect(ask([1], [])).rejects.toThrow(code('OPTION_RANGE'));
    await expect(ask([1], [[2], []])).rejects.toThrow(code('OPTION_RANGE'));
    await expect(ask([], [[2], [3]])).rejects.toThrow(code('CONTEXT_LENGTH'));
    await expect(ask([1], [[2], new Array(13).fill(3)])).rejects.toThrow(code('CONTEXT_LENGTH'));
  });
});

test('texts with nothing to score have no likelihood, and equals are decided for the first', async () => {
  const model = GptForCausalLM.fromConfig(shape, { device: 'js' });
  for (const tokens of [0, 1]) {
    expect(await scoreText(model, text.subarray(0, tokens))).toEqual({ nll: 0, tokens: 0 });
  }
  expect(await scoreText(model, text, { from: 50 })).toEqual({ nll: 0, tokens: 0 });
  const same = { prompt: [3], choices: [[4], [4]] };
  expect(await choose(model, [same, same])).toEqual([0, 0]);
  expect(await choose(model, [])).toEqual([]);
});

test('a signal stops both', async () => {
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  const model: CausalModel = GptForCausalLM.fromConfig(shape, { device: 'js' });
  await expect(scoreText(model, text, { signal })).rejects.toBe(reason);
  await expect(choose(model, [{ prompt: [1], choices: [[2]] }], { signal })).rejects.toBe(reason);
});
