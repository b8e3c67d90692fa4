import { hashTexts } from './random.js';
import type { Split } from './types.js';

/** How many consecutive sentences belong to one split alone. */
export const RUN = 3;

const splits: readonly Split[] = ['train', 'validation', 'test'];

/**
 * The split that a run of three consecutive sentences belongs to. A tale is told only in runs of its own split, so that no three consecutive
 * sentences of a held-out tale stand in any training tale, whatever the seeds. Each split has a third of all runs: what a split leaves
 * out is then left out alike in each, and held-out tales differ from training tales in nothing but the runs.
 */
export function splitOfRun(run: readonly string[]): Split {
  return splits[hashTexts(run) % splits.length];
}

/** Whether `more` may follow `told` in a tale of the split. */
export function mayFollow(told: readonly string[], more: readonly string[], split: Split): boolean {
  const tail = [...told.slice(-(RUN - 1)), ...more];
  for (let i = RUN; i <= tail.length; i++) if (splitOfRun(tail.slice(i - RUN, i)) !== split) return false;
  return true;
}
