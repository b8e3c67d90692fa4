import { GerbertError } from '@gerbert/tensor';

/**
 * Refuses options that nobody would read. `known` has every option as a key.
 *
 * @throws `OPTION_UNKNOWN`, naming the option and the nearest known one
 */
export function checkOptions<T extends object>(
  what: string,
  options: T,
  known: { readonly [K in keyof Required<T>]: unknown },
): void {
  const names = Object.keys(known);
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const nearest = names.reduce((best, each) => (distance(name, each) < distance(name, best) ? each : best));
    throw new GerbertError(
      'OPTION_UNKNOWN',
      `${what} has no option '${name}'; did you mean '${nearest}'? It knows ${names.join(', ')}.`,
    );
  }
}

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

/** Edits between two names (Levenshtein 1966), not counting case. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a.toLowerCase()].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b.toLowerCase()].entries()) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
