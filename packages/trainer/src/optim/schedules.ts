import { checkOptions, GerbertError } from '@gerbert/tensor';

/** The factor on the learning rate at a step (the first is 0). */
export type Schedule = (step: number) => number;

export interface ScheduleOptions {
  /** Steps over which the factor rises from 1/warmup to 1. */
  warmup: number;
  /** All steps of the training, warm-up included. */
  steps: number;
  /** Factor at the end. Default 0. */
  floor?: number;
}

/** Always 1. */
export const constantSchedule: Schedule = () => 1;

/** Linear warm-up, then linear decay (Devlin et al. 2019). Throws `OPTION_UNKNOWN`, `OPTION_RANGE`. */
export function linearSchedule(options: ScheduleOptions): Schedule {
  return shaped('linear', options, (progress) => 1 - progress);
}

/** Linear warm-up, then half a cosine (Loshchilov & Hutter 2017). Throws `OPTION_UNKNOWN`, `OPTION_RANGE`. */
export function cosineSchedule(options: ScheduleOptions): Schedule {
  return shaped('cosine', options, (progress) => 0.5 * (1 + Math.cos(Math.PI * progress)));
}

function shaped(name: string, options: ScheduleOptions, shape: (progress: number) => number): Schedule {
  checkOptions(`${name} schedule`, options, ['warmup', 'steps', 'floor']);
  const { warmup, steps, floor = 0 } = options;
  if (!Number.isInteger(warmup) || warmup < 0 || !(steps >= warmup)) {
    throw new GerbertError(
      'OPTION_RANGE',
      `${name} schedule: warmup ${warmup} must be a whole number of steps within the ${steps} of the training.`,
    );
  }
  if (!(floor >= 0 && floor <= 1)) {
    throw new GerbertError('OPTION_RANGE', `${name} schedule: floor must be in [0, 1], not ${floor}.`);
  }
  return (step) => {
    if (step < warmup) return (step + 1) / warmup;
    const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
    return floor + (1 - floor) * shape(progress);
  };
}
