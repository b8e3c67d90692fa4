import {
  BertForPreTraining,
  bertConfig,
  type PretrainingBatch,
  PretrainingData,
  type PretrainingOptions,
} from '@gerbert/bert';
import { argmax, noGrad, scope } from '@gerbert/tensor';
import { accuracy } from '@gerbert/trainer';
import { beginLocally } from './beginning.js';
import type { Context } from './context.js';
import type { BertScores, DemoResult } from './result.js';
import { sentenceIds } from './texts.js';
import { trainWith } from './training.js';

export interface PretrainedBert {
  model: BertForPreTraining;
  result: DemoResult['bert'];
}

/** Pretrains a small BERT with masked words and next sentences, and measures both on held-out documents before and after. */
export async function pretrainBert(context: Context): Promise<PretrainedBert> {
  const { corpus, plan, tokenizers, device, seed, progress } = context;
  const { shape, pretraining } = plan.bert;
  const options = dataOptions(context);
  const training = sentenceIds(corpus.train, tokenizers.wordpiece);
  const heldOut = new PretrainingData(sentenceIds(corpus.test, tokenizers.wordpiece), options);
  const batches = Array.from({ length: Math.ceil(plan.evaluation.pairs / options.batchSize) }, (_, i) =>
    heldOut.batch(i),
  );

  const config = bertConfig({ ...shape, vocabSize: tokenizers.wordpiece.vocabSize });
  const model = BertForPreTraining.fromConfig(config, { device, seed });
  if (plan.bert.local) await beginLocally(model);
  const before = await measure(model, batches);
  const data = new PretrainingData(training, options);
  const { losses } = await trainWith(context, { label: 'BERT', model, data, ...pretraining });
  const after = await measure(model, batches);
  const majority = { mlmAccuracy: majorityAccuracy(training, batches) };
  progress.note(
    `masked words ${percent(before.mlmAccuracy)} → ${percent(after.mlmAccuracy)} (always the most frequent token: ` +
      `${percent(majority.mlmAccuracy)}), next sentence ${percent(before.nspAccuracy)} → ${percent(after.nspAccuracy)}`,
  );
  const parameters = model.parameterCount();
  return { model, result: { parameters, steps: losses.length, losses, before, after, majority } };
}

function dataOptions({ plan, tokenizers: { wordpiece }, seed }: Context): PretrainingOptions {
  const id = (token: string) => wordpiece.tokenToId(token)!;
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map(id);
  const { length: maxLength, batchSize } = plan.bert.pretraining;
  return {
    vocabSize: wordpiece.vocabSize,
    maskToken: id('[MASK]'),
    clsToken: id('[CLS]'),
    sepToken: id('[SEP]'),
    specialTokens: new Set(special),
    maxLength,
    batchSize,
    seed,
  };
}

/** Share of masked tokens and of next-sentence labels predicted right. */
async function measure(model: BertForPreTraining, batches: readonly PretrainingBatch[]): Promise<BertScores> {
  const words: number[] = [];
  const wordLabels: number[] = [];
  const next: number[] = [];
  const nextLabels: number[] = [];
  for (const batch of batches) {
    const guesses = scope(() =>
      noGrad(() => {
        const logits = model.forward(batch);
        return { masked: argmax(logits.masked), next: argmax(logits.next) };
      }),
    );
    words.push(...(await guesses.masked.read()));
    next.push(...(await guesses.next.read()));
    wordLabels.push(...batch.maskedLabels);
    nextLabels.push(...batch.nextLabels);
    guesses.masked.dispose();
    guesses.next.dispose();
  }
  return { mlmAccuracy: accuracy(words, wordLabels), nspAccuracy: accuracy(next, nextLabels) };
}

/** How often the most frequent token of the training text is right. */
function majorityAccuracy(training: readonly (readonly Int32Array[])[], batches: readonly PretrainingBatch[]): number {
  const counts = new Map<number, number>();
  for (const document of training) {
    for (const sentence of document) for (const id of sentence) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const [top] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const labels = batches.flatMap(({ maskedLabels }) => [...maskedLabels]);
  return accuracy(new Array(labels.length).fill(top), labels);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
