import { Precision, type PrecisionCode } from '../backend.js';
import { checkChoice } from '../options.js';
import { synchronous } from '../scope.js';

/** What matrix products multiply: the numbers as they are, or rounded to bf16. Sums are f32 or better either way. */
export type AutocastPrecision = 'full' | 'bf16';

const precisions = ['full', 'bf16'] as const;

let current: PrecisionCode = Precision.full;

/**
 * Runs `fn`, in which `linear`, `matmul` and `linearCrossEntropy` round what they multiply to `precision`; their backward does the same, whenever it
 * runs. Tensors keep their dtype: parameters, gradients and all other ops stay as they are (Micikevicius et al., "Mixed Precision Training", 2018).
 * Faster where the processor multiplies bf16; elsewhere it gives such a processor's numbers.
 *
 * `fn` must be synchronous: a promise throws `SCOPE_ASYNC`. Throws `OPTION_RANGE` for another precision.
 */
export function autocast<T>(precision: AutocastPrecision, fn: () => T): T {
  checkChoice('autocast: the precision', precision, precisions);
  return withPrecision(Precision[precision], () => synchronous('autocast', fn));
}

/** Runs `fn` with products that multiply in `precision`. */
export function withPrecision<T>(precision: PrecisionCode, fn: () => T): T {
  const before = current;
  current = precision;
  try {
    return fn();
  } finally {
    current = before;
  }
}

/** The precision that products made now multiply in. */
export function currentPrecision(): PrecisionCode {
  return current;
}
