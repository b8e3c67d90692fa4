import { SPACE_SPANS, WORD_SPANS } from './class-runs.js';
import { tableOfClasses } from './runs.js';

export const SPACE = 4;
/** `\w` of the Whitespace pre-tokenizer. */
export const WORD = 8;

let table: Uint8Array | undefined;

/** Both classes of every code point, one byte each; built at the first call. */
export function wordClasses(): Uint8Array {
  table ??= tableOfClasses([
    [SPACE, SPACE_SPANS],
    [WORD, WORD_SPANS],
  ]);
  return table;
}
