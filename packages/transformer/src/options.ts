import { GerbertError } from '@gerbert/tensor';

/** The options with defaults in place of those that are missing or undefined. */
export function withDefaults<T extends object, D extends Partial<T>>(options: T, defaults: D): T & Required<D> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as T & Required<D>;
}

/** Throws `OPTION_RANGE` unless `value` is a whole number ≥ `least`. */
export function checkWhole(what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new GerbertError('OPTION_RANGE', `${what} must be a whole number, at least ${least}, not ${value}.`);
}
