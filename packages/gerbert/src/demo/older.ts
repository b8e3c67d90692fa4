import { chooseKneserNey, languageModelResult, type Score, trainUnigram, uniform } from '../baselines/index.js';
import { trainNeural } from '../baselines/neural.js';
import type { Context } from './context.js';
import type { Streams } from './gpt.js';
import type { BaselineScores, DemoResult } from './result.js';

/** The older tradition on the GPT's own tokens: guessing, counting, Kneser-Ney n-grams, and Bengio's neural n-gram model. */
export async function olderModels(context: Context, streams: Streams): Promise<DemoResult['baselines']> {
  const { plan, tokenizers, device, seed, learning, signal, progress } = context;
  const { training, validation, heldOut } = streams;
  const vocabSize = tokenizers.bpe.vocabSize;
  const judge = (score: Score, tokensSeen: number): BaselineScores =>
    languageModelResult(score, { bytes: heldOut.bytes, tokensSeen });
  const scored = { from: 1, signal };

  const none = uniform(vocabSize);
  const unigram = trainUnigram(training, { vocabSize });
  const kneserNey = await chooseKneserNey(training, validation, { orders: plan.ngramOrders, vocabSize, signal });
  const kneserNeyScores = judge(await kneserNey.model.score(heldOut.ids, scored), kneserNey.model.tokensSeen);
  progress.note(`Kneser-Ney of order ${kneserNey.model.order}: perplexity ${kneserNeyScores.perplexity.toFixed(1)}`);

  let begun = false;
  const neural = await trainNeural(training, validation, {
    ...plan.nnlm,
    learningRates: learning ? plan.nnlm.learningRates : [0],
    trialShare: Math.min(0.05, plan.nnlm.epochs),
    vocabSize,
    device,
    seed,
    signal,
    onStep({ step, loss, tokensPerSecond }, steps) {
      if (!begun) progress.start(steps, 'neural n-grams');
      begun = true;
      progress.step(step, { loss, tokensPerSecond });
    },
  }).finally(() => progress.stop());
  const neuralScores = judge(await neural.score(heldOut.ids, scored), neural.tokensSeen);
  neural.model.dispose();
  progress.note(`Bengio's neural model: perplexity ${neuralScores.perplexity.toFixed(1)}`);
  return {
    uniform: judge(await none.score(heldOut.ids, scored), 0),
    unigram: judge(await unigram.score(heldOut.ids, scored), unigram.tokensSeen),
    kneserNey: { ...kneserNeyScores, order: kneserNey.model.order },
    nnlm: { ...neuralScores, learningRate: neural.learningRate },
  };
}
