import { choose, type GptForCausalLM } from '@gerbert/gpt';
import { RandomStream } from '@gerbert/tensor';
import type { Tokenizer } from '@gerbert/tokenizer';
import { accuracy } from '@gerbert/trainer';
import type { LabelledTask, LabelledText } from '../corpora/index.js';
import type { Context } from './context.js';
import type { DemoResult, Samples } from './result.js';
import { endOfText } from './texts.js';

/** The tokens of every answer as it follows a prompt. */
export function answerTokens(tokenizer: Tokenizer, { verbalizers }: LabelledTask): number[][] {
  return verbalizers.map((verbalizer) => [...tokenizer.encodeIds(verbalizer)]);
}

/** End-of-text and the example as the task words it, the text cut at its front to at most `most` tokens in all. */
export function promptTokens(
  tokenizer: Tokenizer,
  task: LabelledTask,
  example: LabelledText,
  { most }: { most: number },
): number[] {
  const tokens = tokenizer.encodeIds(task.prompt(example));
  return [tokenizer.tokenToId(endOfText)!, ...tokens.subarray(Math.max(0, tokens.length - (most - 1)))];
}

/** Asks the pretrained GPT the task's questions without training: with no example, and with a few worked ones before each. */
export async function promptAll(
  { plan, tokenizers: { bpe }, seed, signal }: Context,
  task: LabelledTask,
  gpt: GptForCausalLM,
): Promise<{ result: DemoResult['prompting']; samples: Samples['prompting'] }> {
  const test = task.test.slice(0, plan.finetune.testExamples);
  const labels = test.map(({ label }) => label);
  const choices = answerTokens(bpe, task);
  const most = gpt.config.nPositions + 1 - Math.max(...choices.map(({ length }) => length));
  const random = new RandomStream(seed, 77);
  const { shots } = plan.finetune;

  const zero = test.map((example) => ({ prompt: promptTokens(bpe, task, example, { most }), choices }));
  const few = test.map((example) => {
    const worked = Array.from({ length: shots }, () => task.train[random.int(task.train.length)]!);
    const texts = shared(bpe, task, [...worked, example], most - 1);
    const answered = worked.map((shot, i) => `${task.prompt(texts[i]!)}${task.verbalizers[shot.label]}\n\n`);
    const tokens = [...bpe.encodeIds(answered.join('') + task.prompt(texts.at(-1)!))];
    return { prompt: [bpe.tokenToId(endOfText)!, ...tokens.slice(Math.max(0, tokens.length - (most - 1)))], choices };
  });
  const zeroAnswers = await choose(gpt, zero, { signal });
  const fewAnswers = await choose(gpt, few, { signal });
  const samples = test.slice(0, 3).map((example, i) => ({
    prompt: task.prompt(example),
    expected: task.verbalizers[example.label]!.trim(),
    answer: task.verbalizers[zeroAnswers[i]!]!.trim(),
  }));
  const result = {
    zeroShot: accuracy(zeroAnswers, labels),
    fewShot: accuracy(fewAnswers, labels),
    shots,
    chance: task.chance,
  };
  return { result, samples };
}

/** The examples with their texts cut at the front, so that all of them together fit into `most` tokens: every example keeps an equal share. */
function shared(
  tokenizer: Tokenizer,
  task: LabelledTask,
  examples: readonly LabelledText[],
  most: number,
): LabelledText[] {
  const frame = tokenizer.encodeIds(task.prompt({ ...examples[0]!, text: '' })).length + 4;
  const share = Math.max(1, Math.floor(most / examples.length) - frame);
  return examples.map((example) => {
    const ids = tokenizer.encodeIds(example.text);
    return ids.length <= share ? example : { ...example, text: tokenizer.decode(ids.subarray(ids.length - share)) };
  });
}
