import {
  type AutocastPrecision,
  add,
  affine,
  autocast,
  checkChoice,
  checkOptions,
  GerbertError,
  type HostTensor,
  type Module,
  scope,
  seeded,
  type Tensor,
} from '@gerbert/tensor';
import type { Batch, BatchSource } from './data/batches.js';
import type { AdamW } from './optim/adamw.js';
import { constantSchedule, type Schedule } from './optim/schedules.js';
import { withDefaults } from './options.js';

/** A model the trainer can train: it returns each part of the loss as a sum over the batch, shape [1], by name. */
export interface Trainable<B extends Batch> extends Module {
  /** A property rather than a method, so that batches which lack what the model reads are told apart, and B is inferred from the data. */
  readonly loss: (batch: B) => Record<string, Tensor>;
  /** Whether backward computes parts of the model a second time instead of keeping what is inside of them. */
  gradientCheckpointing?: boolean;
}

export interface TrainerOptions<B extends Batch> {
  data: BatchSource<B>;
  optimizer: AdamW;
  /** Default: constant. */
  schedule?: Schedule;
  /** Optimiser steps in all; Infinity: until aborted. */
  steps: number;
  /** Batches whose gradients make one step. Default 1. */
  accumulate?: number;
  /** Sets the model's property of this name: less memory for a third more work, and the same bits. Default: as the model has it. */
  gradientCheckpointing?: boolean;
  /** Keys the dropout masks. Default 0. */
  seed?: number;
  /** `bf16`: matrix products multiply numbers rounded to bf16; parameters, gradients and their sums stay as they are. Default `full`. */
  precision?: AutocastPrecision;
  signal?: AbortSignal;
}

export interface StepReport {
  /** Counted from 1. */
  step: number;
  /** The sum of all parts of the loss, in nats per counted term. */
  loss: number;
  /** Each part by itself. */
  parts: Record<string, number>;
  /** Factor of the schedule. */
  factor: number;
  tokens: number;
  tokensPerSecond: number;
}

const defaults = { schedule: constantSchedule, accumulate: 1, seed: 0, precision: 'full' } as const;

/** Everything that a resumed training needs besides the model's parameters. */
export interface TrainingState {
  step: number;
  optimizer: Map<string, HostTensor>;
}

/**
 * The training loop: batches → loss → gradients → AdamW. Each part of the loss is the mean over all its terms of the whole step, however
 * many batches the step accumulates. Knows no particular model.
 */
export class Trainer<B extends Batch> {
  readonly model: Trainable<B>;
  readonly #options: Required<Omit<TrainerOptions<B>, 'signal' | 'gradientCheckpointing'>> & { signal?: AbortSignal };
  /** Steps taken. */
  step = 0;

  constructor(model: Trainable<B>, options: TrainerOptions<B>) {
    const others = ['data', 'optimizer', 'steps', 'gradientCheckpointing', 'signal'];
    checkOptions('Trainer', options, [...others, ...Object.keys(defaults)]);
    this.model = model;
    this.#options = withDefaults(options, defaults);
    const { steps, accumulate, precision } = this.#options;
    checkChoice('Trainer: the precision', precision, ['full', 'bf16']);
    const endless = steps === Number.POSITIVE_INFINITY;
    if (!(endless || (Number.isInteger(steps) && steps >= 0)) || !Number.isInteger(accumulate) || accumulate < 1) {
      throw new GerbertError('OPTION_RANGE', `Trainer: cannot take ${steps} steps of ${accumulate} batches each.`);
    }
    const { gradientCheckpointing } = options;
    if (gradientCheckpointing !== undefined) setCheckpointing(model, gradientCheckpointing);
  }

