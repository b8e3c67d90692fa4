import {
  constant,
  crossEntropy,
  gatherRows,
  linear,
  linearCrossEntropy,
  Module,
  noGrad,
  normal,
  type Placement,
  RandomStream,
  scope,
  type Tensor,
  tensor,
  uniform,
} from '@gerbert/tensor';
import { adamw, type Batch, linearSchedule, type StepReport, Trainer } from '@gerbert/trainer';
import type { Score } from './result.js';

// N predicted tokens, n order (n − 1 tokens of context), m features a word, h hidden units, V vocabulary.

export interface NeuralOptions {
  vocabSize: number;
  /** Predicts from order − 1 tokens. */
  order: number;
  /** Features a word (m). */
  features: number;
  /** Hidden units (h). */
  hidden: number;
}

interface NgramBatch extends Batch {
  /** [N · (n − 1)] */
  contexts: Int32Array;
  /** [N] */
  targets: Int32Array;
  counts: { lm: number };
}

/**
 * The neural probabilistic language model of Bengio et al. 2003, without direct connections:
 * softmax(b + U·tanh(d + H·x)), x the features of the n − 1 words before, side by side.
 */
export class NeuralModel extends Module {
  readonly options: NeuralOptions;
  readonly features: Tensor;
  readonly h: Tensor;
  readonly d: Tensor;
  readonly u: Tensor;
  readonly b: Tensor;

  constructor(options: NeuralOptions, placement?: Placement) {
    super(placement);
    this.options = options;
    const { vocabSize, order, features, hidden } = options;
    const inputs = (order - 1) * features;
    this.features = this.parameter('C', [vocabSize, features], normal(0.1));
    this.h = this.parameter('H', [hidden, inputs], uniform(1 / Math.sqrt(inputs)));
    this.d = this.parameter('d', [hidden], constant(0));
    this.u = this.parameter('U', [vocabSize, hidden], uniform(1 / Math.sqrt(hidden)));
    this.b = this.parameter('b', [vocabSize], constant(0));
  }

