import {
  type BertForPreTraining,
  BertForSequenceClassification,
  classificationBatch,
  copyBody,
  type LabelledTokens,
} from '@gerbert/bert';
import { causalBatch, choose, GptForCausalLM } from '@gerbert/gpt';
import { argmax, noGrad, scope } from '@gerbert/tensor';
import { accuracy, shuffled } from '@gerbert/trainer';
import type { LabelledTask, LabelledText } from '../corpora/index.js';
import type { Context } from './context.js';
import { answerTokens, promptTokens } from './prompting.js';
import type { DemoResult } from './result.js';
import { trainWith } from './training.js';

/** Trains BERT with and without its pre-training, and the GPT on the task as text, on training sets of several sizes; accuracies on held-out examples. */
export async function finetuneAll(
  context: Context,
  task: LabelledTask,
  { bert, gpt }: { bert: BertForPreTraining; gpt: GptForCausalLM },
): Promise<DemoResult['finetune']> {
  const { plan, progress } = context;
  const { sizes, epochs } = plan.finetune;
  const test = task.test.slice(0, plan.finetune.testExamples);
  const result: DemoResult['finetune'] = {
    task: task.question,
    labels: [...task.labels],
    chance: task.chance,
    sizes: [...sizes],
    bertPretrained: [],
    bertScratch: [],
    gptPretrained: [],
    testExamples: test.length,
  };
  for (const [i, size] of sizes.entries()) {
    const round = { train: task.train.slice(0, size), test, epochs: epochs[i]! };
    result.bertPretrained.push(await finetuneBert(context, task, { ...round, from: bert }));
    result.bertScratch.push(await finetuneBert(context, task, { ...round, from: null, like: bert }));
    result.gptPretrained.push(await finetuneGpt(context, task, { ...round, from: gpt }));
    const last = (scores: number[]) => `${(100 * scores.at(-1)!).toFixed(1)} %`;
    progress.note(
      `${size} examples: BERT ${last(result.bertPretrained)}, without pretraining ${last(result.bertScratch)}, GPT ${last(result.gptPretrained)}`,
    );
  }
  return result;
}

interface Round {
  train: readonly LabelledText[];
  test: readonly LabelledText[];
  epochs: number;
}

async function finetuneBert(
  context: Context,
  task: LabelledTask,
  { train, test, epochs, from, like = from! }: Round & { from: BertForPreTraining | null; like?: BertForPreTraining },
): Promise<number> {
  const { plan, device, seed } = context;
  const { batchSize, bertLr, dropout } = plan.finetune;
  const drop = { hiddenDropoutProb: dropout, attentionProbsDropoutProb: dropout };
  const config = { ...like.config, ...drop, labels: task.labels };
  const model = BertForSequenceClassification.fromConfig(config, { device, seed });
  if (from) await copyBody(from, model);
  const examples = bertExamples(context, train);
  const data = shuffled(examples, { batchSize, seed, collate: classificationBatch });
  const steps = data.batchesPerEpoch * epochs;
  const label = from ? `BERT on ${train.length}` : `BERT from scratch on ${train.length}`;
  await trainWith(context, { label, model, data, steps, lr: bertLr, warmup: Math.ceil(steps / 10) });
  const predictions: number[] = [];
  const held = bertExamples(context, test);
  for (let at = 0; at < held.length; at += 32) {
    const guesses = scope(() => noGrad(() => argmax(model.forward(classificationBatch(held.slice(at, at + 32))))));
    predictions.push(...(await guesses.read()));
    guesses.dispose();
  }
  model.dispose();
  return accuracy(
    predictions,
    test.map(({ label }) => label),
  );
}

function bertExamples({ tokenizers, plan }: Context, examples: readonly LabelledText[]): LabelledTokens[] {
  const truncation = { maxLength: plan.bert.pretraining.length };
  return examples.map(({ text, pair, label }) => {
    const { ids, typeIds } = tokenizers.wordpiece.encode(text, { pair, truncation });
    return { ids, typeIds, label };
  });
}

async function finetuneGpt(
  context: Context,
  task: LabelledTask,
  { train, test, epochs, from }: Round & { from: GptForCausalLM },
): Promise<number> {
  const { plan, device, seed, tokenizers, signal } = context;
  const { batchSize, gptLr } = plan.finetune;
  const model = new GptForCausalLM(from.config, { device });
  const target = new Map(model.state());
  for (const [name, source] of from.state()) target.get(name)!.write(await source.read());
  const answers = answerTokens(tokenizers.bpe, task);
  const longest = Math.max(...answers.map(({ length }) => length));
  const room = { most: from.config.nPositions + 1 - longest };
  const sequences = train.map((example) => {
    const prompt = promptTokens(tokenizers.bpe, task, example, room);
    return { tokens: [...prompt, ...answers[example.label]!], from: prompt.length };
  });
  const data = shuffled(sequences, { batchSize, seed, collate: causalBatch });
  const steps = data.batchesPerEpoch * epochs;
  const label = `GPT on ${train.length}`;
  await trainWith(context, { label, model, data, steps, lr: gptLr, warmup: Math.ceil(steps / 10) });
  const questions = test.map((example) => ({
    prompt: promptTokens(tokenizers.bpe, task, example, room),
    choices: answers,
  }));
  const predictions = await choose(model, questions, { signal });
  model.dispose();
  return accuracy(
    predictions,
    test.map(({ label }) => label),
  );
}
