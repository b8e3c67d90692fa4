import { join } from 'node:path';
import { device } from '@gerbert/tensor';
import { saveTokenizer } from '@gerbert/tokenizer/node';
import { writeReport } from '../report/index.js';
import { type PretrainedBert, pretrainBert } from './bert.js';
import type { Context, Progress } from './context.js';
import { openCorpus } from './corpus.js';
import { finetuneAll } from './finetune.js';
import { type PretrainedGpt, pretrainGpt, type Streams } from './gpt.js';
import { olderModels } from './older.js';
import { writeTogether } from './output.js';
import { planFor } from './plan.js';
import { promptAll } from './prompting.js';
import type { DemoResult, Samples } from './result.js';
import { attentionMap } from './samples/attention.js';
import { continuations } from './samples/continuations.js';
import { fillMask } from './samples/fill-mask.js';
import { nextSentence } from './samples/next-sentence.js';
import { heldOutStream, type Tokenizers, tokenStream, trainTokenizers } from './texts.js';

export type { Progress } from './context.js';
export type { DemoResult } from './result.js';

export interface DemoOptions {
  /** `['addresses']`, `['moby-dick']`, `['tales']`, or paths of text files. */
  corpus: readonly string[];
  lang: 'en' | 'zh';
  minutes?: number;
  /** Default: as `device()` chooses. */
  device?: 'cpu' | 'js';
  seed: number;
  /** Directory for models and report; made if it does not exist. */
  out: string;
  /** Tales, small models, few steps. */
  quick: boolean;
  /** For tests: false keeps every weight as it begins, so that all gains must vanish. Default true. */
  learning?: boolean;
  signal: AbortSignal;
  progress: Progress;
}

/**
 * The main job: trains tokenizers, pretrains BERT and GPT beside the models they replaced, fine-tunes and prompts them, shows what they do, and
 * writes models and a report.
 *
 * @throws the signal's reason when aborted; those of the corpus and of writing
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const started = performance.now();
  const { seed, out, signal, progress } = options;
  const at = device(options.device).name;

  progress.phase('1/5 Reading and tokenizing');
  const { corpus, makeTask, plan } = await openCorpus(options, (kind) =>
    planFor({ corpus: kind, device: at, minutes: options.minutes, quick: options.quick }),
  );
  progress.note(`${corpus.name}: ${corpus.documents} documents, ${corpus.sentences} sentences, ${corpus.bytes} bytes`);
  const tokenizers = await trainTokenizers(corpus, plan, signal);
  const context: Context = {
    corpus,
    plan,
    tokenizers,
    device: at,
    seed,
    learning: options.learning ?? true,
    signal,
    progress,
  };

  progress.phase('2/5 Pretraining');
  const bert = await pretrainBert(context);
  const streams = tokenStreams(context);
  const gpt = await pretrainGpt(context, streams);

  progress.phase('3/5 The older tradition');
  const baselines = await olderModels(context, streams);

  progress.phase('4/5 Fine-tuning and prompting');
  const task = makeTask();
  const finetune = await finetuneAll(context, task, { bert: bert.model, gpt: gpt.model });
  const prompting = await promptAll(context, task, gpt.model);

  progress.phase('5/5 Samples, models, report');
  const samples = await takeSamples(context, { bert, gpt }, prompting.samples);
  const result: DemoResult = {
    seed,
    device: at,
    corpus: { name: corpus.name, documents: corpus.documents, sentences: corpus.sentences, bytes: corpus.bytes },
    tokenizers: {
      wordpiece: { vocabSize: tokenizers.wordpiece.vocabSize },
      bpe: { vocabSize: tokenizers.bpe.vocabSize },
    },
    bert: bert.result,
    gpt: gpt.result,
    baselines,
    finetune,
    prompting: prompting.result,
    samples,
    files: {},
    seconds: 0,
  };
  const names = ['bert', 'gpt', 'report.html'];
  result.files = Object.fromEntries(names.map((name) => [name.replace('.html', ''), join(out, name)]));
  signal.throwIfAborted();
  await writeTogether(out, names, async (directory) => {
    await save(directory, { bert, gpt, tokenizers });
    result.seconds = (performance.now() - started) / 1000;
    await writeReport(join(directory, 'report.html'), result);
    signal.throwIfAborted();
  });
  return result;
}

function tokenStreams({ corpus, plan, tokenizers: { bpe } }: Context): Streams {
  const { tokens } = plan.evaluation;
  return {
    training: tokenStream(corpus.train, bpe).ids,
    validation: heldOutStream(corpus.validation, bpe, tokens / 4).ids,
    heldOut: heldOutStream(corpus.test, bpe, tokens),
  };
}

async function takeSamples(
  context: Context,
  { bert, gpt }: { bert: PretrainedBert; gpt: PretrainedGpt },
  prompting: Samples['prompting'],
): Promise<Samples> {
  return {
    fillMask: await fillMask(context, bert.model),
    nextSentence: await nextSentence(context, bert.model),
    continuations: await continuations(context, gpt.model),
    prompting,
    attention: await attentionMap(context, bert.model),
  };
}

async function save(
  directory: string,
  { bert, gpt, tokenizers }: { bert: PretrainedBert; gpt: PretrainedGpt; tokenizers: Tokenizers },
): Promise<void> {
  await bert.model.savePretrained(join(directory, 'bert'));
  await saveTokenizer(tokenizers.wordpiece, join(directory, 'bert'));
  await gpt.model.savePretrained(join(directory, 'gpt'));
  await saveTokenizer(tokenizers.bpe, join(directory, 'gpt'));
}
