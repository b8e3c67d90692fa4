import { affine, noGrad, RandomStream, scope, seeded, type Tensor } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import {
  type BertConfig,
  BertForSequenceClassification,
  bertConfig,
  classificationBatch,
  type LabelledTokens,
} from '../src/index.js';
import { TestAdamW } from './adamw.js';
import { need, places } from './goldens.js';

const config: BertConfig = bertConfig({
  vocabSize: 30,
  hiddenSize: 16,
  numHiddenLayers: 2,
  numAttentionHeads: 2,
  maxPositionEmbeddings: 16,
  labels: ['three', 'four', 'five'],
});

/** Which of the tokens 3, 4 and 5 stands somewhere among others. */
function examples(count: number): LabelledTokens[] {
  const random = new RandomStream(8);
  return Array.from({ length: count }, (_, i) => {
    const length = 3 + random.int(8);
    const ids = Array.from({ length }, () => 6 + random.int(24));
    const label = i % 3;
    ids[random.int(length)] = 3 + label;
    return { ids: [1, ...ids, 2], typeIds: new Array(length + 2).fill(0), label };
  });
}

const mean = (model: BertForSequenceClassification, batch: ReturnType<typeof classificationBatch>): Tensor =>
  affine(model.loss(batch).classification, 1 / batch.counts.classification);

describe.each(places.filter(({ dtype }) => dtype === 'f32'))('on $device in $dtype', (place) => {
  const { device, dtype } = place;

  test('a toy task is learnt to the last example, through dropout', async (context) => {
    need(place, context);
    const model = BertForSequenceClassification.fromConfig(config, { device, dtype, seed: 2 });
    const toy = examples(30);
    const batch = classificationBatch(toy);
    const setting = { lr: 0.01, betas: [0.9, 0.98], eps: 1e-8, weight_decay: 0.01, max_norm: 1 } as const;
    const optimizer = new TestAdamW(model, { ...setting, betas: [0.9, 0.98] });
    for (let step = 0; step < 40; step++) {
      seeded({ seed: 1, step }, () => scope(() => mean(model.train(), batch).backward()));
      await optimizer.step();
    }
    const logits = await noGrad(() => model.eval().forward(batch)).read();
    const predicted = Array.from(batch.labels, (_, b) => {
      const row = Array.from(logits.slice(3 * b, 3 * b + 3));
      return row.indexOf(Math.max(...row));
    });
    expect(predicted).toEqual(toy.map(({ label }) => label));
  });
});

describe('a classifier', () => {
  const device = 'js';
  const batch = classificationBatch(examples(6));
  const loss = (model: BertForSequenceClassification, step = 0) =>
    seeded({ seed: 1, step }, () => noGrad(() => mean(model, batch))).item();

  test('sums the cross-entropy of its logits', async () => {
    const model = BertForSequenceClassification.fromConfig(config, { device, dtype: 'f64' });
    const logits = Array.from(await noGrad(() => model.forward(batch)).read());
    let sum = 0;
    for (const [b, label] of batch.labels.entries()) {
      const row = logits.slice(3 * b, 3 * b + 3);
      sum += Math.log(row.reduce((all, z) => all + Math.exp(z), 0)) - row[label]!;
    }
    expect(await noGrad(() => model.loss(batch)).classification.item()).toBeCloseTo(sum, 12);
    expect(batch.counts).toEqual({ classification: 6 });
    expect(batch.tokens).toBe(batch.ids.length);
  });

  test.for([{ hiddenDropoutProb: 0.5 }, { attentionProbsDropoutProb: 0.5 }, { classifierDropout: 0.5 }])(
    'drops out while training only: %o',
    async (more) => {
      const none = { hiddenDropoutProb: 0, attentionProbsDropoutProb: 0, classifierDropout: 0 };
      const model = BertForSequenceClassification.fromConfig({ ...config, ...none, ...more }, { device });
      const calm = await loss(model);
      expect(await loss(model, 1)).toBe(calm);
      model.train();
      expect(await loss(model, 1)).not.toBe(calm);
      expect(await loss(model, 1)).toBe(await loss(model, 1));
      expect(await loss(model, 2)).not.toBe(await loss(model, 1));
      expect(await loss(model.eval(), 2)).toBe(calm);
    },
  );

  test('without its own dropout has that of the hidden states', async () => {
    const make = (more: Partial<BertConfig>) =>
      BertForSequenceClassification.fromConfig({ ...config, ...more }, { device }).train();
    const [inherited, own, off] = [{}, { classifierDropout: 0.1 }, { classifierDropout: 0 }].map(make);
    expect(await loss(own!)).toBe(await loss(inherited!));
    expect(await loss(off!)).not.toBe(await loss(inherited!));
  });

  test('needs labels', () => {
    for (const labels of [undefined, [], ['one']]) {
      expect(() => BertForSequenceClassification.fromConfig({ ...config, labels }, { device })).toThrow(
        expect.objectContaining({ code: 'OPTION_RANGE' }),
      );
    }
  });

  test('refuses sequences longer than its positions', () => {
    const model = BertForSequenceClassification.fromConfig(config, { device });
    const long = { ids: new Array(17).fill(7), typeIds: new Array(17).fill(0), label: 0 };
    expect(() => model.forward(classificationBatch([long]))).toThrow(
      expect.objectContaining({ code: 'CONTEXT_LENGTH' }),
    );
  });
});
