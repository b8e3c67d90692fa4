import { adamw, type Batch, type BatchSource, linearSchedule, type Trainable, Trainer } from '@gerbert/trainer';
import type { Context } from './context.js';

export interface TrainingRun<B extends Batch> {
  label: string;
  model: Trainable<B>;
  data: BatchSource<B>;
  steps: number;
  lr: number;
  warmup: number;
}

/** Trains with AdamW and a linear schedule under the eyes of the progress display; returns every step's loss and the tokens read. */
export async function trainWith<B extends Batch>(
  { learning, signal, seed, progress }: Context,
  { label, model, data, steps, lr, warmup }: TrainingRun<B>,
): Promise<{ losses: number[]; tokensSeen: number }> {
  const optimizer = adamw(model, { lr: learning ? lr : 0, betas: [0.9, 0.98], weightDecay: 0.01 });
  const schedule = linearSchedule({ warmup: Math.min(warmup, steps), steps });
  const trainer = new Trainer(model, { data, optimizer, schedule, steps, seed, signal });
  const losses: number[] = [];
  let tokensSeen = 0;
  progress.start(steps, label);
  try {
    for await (const { step, loss, tokens, tokensPerSecond } of trainer.run()) {
      losses.push(loss);
      tokensSeen += tokens;
      progress.step(step, { loss, tokensPerSecond });
    }
  } finally {
    progress.stop();
    optimizer.dispose();
  }
  return { losses, tokensSeen };
}
