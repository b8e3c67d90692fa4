import { noGrad, tensor } from '@gerbert/tensor';
import { packed } from '@gerbert/transformer';
import { describe, expect, test } from 'vitest';
import { GptForCausalLM, gptConfig } from '../src/index.js';
import { need, places } from './goldens.js';

const config = gptConfig({ vocabSize: 61, nPositions: 16, nEmbd: 24, nLayer: 2, nHead: 3, initializerRange: 0.2 });
const ids = Int32Array.from({ length: 11 }, (_, i) => (7 * i) % 61);

async function logits(model: GptForCausalLM) {
  const { device } = model;
  const at = packed([ids.length], { device });
  return noGrad(() => model.logits(model.hidden(tensor(ids, { dtype: 'i32', device }), at))).read();
}

describe.each(places)('a model with packed weights on $device in $dtype', (place) => {
  const { device, dtype } = place;

  test('gives the same logits to the bit', async (context) => {
    need(place, context);
    const model = GptForCausalLM.fromConfig(config, { device, dtype, seed: 5 });
    const plain = await logits(model);
    expect(await logits(model.pack())).toEqual(plain);
    model.dispose();
  });

  test.for(['bf16', 'int8'] as const)('gives nearly the same in %s', async (precision, context) => {
    need(place, context);
    const model = GptForCausalLM.fromConfig(config, { device, dtype, seed: 5 });
    const plain = await logits(model);
    const rounded = await logits(model.pack({ precision }));
    expect(rounded).not.toEqual(plain);
    // Factors are off by 2⁻⁹ of themselves or of the greatest beside them, more or less at random, in nine layers one after the other.
    const spread = Math.max(...plain.map(Math.abs));
    for (const [i, logit] of rounded.entries()) expect(Math.abs(logit - plain[i]!)).toBeLessThan(spread / 10);
    model.dispose();
  });

  test('is not saved', async (context) => {
    need(place, context);
    const model = GptForCausalLM.fromConfig(config, { device, dtype, seed: 5 }).pack();
    await expect(model.savePretrained('/nowhere')).rejects.toMatchObject({ code: 'MODEL_PACKED' });
  });
});
