import { BertForPreTraining, bertConfig, PretrainingData } from '@gerbert/bert';
import { CausalData, GptForCausalLM, gptConfig } from '@gerbert/gpt';
import { devices, type Placement, RandomStream } from '@gerbert/tensor';
import { adamw, type Batch, type BatchSource, linearSchedule, type Trainable, Trainer } from '@gerbert/trainer';
import { expect, test } from 'vitest';

const steps = 20;
const vocabSize = 64;
const cpu = devices().find(({ name }) => name === 'cpu')!;

async function lossesOf<B extends Batch>(model: Trainable<B>, data: BatchSource<B>): Promise<number[]> {
  const schedule = linearSchedule({ warmup: 5, steps: 1000 });
  const trainer = new Trainer(model, { data, optimizer: adamw(model, { lr: 1e-3 }), schedule, steps, seed: 3 });
  const losses: number[] = [];
  for await (const { loss } of trainer.run()) losses.push(loss);
  model.dispose();
  return losses;
}

/** Sentences that repeat a few words, so that there is something to learn in twenty steps. */
function documents(): Int32Array[][] {
  const random = new RandomStream(5);
  const word = () => 5 + random.int(random.next() < 0.7 ? 6 : vocabSize - 5);
  const sentence = () => Int32Array.from({ length: 7 }, word);
  return Array.from({ length: 8 }, () => Array.from({ length: 6 }, sentence));
}

function bertLosses(placement: Placement): Promise<number[]> {
  const config = bertConfig({
    vocabSize,
    hiddenSize: 24,
    numHiddenLayers: 2,
    numAttentionHeads: 2,
    maxPositionEmbeddings: 32,
  });
  const data = new PretrainingData(documents(), {
    vocabSize,
    maskToken: 4,
    clsToken: 2,
    sepToken: 3,
    specialTokens: new Set([0, 1, 2, 3, 4]),
    maxLength: 32,
    batchSize: 4,
    seed: 1,
  });
  return lossesOf(BertForPreTraining.fromConfig(config, { ...placement, seed: 1 }), data);
}

function gptLosses(placement: Placement): Promise<number[]> {
  const config = gptConfig({ vocabSize, nEmbd: 24, nLayer: 2, nHead: 2, nPositions: 32 });
  const tokens = Int32Array.from(documents().flatMap((document) => document.flatMap((sentence) => [...sentence])));
  const data = new CausalData(tokens, { length: 32, batchSize: 4, seed: 1 });
  return lossesOf(GptForCausalLM.fromConfig(config, { ...placement, seed: 1 }), data);
}

// Both models train with dropout on, so the masks must agree as well: one different mask moves a loss by far more than rounding does.
for (const [name, losses] of [
  ['BERT', bertLosses],
  ['GPT', gptLosses],
] as const) {
  test(`${name}: js and cpu give the same first ${steps} losses`, async (ctx) => {
    if (!cpu.available) ctx.skip(`no cpu device: ${cpu.reason}`);
    const double = await losses({ device: 'js', dtype: 'f64' });
    const js = await losses({ device: 'js' });
    const native = await losses({ device: 'cpu' });
    // How far rounding to f32 moves this training is measured against f64 on the reference backend. The addon sums in another order, so it may
    // stand as far on the other side; four times that distance, and at least one rounding of the loss itself a step.
    const rounding = Math.max(...js.map((loss, i) => Math.abs(loss - double[i]!)));
    const bound = 4 * rounding + steps * 2 ** -23 * js[0]!;
    for (const [i, loss] of native.entries()) expect(Math.abs(loss - js[i]!), `step ${i + 1}`).toBeLessThan(bound);
    expect(bound).toBeLessThan(1e-2);
    expect(Math.abs(js[steps - 1]! - js[0]!)).toBeGreaterThan(10 * bound);
  });
}

test('the same seed gives the same losses on a device', async () => {
  const first = await gptLosses({ device: 'js' });
  expect(await gptLosses({ device: 'js' })).toEqual(first);
});
