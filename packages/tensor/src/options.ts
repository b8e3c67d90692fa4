import { GerbertError } from './errors.js';

/** Throws `OPTION_UNKNOWN` where `options` has a name that is not `known`: nothing a caller asks for is passed over in silence. */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const message = `${what}: there is no option '${name}'; did you mean '${nearest(name, known)}'? The options are ${known.join(', ')}.`;
    throw new GerbertError('OPTION_UNKNOWN', message);
  }
}

/** Throws `OPTION_RANGE` where the value of an option is none of `known`. */
export function checkChoice(what: string, value: unknown, known: readonly string[]): void {
  if (known.includes(value as string)) return;
  const guess = nearest(String(value), known);
  const message = `${what} cannot be '${String(value)}'; did you mean '${guess}'? It is one of ${known.join(', ')}.`;
  throw new GerbertError('OPTION_RANGE', message);
}

function nearest(name: string, known: readonly string[]): string {
  const far = (other: string) => distance(name.toLowerCase(), other.toLowerCase());
  return known.reduce((best, other) => (far(other) < far(best) ? other : best));
}

/** Insertions, deletions and substitutions between two words (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, substituted));
    }
    row = next;
  }
  return row[b.length]!;
}