  loss({ contexts, targets }: NgramBatch): { lm: Tensor } {
    return { lm: linearCrossEntropy(this.#hidden(contexts), this.u, this.b, this.#indices(targets)) };
  }

  /** Negative log-likelihood of every target, [N]. */
  losses({ contexts, targets }: NgramBatch): Tensor {
    return crossEntropy(linear(this.#hidden(contexts), this.u, this.b), this.#indices(targets));
  }

  #hidden(contexts: Int32Array): Tensor {
    const { order, features } = this.options;
    const x = gatherRows(this.features, this.#indices(contexts)).reshape(-1, (order - 1) * features); // [N, (n−1)·m]
    return linear(x, this.h, this.d, { activation: 'tanh' }); // [N, h]
  }

  #indices(values: Int32Array): Tensor {
    return tensor(values, { dtype: 'i32', device: this.u.device });
  }
}

export interface NeuralTrainingOptions extends NeuralOptions {
  device?: Placement['device'];
  seed: number;
  batchSize: number;
  /** Passes over the training text. */
  epochs: number;
  /** Share of the training text each learning rate is tried on. */
  trialShare: number;
  learningRates: readonly number[];
  signal?: AbortSignal;
  onStep?: (report: StepReport, steps: number) => void;
}

/** A trained neural n-gram model; contexts cross document ends, as they do for every model it is compared with. */
export class NeuralLanguageModel {
  readonly model: NeuralModel;
  readonly tokensSeen: number;
  readonly learningRate: number;

  constructor(model: NeuralModel, { tokensSeen, learningRate }: { tokensSeen: number; learningRate: number }) {
    this.model = model;
    this.tokensSeen = tokensSeen;
    this.learningRate = learningRate;
  }

  /** Scores tokens[from], tokens[from + 1], …, each after the tokens before it. */
  score(tokens: Int32Array, { from = 1, signal }: { from?: number; signal?: AbortSignal } = {}): Promise<Score> {
    return score(this.model, tokens, { from, signal });
  }
}

/**
 * Tries each learning rate on a share of the training text, keeps the one with the lowest validation loss, and trains a fresh model with it on
 * the whole training text, the rate falling linearly to zero.
 */
export async function trainNeural(
  training: Int32Array,
  validation: Int32Array,
  options: NeuralTrainingOptions,
): Promise<NeuralLanguageModel> {
  const { learningRates, trialShare, epochs, signal } = options;
  let best = { learningRate: learningRates[0]!, nll: Number.POSITIVE_INFINITY };
  for (const learningRate of learningRates.length > 1 ? learningRates : []) {
    const trial = await fit(training, { ...options, learningRate, share: trialShare, onStep: undefined });
    const { nll } = await score(trial.model, validation, { from: 1, signal });
    trial.model.dispose();
    if (nll < best.nll) best = { learningRate, nll };
  }
  const { learningRate } = best;
  const { model, tokensSeen } = await fit(training, { ...options, learningRate, share: epochs });
  return new NeuralLanguageModel(model, { tokensSeen, learningRate });
}

async function fit(
  tokens: Int32Array,
  options: NeuralTrainingOptions & { learningRate: number; share: number },
): Promise<{ model: NeuralModel; tokensSeen: number }> {
  const { device, seed, batchSize, learningRate, share, order, signal, onStep } = options;
  const model = new NeuralModel(options, { device }).initialise(seed);
  const data = epochs(tokens, { batchSize, order, seed });
  const steps = Math.max(1, Math.round(data.perEpoch * share));
  const optimizer = adamw(model, { lr: learningRate, weightDecay: 0 });
  const schedule = linearSchedule({ warmup: Math.min(20, steps), steps });
  const trainer = new Trainer(model, { data, optimizer, schedule, steps, seed, signal });
  for await (const report of trainer.run()) onStep?.(report, steps);
  optimizer.dispose();
  return { model, tokensSeen: steps * batchSize };
}

/** Every token of the text is predicted once an epoch: a batch takes every `perEpoch`-th token, from a shuffled beginning. */
function epochs(tokens: Int32Array, { batchSize, order, seed }: { batchSize: number; order: number; seed: number }) {
  const perEpoch = Math.max(1, Math.floor((tokens.length - 1) / batchSize));
  let shuffledEpoch: { epoch: number; starts: number[] } = { epoch: -1, starts: [] };
  return {
    perEpoch,
    batch(index: number): NgramBatch {
      const epoch = Math.floor(index / perEpoch);
      if (shuffledEpoch.epoch !== epoch) {
        const starts = Array.from({ length: perEpoch }, (_, i) => i);
        shuffledEpoch = { epoch, starts: new RandomStream(seed, epoch).shuffle(starts) };
      }
      const start = shuffledEpoch.starts[index % perEpoch]!;
      const places = Int32Array.from({ length: batchSize }, (_, i) => 1 + start + i * perEpoch);
      return ngramBatch(
        tokens,
        places.filter((place) => place < tokens.length),
        order,
      );
    },
  };
}

/** Contexts before, and tokens at, the given places; before the first token the context repeats it. */
function ngramBatch(tokens: Int32Array, places: Int32Array, order: number): NgramBatch {
  const width = order - 1;
  const contexts = new Int32Array(places.length * width);
  const targets = new Int32Array(places.length);
  for (const [i, place] of places.entries()) {
    targets[i] = tokens[place]!;
    for (let j = 0; j < width; j++) contexts[i * width + j] = tokens[Math.max(0, place - width + j)]!;
  }
  return { contexts, targets, tokens: places.length, counts: { lm: places.length } };
}

async function score(
  model: NeuralModel,
  tokens: Int32Array,
  { from, signal }: { from: number; signal?: AbortSignal },
): Promise<Score> {
  let nll = 0;
  for (let at = from; at < tokens.length; at += 1024) {
    signal?.throwIfAborted();
    const count = Math.min(1024, tokens.length - at);
    const places = Int32Array.from({ length: count }, (_, i) => at + i);
    const losses = scope(() => noGrad(() => model.losses(ngramBatch(tokens, places, model.options.order))));
    for (const loss of await losses.read()) nll += loss;
    losses.dispose();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { nll, tokens: tokens.length - from };
}
