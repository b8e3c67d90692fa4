import { CASE_RUNS } from './case-runs.js';
import { CLASSES, LETTER, NUMBER, SPACE } from './classes.js';

// The first three bits are those of classes.ts.
export { LETTER, NUMBER, SPACE };
/** `[\p{Lu}\p{Lt}]`. */
export const UPPER = 8;
/** `\p{Ll}`. */
export const LOWER = 16;
/** `\p{M}` of the regex engines (which are younger than what StripAccents removes). */
export const MARK = 32;

const RUN_KINDS = [[UPPER], [LOWER], [UPPER, LOWER], [LOWER, UPPER], [MARK]];

function build(): Uint8Array {
  const table = CLASSES.map((classes) => classes & (LETTER | NUMBER | SPACE));
  const words = CASE_RUNS.split(' ');
  let at = 0;
  for (let i = 0; i < words.length; i += 3) {
    const from = at + Number.parseInt(words[i], 36);
    at = from + Number.parseInt(words[i + 1], 36);
    const cycle = RUN_KINDS[Number.parseInt(words[i + 2], 36)];
    for (let code = from; code < at; code++) table[code] |= cycle[(code - from) % cycle.length];
  }
  return table;
}

let table: Uint8Array | undefined;

/** Classes of every code point as the patterns of tiktoken's encodings tell them apart; built at the first call. */
export function patternClasses(): Uint8Array {
  table ??= build();
  return table;
}
