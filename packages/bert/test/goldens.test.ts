import { add, affine, type DType, noGrad, scope, type Tensor } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import {
  BertForPreTraining,
  BertForSequenceClassification,
  type BertInput,
  type ClassificationBatch,
  classificationBatch,
  type PretrainingBatch,
  pack,
  toDevice,
} from '../src/index.js';
import { TestAdamW } from './adamw.js';
import {
  type Comparison,
  expectClose,
  Golden,
  goldenDirectory,
  gradients,
  largest,
  need,
  type Place,
  places,
} from './goldens.js';

/** Roundings on the way through one layer: the sums over width (thrice), head, keys, inner width and, twice, of a normalisation. */
const termsPerLayer = 3 * 24 + 6 + 13 + 40 + 2 * 24;
const forwardTerms = 3 * termsPerLayer + 2 * 24;
/** Backward passes the same sums again, and sums over all rows of the batch. */
const backwardTerms = 2 * forwardTerms + 39;

function input(golden: Golden): BertInput {
  const types = golden.sequences('token_type_ids');
  return pack(golden.sequences('input_ids').map((ids, b) => ({ ids, typeIds: types[b]! })));
}

function pretrainingBatch(golden: Golden): PretrainingBatch {
  const labels = golden.sequences('labels').flat();
  const rows = [...labels.keys()].filter((row) => labels[row] !== -100);
  const nextLabels = Int32Array.from(golden.values('next_sentence_label'));
  const packed = input(golden);
  return {
    ...packed,
    maskedRows: Int32Array.from(rows),
    maskedLabels: Int32Array.from(rows, (row) => labels[row]!),
    nextLabels,
    tokens: packed.ids.length,
    counts: { mlm: rows.length, nsp: nextLabels.length },
  };
}

function labelledBatch(golden: Golden): ClassificationBatch {
  const types = golden.sequences('token_type_ids');
  const labels = golden.values('labels');
  const examples = golden.sequences('input_ids').map((ids, b) => ({ ids, typeIds: types[b]!, label: labels[b]! }));
  return classificationBatch(examples);
}

/** The mean of every part, summed, as the trainer makes it. */
function objective(sums: Record<string, Tensor>, counts: Record<string, number>): Tensor {
  return Object.entries(sums)
    .map(([name, sum]) => affine(sum, 1 / counts[name]!))
    .reduce((a, b) => add(a, b));
}

type Head = BertForPreTraining | BertForSequenceClassification;

async function expectHiddenStates(model: Head, golden: Golden, compare: Comparison): Promise<void> {
  const states = noGrad(() => {
    const encoded = toDevice(input(golden), model.device);
    let x = model.bert.embeddings.forward(encoded);
    const all = [x];
    for (const layer of model.bert.layers) {
      x = layer.forward(x, encoded.at);
      all.push(x);
    }
    return [...all, model.bert.forward(encoded)];
  });
  const last = states.pop()!;
  expect(states.length).toBe(golden.names('hidden.').length);
  for (const [layer, state] of states.entries()) {
    expectClose(await state.read(), golden.values(`hidden.${layer}`), compare, `hidden state ${layer}`);
  }
  expect(await last.read()).toEqual(await states.at(-1)!.read());
}

async function expectAttention(model: Head, golden: Golden, compare: Comparison): Promise<void> {
  const maps = noGrad(() => model.bert.attentionMaps(toDevice(input(golden), model.device)));
  expect(maps.length).toBe(golden.names('attention.').length);
  for (const [layer, map] of maps.entries()) {
    expectClose(await map.read(), golden.values(`attention.${layer}`), compare, `attention map ${layer}`);
  }
}

async function expectGradients(model: Head, golden: Golden, loss: () => Tensor, dtype: DType): Promise<void> {
  const value = scope(() => {
    const total = loss();
    total.backward();
    return total.detach();
  });
  expectClose([await value.item()], golden.values('loss'), { dtype, terms: forwardTerms }, 'loss');
  const ours = await gradients(model);
  const names = golden.names('grad.');
  expect(names.map((name) => name.slice('grad.'.length)).sort()).toEqual([...ours.keys()].sort());
  // Errors of small gradients come from larger numbers that cancel: keys' biases, say, have none at all in exact arithmetic.
  const scale = largest(names.map((name) => largest(golden.values(name))));
  for (const name of names) {
    const compare = { dtype, terms: backwardTerms, scale };
    expectClose(ours.get(name.slice('grad.'.length))!, golden.values(name), compare, name);
  }
}

async function expectTraining(model: Head, golden: Golden, loss: () => Tensor, dtype: DType): Promise<void> {
  const optimizer = new TestAdamW(model, golden.adamw);
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = 0; step < 10; step++) {
    for (const [, parameter] of model.parameters()) parameter.grad = null;
    const value = scope(() => {
      const total = loss();
      total.backward();
      return total.detach();
    });
    losses.push(await value.item());
    norms.push(await optimizer.step());
  }
  // Each of the ten steps adds its roundings and carries along, through its curvature, those of all before.
  const compare = { dtype, terms: 10 ** 2 * backwardTerms };
  expectClose(losses, golden.values('adamw.loss'), compare, 'losses of ten AdamW steps');
  expectClose(norms, golden.values('adamw.norm'), compare, 'gradient norms of ten AdamW steps');
}

describe.each(places)('as PyTorch has it, on $device in $dtype', (place: Place) => {
  const { device, dtype } = place;

  test.for(['pretraining-gelu', 'pretraining-gelu-new'])('%s', async (name, context) => {
    need(place, context);
    const golden = await Golden.read(name);
    const model = await BertForPreTraining.fromPretrained(goldenDirectory(name), { device, dtype });
    const batch = pretrainingBatch(golden);
    const compare = { dtype, terms: forwardTerms };
    await expectHiddenStates(model, golden, compare);
    await expectAttention(model, golden, compare);
    const { masked, next } = noGrad(() => model.forward(batch));
    expectClose(await masked.read(), golden.values('logits.masked'), compare, 'masked logits');
    expectClose(await next.read(), golden.values('logits.next'), compare, 'next-sentence logits');
    const loss = () => objective(model.loss(batch), batch.counts);
    await expectGradients(model, golden, loss, dtype);
    await expectTraining(model, golden, loss, dtype);
  });

  test.for(['classification-gelu', 'classification-gelu-new'])('%s', async (name, context) => {
    need(place, context);
    const golden = await Golden.read(name);
    const model = await BertForSequenceClassification.fromPretrained(goldenDirectory(name), { device, dtype });
    const batch = labelledBatch(golden);
    const compare = { dtype, terms: forwardTerms };
    await expectHiddenStates(model, golden, compare);
    await expectAttention(model, golden, compare);
    const logits = noGrad(() => model.forward(batch));
    expectClose(await logits.read(), golden.values('logits'), compare, 'logits');
    const loss = () => objective(model.loss(batch), batch.counts);
    await expectGradients(model, golden, loss, dtype);
    await expectTraining(model, golden, loss, dtype);
  });
});
