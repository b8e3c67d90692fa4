import { CausalData, GptForCausalLM, gptConfig, scoreText } from '@gerbert/gpt';
import { bitsPerByte, perplexity } from '@gerbert/trainer';
import type { Context } from './context.js';
import type { DemoResult, LanguageScores } from './result.js';
import { endOfText } from './texts.js';
import { trainWith } from './training.js';

/** Token streams for the language models: all of the training text, and the parts of validation and test text they are compared on. */
export interface Streams {
  training: Int32Array;
  validation: Int32Array;
  heldOut: { ids: Int32Array; bytes: number };
}

export interface PretrainedGpt {
  model: GptForCausalLM;
  result: DemoResult['gpt'];
}

/** Pretrains a small GPT to predict the next token, and measures it on held-out text before and after. */
export async function pretrainGpt(context: Context, { training, heldOut }: Streams): Promise<PretrainedGpt> {
  const { plan, tokenizers, device, seed, progress, signal } = context;
  const { shape, pretraining } = plan.gpt;
  const end = tokenizers.bpe.tokenToId(endOfText)!;
  const config = gptConfig({ ...shape, vocabSize: tokenizers.bpe.vocabSize, bosTokenId: end, eosTokenId: end });
  const model = GptForCausalLM.fromConfig(config, { device, seed });
  const measure = async (): Promise<LanguageScores> => {
    const { nll, tokens } = await scoreText(model, heldOut.ids, { window: pretraining.length, signal });
    return { perplexity: perplexity(nll, tokens), bitsPerByte: bitsPerByte(nll, heldOut.bytes) };
  };
  const before = await measure();
  const data = new CausalData(training, { length: pretraining.length, batchSize: pretraining.batchSize, seed });
  const { losses, tokensSeen } = await trainWith(context, { label: 'GPT', model, data, ...pretraining });
  const after = await measure();
  progress.note(
    `perplexity ${before.perplexity.toFixed(1)} → ${after.perplexity.toFixed(1)}, ${after.bitsPerByte.toFixed(2)} bits per byte`,
  );
  const parameters = model.parameterCount();
  return { model, result: { parameters, steps: losses.length, losses, tokensSeen, before, after } };
}
