import { COMBINING_MARK_SPANS } from './class-runs.js';
import { tableOfClasses } from './runs.js';

/** M, all combining marks. */
export const COMBINING_MARK = 1;

let table: Uint8Array | undefined;

/** Whether each code point is a combining mark; built at the first call. */
export function markClasses(): Uint8Array {
  table ??= tableOfClasses([[COMBINING_MARK, COMBINING_MARK_SPANS]]);
  return table;
}
