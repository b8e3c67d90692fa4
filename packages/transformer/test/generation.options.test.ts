import { device } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { type GenerationOptions, generate, type LogitsProcessor, stream } from '../src/index.js';
import { cycle, logSoftmax, markov, randomRows } from './markov.js';

const tokens = async (...args: Parameters<typeof generate>) => (await generate(...args)).map((each) => each.tokens);
const refused = (code: string) => expect.objectContaining({ code });

describe('greedy search', () => {
  test('takes the most probable token every time, the first of equals', async () => {
    expect(await tokens(cycle(7), [2], { maxNewTokens: 9 })).toEqual([[3, 4, 5, 6, 0, 1, 2, 3, 4]]);
    const flat = markov([
      [1, 5, 5],
      [1, 1, 1],
      [0, 0, 0],
    ]);
    expect(await tokens(flat, [0], { maxNewTokens: 3 })).toEqual([[1, 0, 1]]);
  });

  test('adds up log-probabilities, that of the end too', async () => {
    const rows = randomRows(6, 1);
    const [first] = await generate(markov(rows), [4], { maxNewTokens: 1 });
    const next = first!.tokens[0]!;
    const logs = logSoftmax(rows[4]!);
    expect(logs[next]).toBe(Math.max(...logs));
    expect(first!.logProbability).toBeCloseTo(logs[next]!, 6);
    const [ended] = await generate(markov(rows), [4], { maxNewTokens: 1, endTokens: [next] });
    expect(ended).toEqual({ tokens: [], logProbability: first!.logProbability, ended: true });
  });

  test('adds nothing when nothing is asked for', async () => {
    expect(await generate(cycle(3), [0], { maxNewTokens: 0 })).toEqual([
      { tokens: [], logProbability: 0, ended: false },
    ]);
  });
});

describe('options that act on every kind of search', () => {
  test('endTokens end a sequence and are left out', async () => {
    const [result] = await generate(cycle(9), [0], { maxNewTokens: 8, endTokens: [8, 5] });
    expect(result).toMatchObject({ tokens: [1, 2, 3, 4], ended: true });
    const [open] = await generate(cycle(9), [0], { maxNewTokens: 4, endTokens: [5] });
    expect(open).toMatchObject({ tokens: [1, 2, 3, 4], ended: false });
  });

  test('minNewTokens puts the end off', async () => {
    // After 1, the end (2) is best and 0 next; it may come as the fourth token at the earliest.
    const model = markov([
      [0, 9, 0],
      [5, 0, 9],
      [9, 0, 0],
    ]);
    const options = { maxNewTokens: 9, endTokens: [2] };
    expect(await tokens(model, [0], options)).toEqual([[1]]);
    expect(await tokens(model, [0], { ...options, minNewTokens: 3 })).toEqual([[1, 0, 1]]);
    expect(await tokens(model, [0], { ...options, minNewTokens: 3, beams: 2 })).toEqual([[1, 0, 1]]);
  });

  test('repetitionPenalty turns from what was said, prompt included', async () => {
    const model = markov([
      [4, 3, 1],
      [-1, -2, -2.5],
      [0, 0, 0],
    ]);
    expect(await tokens(model, [0], { maxNewTokens: 1 })).toEqual([[0]]);
    // 4 / 1.5 < 3, so 1 comes; then 0 and 1 both repeat: −1 · 3 < −2.5.
    expect(await tokens(model, [0], { maxNewTokens: 1, repetitionPenalty: 1.5 })).toEqual([[1]]);
    expect(await tokens(model, [0], { maxNewTokens: 2, repetitionPenalty: 3 })).toEqual([[1, 2]]);
    // Below 1 it favours repetition.
    expect(await tokens(model, [1, 0], { maxNewTokens: 1, repetitionPenalty: 0.5 })).toEqual([[0]]);
  });

  test.for([1, 2, 3])('noRepeatNgram: no %i tokens in a row come twice', async (n) => {
    const rows = randomRows(5, 3);
    const count = n === 1 ? 3 : 12;
    const prompt = [0, 1];
    const all = [...prompt, ...(await tokens(markov(rows), prompt, { maxNewTokens: count, noRepeatNgram: n }))[0]!];
    const grams = Array.from({ length: all.length - n + 1 }, (_, i) => all.slice(i, i + n).join());
    expect(new Set(grams).size).toBe(grams.length);
    const free = [...prompt, ...(await tokens(markov(rows), prompt, { maxNewTokens: count }))[0]!];
    expect(all).not.toEqual(free);
  });

  test('processors act in order, after the built-in ones, on all that was said', async () => {
    const seen: { tokens: number[]; first: number; second: number }[] = [];
    let first = 0;
    const processors: LogitsProcessor[] = [
      (logits, _) => {
        logits[4] = 20;
        first = logits[1]!;
      },
      (logits, said) => {
        seen.push({ tokens: [...said], first, second: logits[4]! });
        logits[said.length] = 30;
      },
    ];
    const found = await tokens(cycle(6), [0, 0], { maxNewTokens: 3, processors, endTokens: [1], minNewTokens: 3 });
    expect(found).toEqual([[2, 3, 4]]);
    expect(seen).toEqual([
      { tokens: [0, 0], first: Number.NEGATIVE_INFINITY, second: 20 },
      { tokens: [0, 0, 2], first: Number.NEGATIVE_INFINITY, second: 20 },
      { tokens: [0, 0, 2, 3], first: Number.NEGATIVE_INFINITY, second: 20 },
    ]);
  });

  test.for<Partial<GenerationOptions>>([{}, { sample: true }, { beams: 3 }])(
    'signal stops %o with its reason, and all memory is given back',
    async (options) => {
      const model = cycle(8);
      const { pool } = device('js');
      await generate(model, [0], { maxNewTokens: 2, ...options });
      const before = pool.stats();
      const controller = new AbortController();
      const reason = new Error('enough');
      const processors: LogitsProcessor[] = [(_, said) => said.length === 4 && controller.abort(reason)];
      const { signal } = controller;
      await expect(generate(model, [0], { maxNewTokens: 9, processors, signal, ...options })).rejects.toBe(reason);
      expect(pool.stats().bytes - pool.stats().idleBytes).toBe(before.bytes - before.idleBytes);
      await expect(generate(model, [0], { maxNewTokens: 9, signal, ...options })).rejects.toBe(reason);
    },
  );

  test.for<Partial<GenerationOptions>>([{}, { sample: true }, { beams: 3 }])(
    'other work goes on between the tokens: %o',
    async (options) => {
      let turns = 0;
      let done = false;
      const turn = () => {
        turns += 1;
        if (!done) setImmediate(turn);
      };
      setImmediate(turn);
      await generate(cycle(8), [0], { maxNewTokens: 20, ...options });
      done = true;
      expect(turns).toBeGreaterThanOrEqual(19);
    },
  );
});

