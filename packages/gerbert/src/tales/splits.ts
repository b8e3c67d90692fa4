import { hashTexts } from './random.js';
import type { Split } from './types.js';

/** How many consecutive sentences belong to one split alone. */
export const RUN = 3;

/**
 * The split that a run of three consecutive sentences belongs to: half of all runs to training, a quarter to each of the others. A tale is told only in runs of its own
 * split, so that no three consecutive sentences of a held-out tale stand in any training tale, whatever the seeds.
 */
export function splitOfRun(run: readonly string[]): Split {
  const part = hashTexts(run) >>> 30;
  return part === 0 ? 'validation' : part === 1 ? 'test' : 'train';
}

/** Whether `more` may follow `told` in a tale of the split. */
export function mayFollow(told: readonly string[], more: readonly string[], split: Split): boolean {
  const tail = [...told.slice(-(RUN - 1)), ...more];
  for (let i = RUN; i <= tail.length; i++) if (splitOfRun(tail.slice(i - RUN, i)) !== split) return false;
  return true;
}
