import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BertForPreTraining } from '@gerbert/bert';
import { GptForCausalLM } from '@gerbert/gpt';
import { devices } from '@gerbert/tensor';
import { loadTokenizer } from '@gerbert/tokenizer/node';
import { generate } from '@gerbert/transformer';
import { afterAll, beforeAll, beforeEach, describe, expect, type TestContext, test } from 'vitest';
import { type DemoOptions, type DemoResult, runDemo } from '../../src/demo/index.js';

const cpu = devices().find(({ name }) => name === 'cpu')!;
const silent = { phase() {}, note() {}, start() {}, step() {}, stop() {} };

async function demo(out: string, different: Partial<DemoOptions>): Promise<DemoResult> {
  return runDemo({
    corpus: ['tales'],
    lang: 'en',
    seed: 1,
    out,
    quick: true,
    signal: new AbortController().signal,
    progress: silent,
    ...different,
  });
}

// In pure JavaScript three quick demos would take minutes; the parts are tested on both devices elsewhere.
const needsCpu = ({ skip }: TestContext) => {
  if (!cpu.available) skip(`the demo's tests take minutes without the cpu device: ${cpu.reason}`);
};

describe('the quick demo', () => {
  beforeEach(needsCpu);
  let directory: string;
  let one: DemoResult;
  let two: DemoResult;
  let unlearned: DemoResult;

  beforeAll(async () => {
    if (!cpu.available) return;
    directory = await mkdtemp(join(tmpdir(), 'gerbert-demo-'));
    one = await demo(join(directory, 'one'), { seed: 1 });
    two = await demo(join(directory, 'two'), { seed: 2 });
    unlearned = await demo(join(directory, 'unlearned'), { learning: false });
  }, 600_000);
  afterAll(() => directory && rm(directory, { recursive: true, force: true }));

  test('learns: every held-out figure is better after than before, and better than guessing', () => {
    for (const { bert, gpt, baselines } of [one, two]) {
      expect(bert.after.mlmAccuracy).toBeGreaterThan(bert.before.mlmAccuracy);
      expect(bert.after.mlmAccuracy).toBeGreaterThan(bert.majority.mlmAccuracy);
      expect(gpt.after.perplexity).toBeLessThan(gpt.before.perplexity / 4);
      expect(gpt.after.perplexity).toBeLessThan(baselines.unigram.perplexity / 2);
      expect(baselines.kneserNey.perplexity).toBeLessThan(baselines.unigram.perplexity);
      expect(baselines.nnlm.perplexity).toBeLessThan(baselines.unigram.perplexity);
      expect(baselines.unigram.perplexity).toBeLessThan(baselines.uniform.perplexity);
    }
  });

  test('another seed moves every measured figure', () => {
    expect(two.bert.losses).not.toEqual(one.bert.losses);
    expect(two.gpt.losses).not.toEqual(one.gpt.losses);
    expect(two.bert.after.mlmAccuracy).not.toBe(one.bert.after.mlmAccuracy);
    expect(two.gpt.after.perplexity).not.toBe(one.gpt.after.perplexity);
    for (const name of ['unigram', 'kneserNey', 'nnlm'] as const) {
      expect(two.baselines[name].perplexity, name).not.toBe(one.baselines[name].perplexity);
    }
    const accuracies = ({ finetune, prompting }: DemoResult) => [
      ...finetune.bertPretrained,
      ...finetune.bertScratch,
      ...finetune.gptPretrained,
      prompting.zeroShot,
      prompting.fewShot,
    ];
    expect(accuracies(two)).not.toEqual(accuracies(one));
    expect(two.samples).not.toEqual(one.samples);
  });

  test('with learning switched off every gain vanishes', () => {
    const { bert, gpt, baselines, finetune } = unlearned;
    expect(bert.after).toEqual(bert.before);
    expect(gpt.after).toEqual(gpt.before);
    // Weights of size 0.02 guess all but uniformly.
    expect(gpt.after.perplexity).toBeGreaterThan(0.8 * baselines.uniform.perplexity);
    expect(baselines.nnlm.perplexity).toBeGreaterThan(0.5 * baselines.uniform.perplexity);
    // Two sizes, the same untrained weights each time.
    expect(new Set(finetune.bertScratch).size).toBe(1);
    expect(new Set(finetune.bertPretrained).size).toBe(1);
  });

  test('writes directories that load again, and the report', async () => {
    const out = join(directory, 'one');
    expect((await readdir(out)).sort()).toEqual(['bert', 'gpt', 'report.html']);
    expect(one.files).toEqual({ bert: join(out, 'bert'), gpt: join(out, 'gpt'), report: join(out, 'report.html') });
    const files = [
      'config.json',
      'model.safetensors',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ];
    expect((await readdir(one.files.bert!)).sort()).toEqual(files);
    expect((await readdir(one.files.gpt!)).sort()).toEqual([...files, 'generation_config.json'].sort());

    const bert = await BertForPreTraining.fromPretrained(one.files.bert!);
    expect(bert.parameterCount()).toBe(one.bert.parameters);
    const gpt = await GptForCausalLM.fromPretrained(one.files.gpt!);
    const tokenizer = await loadTokenizer(one.files.gpt!);
    const [{ prompt, greedy }] = one.samples.continuations as [DemoResult['samples']['continuations'][number]];
    const end = tokenizer.tokenToId('<|endoftext|>')!;
    const ids = [end, ...tokenizer.encodeIds(prompt)];
    const [again] = await generate(gpt, ids, { maxNewTokens: 40, endTokens: [end] });
    expect(tokenizer.decode(again!.tokens)).toBe(greedy);
    expect(await readFile(one.files.report!, 'utf8')).toContain('</html>');
  });

  test('an abort leaves nothing behind', async () => {
    const out = join(directory, 'aborted');
    const controller = new AbortController();
    const progress = { ...silent, step: (done: number) => done === 3 && controller.abort(new Error('enough')) };
    await expect(demo(out, { signal: controller.signal, progress })).rejects.toThrow('enough');
    await expect(readdir(out)).rejects.toThrow();
  });
});