describe('stream', () => {
  test('gives the tokens of generate as they come', async () => {
    const model = markov(randomRows(9, 5));
    for (const options of [
      { maxNewTokens: 12, endTokens: [3] },
      { maxNewTokens: 12, endTokens: [3], sample: true, seed: 4 },
    ]) {
      const streamed: number[] = [];
      for await (const token of stream(model, [1], options)) streamed.push(token);
      expect([streamed]).toEqual(await tokens(model, [1], options));
    }
  });

  test('gives its memory back when it is left', async () => {
    const model = cycle(5);
    const { pool } = device('js');
    for await (const _ of stream(model, [0], { maxNewTokens: 3 })) break;
    const before = pool.stats();
    for await (const _ of stream(model, [0], { maxNewTokens: 3 })) break;
    expect(pool.stats()).toEqual(before);
  });

  test.for([{ beams: 2 }, { sample: true, sequences: 2 }])('follows one sequence, not %o', async (options) => {
    const tokens = stream(cycle(5), [0], { maxNewTokens: 3, ...options });
    await expect(tokens.next()).rejects.toThrow(refused('OPTION_CONFLICT'));
  });
});

describe('what could have no effect or no sense is refused', () => {
  const attempt = (options: object) => generate(cycle(5), [0], { maxNewTokens: 3, ...options });

  test('unknown options, with the nearest known one', async () => {
    await expect(attempt({ topk: 3 })).rejects.toThrow(refused('OPTION_UNKNOWN'));
    await expect(attempt({ topk: 3 })).rejects.toThrow("'topk'; did you mean 'topK'?");
    await expect(attempt({ maxTokens: 3 })).rejects.toThrow("did you mean 'maxNewTokens'?");
  });

  test.for([
    { temperature: 0.5 },
    { topK: 5 },
    { topP: 0.5 },
    { minP: 0.1 },
    { seed: 1 },
    { sequences: 2 },
    { sequences: 3, beams: 2 },
    { sample: true, beams: 2 },
    { lengthPenalty: 2 },
    { sample: true, lengthPenalty: 2 },
    { minNewTokens: 2 },
    { minNewTokens: 4, endTokens: [0] },
  ])('conflict: %o', async (options) => {
    await expect(attempt(options)).rejects.toThrow(refused('OPTION_CONFLICT'));
  });

  test.for([
    { maxNewTokens: -1 },
    { maxNewTokens: 1.5 },
    { maxNewTokens: undefined },
    { minNewTokens: -1, endTokens: [0] },
    { endTokens: [0.5] },
    { endTokens: [5] },
    { beams: 0 },
    { beams: 2, lengthPenalty: Number.NaN },
    { sample: true, sequences: 0 },
    { sample: true, temperature: 0 },
    { sample: true, temperature: Number.POSITIVE_INFINITY },
    { sample: true, topK: -1 },
    { sample: true, topP: 0 },
    { sample: true, topP: 1.1 },
    { sample: true, minP: 2 },
    { sample: true, seed: -1 },
    { repetitionPenalty: 0 },
    { noRepeatNgram: -2 },
  ])('out of range: %o', async (options) => {
    await expect(attempt(options)).rejects.toThrow(refused('OPTION_RANGE'));
  });

  test('undefined is the same as nothing', async () => {
    const options = { topK: undefined, seed: undefined, beams: undefined, signal: undefined, endTokens: undefined };
    expect(await attempt(options)).toEqual(await attempt({}));
  });

  test('prompts that are empty or too long', async () => {
    await expect(generate(cycle(5), [], { maxNewTokens: 3 })).rejects.toThrow(refused('OPTION_RANGE'));
    const prompt = new Array(60).fill(0);
    await expect(generate(cycle(5), prompt, { maxNewTokens: 5 })).rejects.toThrow(refused('CONTEXT_LENGTH'));
    expect((await tokens(cycle(5), prompt, { maxNewTokens: 4 }))[0]).toHaveLength(4);
  });

  test.for([{}, { sample: true }, { beams: 2 }])('having no token to go on with: %o', async (options) => {
    const forbidden = { ...options, noRepeatNgram: 1 };
    await expect(generate(cycle(3), [0], { maxNewTokens: 3, ...forbidden })).rejects.toThrow(refused('NO_TOKEN'));
    expect((await tokens(cycle(3), [0], { maxNewTokens: 2, ...forbidden }))[0]!.toSorted()).toEqual([1, 2]);
    const broken = markov([
      [0, Number.NaN],
      [0, 0],
    ]);
    await expect(generate(broken, [0], { maxNewTokens: 3, ...options })).rejects.toThrow(refused('NO_TOKEN'));
  });
});
