import type { BertConfig } from '@gerbert/bert';
import type { GptConfig } from '@gerbert/gpt';

/** Everything the demo decides before it begins; steps follow from the minutes by this table alone, never by the clock. */
export interface Plan {
  /** Generated stories, where the corpus is `tales`. */
  stories: number;
  vocabulary: { wordpiece: number; bpe: number };
  bert: {
    shape: Partial<BertConfig>;
    pretraining: Training;
    /** Whether it begins by looking at neighbours (`beginLocally`). */
    local: boolean;
  };
  gpt: { shape: Partial<GptConfig>; pretraining: Training };
  finetune: {
    sizes: readonly number[];
    /** Passes over the training examples, by size. */
    epochs: readonly number[];
    testExamples: number;
    batchSize: number;
    /** Of BERT: a few hundred examples are soon learned by heart. */
    dropout: number;
    bertLr: number;
    gptLr: number;
    shots: number;
  };
  nnlm: { order: number; features: number; hidden: number; batchSize: number; epochs: number; learningRates: number[] };
  ngramOrders: readonly number[];
  evaluation: {
    /** Pairs on which masked words and next sentences are measured. */
    pairs: number;
    /** Held-out tokens on which the language models are compared. */
    tokens: number;
  };
}

export interface Training {
  steps: number;
  batchSize: number;
  /** Tokens of a sequence. */
  length: number;
  lr: number;
  warmup: number;
}

/** What the steps depend on. */
export interface PlanFor {
  /** Stories need less than real text. */
  corpus: 'tales' | 'text';
  device: string;
  minutes?: number;
  quick: boolean;
}

/** Minutes the step counts below were chosen for, on two cores. */
const plannedMinutes = 3;

/** How much of the steps the pure-JavaScript device takes in the same time. */
const shareOnJs = 1 / 20;

export function planFor({ corpus, device, minutes = plannedMinutes, quick }: PlanFor): Plan {
  const plan = quick ? quickPlan() : corpus === 'tales' ? talesPlan() : textPlan();
  const share = (minutes / plannedMinutes) * (device === 'js' ? shareOnJs : 1);
  const scaled = (training: Training): Training => {
    const steps = Math.max(1, Math.round(training.steps * share));
    // Warm-up counts steps, not shares, so that a longer run begins as a shorter one.
    return { ...training, steps, warmup: Math.min(training.warmup, steps) };
  };
  if (device === 'js') lighten(plan, quick);
  return {
    ...plan,
    bert: { ...plan.bert, pretraining: scaled(plan.bert.pretraining) },
    gpt: { ...plan.gpt, pretraining: scaled(plan.gpt.pretraining) },
    nnlm: { ...plan.nnlm, epochs: plan.nnlm.epochs * Math.min(1, share) },
  };
}

/** What pure JavaScript leaves out besides steps. */
function lighten(plan: Plan, quick: boolean): void {
  const part = quick ? 4 : 8;
  plan.evaluation = {
    pairs: Math.ceil(plan.evaluation.pairs / part),
    tokens: Math.ceil(plan.evaluation.tokens / part),
  };
  const { sizes, epochs, testExamples } = plan.finetune;
  plan.finetune = {
    ...plan.finetune,
    sizes: sizes.slice(0, quick ? 1 : 2),
    epochs: epochs.slice(0, quick ? 1 : 2).map((n) => Math.ceil(n / part)),
    testExamples: Math.ceil(testExamples / part),
  };
}

/**
 * What narrow models share: weights begin wider than the usual 0.02, which was chosen for 768 columns (a narrow post-norm BERT then idles at the
 * frequencies of the words for hundreds of steps), and nothing drops out, for no text is read often enough to be overfitted.
 */
const small = {
  bert: { maxPositionEmbeddings: 128, initializerRange: 0.05, hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 },
  gpt: { nPositions: 256, initializerRange: 0.05, residPdrop: 0, embdPdrop: 0, attnPdrop: 0 },
} as const;

function textPlan(): Plan {
  return {
    stories: 0,
    vocabulary: { wordpiece: 6000, bpe: 4096 },
    bert: {
      shape: { ...small.bert, hiddenSize: 128, numHiddenLayers: 3, numAttentionHeads: 4 },
      pretraining: { steps: 1200, batchSize: 8, length: 128, lr: 1.5e-3, warmup: 100 },
      local: false,
    },
    gpt: {
      shape: { ...small.gpt, nEmbd: 128, nLayer: 4, nHead: 4 },
      pretraining: { steps: 600, batchSize: 4, length: 256, lr: 3e-3, warmup: 100 },
    },
    finetune: {
      sizes: [64, 256, 1024],
      epochs: [12, 6, 2],
      testExamples: 400,
      batchSize: 8,
      dropout: 0.2,
      bertLr: 5e-4,
      gptLr: 5e-4,
      shots: 2,
    },
    nnlm: { order: 5, features: 64, hidden: 64, batchSize: 1024, epochs: 1, learningRates: [1e-3, 3e-3, 1e-2] },
    ngramOrders: [2, 3, 4, 5, 6],
    evaluation: { pairs: 256, tokens: 50_000 },
  };
}

function talesPlan(): Plan {
  const plan = textPlan();
  return {
    ...plan,
    stories: 12_000,
    vocabulary: { wordpiece: 1200, bpe: 1200 },
    bert: {
      ...plan.bert,
      pretraining: { ...plan.bert.pretraining, steps: 2800, batchSize: 16, length: 64 },
      local: true,
    },
    gpt: { ...plan.gpt, pretraining: { ...plan.gpt.pretraining, steps: 700 } },
    // Who has what in the end is a riddle of two halves, neither of which tells anything alone: it takes thousands of examples, and no dropout.
    finetune: { ...plan.finetune, sizes: [64, 512, 4096], epochs: [12, 4, 5], batchSize: 16, dropout: 0 },
    evaluation: { pairs: 256, tokens: 30_000 },
  };
}

function quickPlan(): Plan {
  const plan = talesPlan();
  return {
    ...plan,
    stories: 1_500,
    vocabulary: { wordpiece: 800, bpe: 800 },
    bert: {
      shape: { ...small.bert, hiddenSize: 64, numHiddenLayers: 2, numAttentionHeads: 2 },
      pretraining: { steps: 400, batchSize: 16, length: 96, lr: 3e-3, warmup: 20 },
      local: true,
    },
    gpt: {
      shape: { ...small.gpt, nEmbd: 64, nLayer: 2, nHead: 2 },
      pretraining: { steps: 350, batchSize: 4, length: 256, lr: 5e-3, warmup: 20 },
    },
    finetune: { ...plan.finetune, sizes: [32, 128], epochs: [6, 4], testExamples: 120 },
    nnlm: { ...plan.nnlm, features: 32, hidden: 32, learningRates: [3e-3, 1e-2] },
    ngramOrders: [2, 3, 4],
    evaluation: { pairs: 48, tokens: 4_000 },
  };
}