  /**
   * Takes the remaining steps, reporting each. Yields to the event loop after every batch. Dropout acts within a step only: the model is in `eval()`
   * mode when a report comes. Whatever is thrown, no gradient is left behind, and the parameters are those of the last step reported.
   *
   * @throws the signal's reason when aborted, within a step too; `LOSS_NOT_FINITE` when a loss is NaN or infinite; `BATCH_COUNTS` where a batch does
   *   not count the terms of a part of the loss
   */
  async *run(): AsyncGenerator<StepReport> {
    const { steps, signal } = this.#options;
    while (this.step < steps) {
      signal?.throwIfAborted();
      yield await this.#takeStep();
    }
  }

  async state(): Promise<TrainingState> {
    return { step: this.step, optimizer: await this.#options.optimizer.state() };
  }

  /** Goes on from `state`, with the same data, options and parameters: the losses that follow are those of an uninterrupted training. */
  restore({ step, optimizer }: TrainingState): void {
    this.#options.optimizer.restore(optimizer, step);
    this.step = step;
  }

  async #takeStep(): Promise<StepReport> {
    const { data, optimizer, schedule, accumulate } = this.#options;
    const started = performance.now();
    const batches: B[] = [];
    for (let i = 0; i < accumulate; i++) batches.push(await data.batch(this.step * accumulate + i));
    let parts: Record<string, number>;
    this.model.train();
    try {
      parts = await this.#accumulate(batches);
    } catch (error) {
      optimizer.zeroGrad();
      throw error;
    } finally {
      this.model.eval();
    }
    const loss = Object.values(parts).reduce((sum, part) => sum + part, 0);
    const factor = schedule(this.step);
    optimizer.step(factor);
    this.step += 1;
    const tokens = batches.reduce((sum, batch) => sum + batch.tokens, 0);
    const seconds = (performance.now() - started) / 1000;
    return { step: this.step, loss, parts, factor, tokens, tokensPerSecond: tokens / seconds };
  }

  /** Adds up the gradients of one step; returns the mean of each part of the loss. */
  async #accumulate(batches: readonly B[]): Promise<Record<string, number>> {
    const { accumulate, signal } = this.#options;
    const totals = totalCounts(batches);
    const parts: Record<string, number> = {};
    for (const [i, batch] of batches.entries()) {
      signal?.throwIfAborted();
      const sums = this.#differentiate(batch, totals, this.step * accumulate + i);
      for (const [name, sum] of Object.entries(sums)) {
        parts[name] = (parts[name] ?? 0) + (await sum.item()) / Math.max(1, totals[name]!);
        sum.dispose();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const [name, part] of Object.entries(parts)) {
      if (Number.isFinite(part)) continue;
      throw new GerbertError(
        'LOSS_NOT_FINITE',
        `The loss ('${name}') of step ${this.step + 1} is ${part}: lower the learning rate, lengthen the warm-up, or look at the data.`,
      );
    }
    return parts;
  }

  /** Adds one batch's share to the gradients; returns the sums of its parts, detached. */
  #differentiate(batch: B, totals: Record<string, number>, step: number): Record<string, Tensor> {
    return scope(() => {
      const { seed, precision } = this.#options;
      const sums = autocast(precision, () => seeded({ seed, step }, () => this.model.loss(batch)));
      let objective: Tensor | null = null;
      for (const [name, sum] of Object.entries(sums)) {
        if (totals[name] === undefined) {
          throw new GerbertError('BATCH_COUNTS', `The model's loss has a part '${name}', but the batch counts none.`);
        }
        const mean = affine(sum, 1 / Math.max(1, totals[name]));
        objective = objective ? add(objective, mean) : mean;
      }
      objective?.backward();
      return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum.detach()]));
    });
  }
}

function setCheckpointing(model: Trainable<never>, value: boolean): void {
  if (!('gradientCheckpointing' in model)) {
    const what = `the model, a ${model.constructor.name}, has no property gradientCheckpointing to set`;
    throw new GerbertError('OPTION_RANGE', `Trainer: ${what}.`);
  }
  model.gradientCheckpointing = value;
}

function totalCounts(batches: readonly Batch[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { counts } of batches) {
    for (const [name, count] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + count;
  }
  return totals;
}
