import { add, scope, seeded } from '@gerbert/tensor';
import { expect, test } from 'vitest';
import { BertForPreTraining, bertConfig, PretrainingData } from '../src/index.js';
import { distinctDocuments, pretrainingOptions } from './documents.js';

const config = bertConfig({
  vocabSize: 700,
  hiddenSize: 16,
  numHiddenLayers: 3,
  numAttentionHeads: 2,
  maxPositionEmbeddings: 32,
});
const documents = distinctDocuments(Array.from({ length: 9 }, () => ({ sentences: 12, length: [2, 6] })));
const data = new PretrainingData(documents, pretrainingOptions(config.vocabSize));

/** The losses and all gradients of a batch, with dropout. */
function differentiate(model: BertForPreTraining): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  scope(() =>
    seeded({ seed: 2, step: 3 }, () => {
      const losses = model.loss(data.batch(0));
      for (const [name, loss] of Object.entries(losses)) found[name] = Array.from(loss.readSync());
      add(losses.mlm, losses.nsp).backward();
    }),
  );
  for (const [name, parameter] of model.parameters()) {
    found[name] = Array.from(parameter.grad!.readSync());
    parameter.grad!.dispose();
    parameter.grad = null;
  }
  return found;
}

test('checkpointing changes no bit of the losses and gradients', () => {
  const model = BertForPreTraining.fromConfig(config, { seed: 1 }).train();
  const plain = differentiate(model);
  model.gradientCheckpointing = true;
  expect(model.bert.gradientCheckpointing).toBe(true);
  const layer = model.bert.layers[1]!;
  let runs = 0;
  const forward = layer.forward.bind(layer);
  layer.forward = (...all) => {
    runs += 1;
    return forward(...all);
  };
  expect(differentiate(model)).toEqual(plain);
  expect(runs).toBe(2);
});
