import { type Device, device, devices, Pool, scope, seeded } from '@gerbert/tensor';
import { expect, test } from 'vitest';
import { CausalData, GptForCausalLM, gptConfig } from '../src/index.js';
import { TestAdamW } from './adamw.js';

// N rows, C width

const size = { vocabSize: 50, nPositions: 32, nEmbd: 32, nLayer: 8, nHead: 4, bosTokenId: 0, eosTokenId: 0 };
const text = Int32Array.from({ length: 2000 }, (_, i) => (i * i) % 50);
const data = new CausalData(text, { length: 32, batchSize: 8, seed: 1 });
const setting = { lr: 1e-3, betas: [0.9, 0.999] as [number, number], eps: 1e-8, weight_decay: 0.1, max_norm: 1 };

/** Losses of some steps with dropout, the weights after them, and the most memory that a step took beside what lasts, in arrays of [N, C]. */
async function train(at: Device, checkpointing: boolean) {
  const own: Device = { ...at, pool: new Pool(at.backend) };
  const model = GptForCausalLM.fromConfig(gptConfig(size), { device: own, dtype: 'f32', seed: 1 });
  expect(model.gradientCheckpointing).toBe(false);
  model.gradientCheckpointing = checkpointing;
  expect(model.transformer.gradientCheckpointing).toBe(checkpointing);
  model.train();
  const optimizer = new TestAdamW(model, setting);
  const losses: number[] = [];
  for (let step = 0; step < 3; step++) {
    const batch = data.batch(step);
    const loss = scope(() =>
      seeded({ seed: 5, step }, () => {
        const { lm } = model.loss(batch);
        lm.backward(1 / batch.counts.lm);
        return lm.detach();
      }),
    );
    losses.push(await loss.item());
    await optimizer.step();
  }
  const weights: Record<string, number[]> = {};
  for (const [name, parameter] of model.parameters()) weights[name] = Array.from(await parameter.read());
  // What lasts is the same on both ways: weights, gradients, moments.
  const lasting = 4 * 4 * model.parameterCount();
  return { losses, weights, arrays: (own.pool.stats().bytes - lasting) / (4 * data.batch(0).tokens * size.nEmbd) };
}

test.for(['js', 'cpu'] as const)('checkpointing saves memory and changes no bit, on %s', async (name, context) => {
  const report = devices().find((each) => each.name === name)!;
  // The addon is optional: without a compiler only plain JavaScript computes.
  if (!report.available) return context.skip(report.reason);
  const plain = await train(device(name), false);
  const checkpointed = await train(device(name), true);
  expect(checkpointed.losses).toEqual(plain.losses);
  expect(checkpointed.weights).toEqual(plain.weights);
  // Of each block backward reads both normalisations, queries, keys and values, the heads, and the feed-forward layer's argument and result.
  const inside = 1 + 3 + 1 + 1 + 4 + 4;
  expect(plain.arrays).toBeGreaterThan(size.nLayer * inside);
  // The insides of one block are left, and while it is differentiated no more gradients than these.
  expect(checkpointed.arrays).toBeLessThan(plain.arrays - (size.nLayer - 2) * inside);
});
