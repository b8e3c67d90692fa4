import { isGerbertError } from '@gerbert/tensor';
import { type Corpus, type CorpusSpec, eraTask, type LabelledTask, loadCorpus, orderTask } from '../corpora/index.js';
import { labelledTales, talesTask } from '../tales/index.js';
import type { Progress } from './context.js';
import type { Plan } from './plan.js';

export interface OpenOptions {
  corpus: readonly string[];
  lang: 'en' | 'zh';
  seed: number;
  progress: Progress;
}

export interface Opened {
  corpus: Corpus;
  plan: Plan;
  /** The labelled task that goes with the corpus. */
  makeTask(): LabelledTask;
}

/** Loads the corpus and plans for it. Where the addresses' package is missing, says how to get it and goes on with tales. */
export async function openCorpus(options: OpenOptions, planFor: (kind: 'tales' | 'text') => Plan): Promise<Opened> {
  const { lang, seed, progress } = options;
  const spec = specOf(options.corpus);
  const tales = async () => {
    const plan = planFor('tales');
    const corpus = await loadCorpus({ name: 'tales' }, { seed, lang, stories: plan.stories });
    return { corpus, plan, makeTask: () => taskOfTales(plan, { lang, seed }) };
  };
  if ('name' in spec && spec.name === 'tales') return tales();
  try {
    const plan = planFor('text');
    const corpus = await loadCorpus(spec, { seed, lang, stories: 0 });
    return { corpus, plan, makeTask: () => taskOfText(corpus, plan, seed) };
  } catch (error) {
    if (!isGerbertError(error) || error.code !== 'CORPUS_PACKAGE_MISSING' || options.corpus.length > 1) throw error;
    progress.note(error.message);
    progress.note('Going on with tales that this program makes up.');
    return tales();
  }
}

function specOf(corpus: readonly string[]): CorpusSpec {
  const [name] = corpus;
  if (corpus.length === 1 && (name === 'addresses' || name === 'moby-dick' || name === 'tales')) return { name };
  return { paths: corpus };
}

function taskOfText(corpus: Corpus, { finetune }: Plan, seed: number): LabelledTask {
  const counts = { seed, train: Math.max(...finetune.sizes), test: finetune.testExamples };
  return eraTask(corpus, counts) ?? orderTask(corpus, counts);
}

function taskOfTales({ finetune }: Plan, { lang, seed }: { lang: 'en' | 'zh'; seed: number }): LabelledTask {
  const { labels, chance, prompt, verbalizers } = talesTask(lang);
  // The question follows the story as in the tales of the pretraining, for BERT too: its second segments are other stories half of the time.
  const examples = (split: 'train' | 'test', count: number) =>
    labelledTales({ seed, lang, split, count }).map((example) => ({ text: prompt(example), label: example.label }));
  return {
    question: 'Who has the thing in question at the end of the story, she or he?',
    labels,
    chance,
    prompt: ({ text }) => text,
    verbalizers,
    train: examples('train', Math.max(...finetune.sizes)),
    test: examples('test', finetune.testExamples),
  };
}
