import { GerbertError } from './errors.js';
import { checkOptions } from './options.js';
import { synchronous } from './scope.js';

/** What keys the dropout masks of one forward pass; see `Kernels.dropout` for how they are made. */
export interface Randomness {
  /** Below 2³². */
  seed: number;
  /** Below 2³²: one for each optimiser step (or micro-batch), so that masks differ. */
  step: number;
}

/** The key of a dropout op. */
export type OpKey = Readonly<Randomness & { op: number }>;

let current: Randomness & { op: number } = { seed: 0, step: 0, op: 0 };

/** Runs a synchronous `fn` (one forward pass) whose dropout masks depend on `seed`, `step` and the order of its dropout ops only. */
export function seeded<T>(randomness: Randomness, fn: () => T): T {
  checkOptions('seeded', randomness, ['seed', 'step']);
  const { seed, step } = randomness;
  for (const [name, value] of Object.entries({ seed, step })) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
      throw new GerbertError('OPTION_RANGE', `seeded(): ${name} is ${value}, but must be a whole number in [0, 2³²).`);
    }
  }
  const before = current;
  current = { seed, step, op: 0 };
  try {
    return synchronous('seeded', fn);
  } finally {
    current = before;
  }
}

/** The key of the next dropout op. */
export function nextOp(): OpKey {
  current.op = (current.op + 1) % 2 ** 24;
  return { ...current };
}

/** The key of the latest dropout op. */
export function latestOp(): OpKey {
  return { ...current };
}

/** Runs `fn` as if `latest` had been the latest dropout op before it. */
export function resumed<T>(latest: OpKey, fn: () => T): T {
  const before = current;
  current = { ...latest };
  try {
    return fn();
  } finally {
    current = before;
  }
}
