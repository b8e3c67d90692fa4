import { tableOfRuns } from './runs.js';
import { SCRIPT_RUNS } from './script-runs.js';

/** The script of what belongs to any: the space, and characters the library's table does not know. */
export const ANY_SCRIPT = 0;

let table: Uint8Array | undefined;

/**
 * The number of the script of `code`, as the UnicodeScripts pre-tokenizer of the Rust library reckons it: its own corrections
 * are in (Hiragana, Katakana and U+30FC are of Han's script, the space is of any), as the table was found by asking it.
 * Numbers mean nothing beyond being equal or not.
 */
export function scriptOf(code: number): number {
  table ??= tableOfRuns(SCRIPT_RUNS);
  return table[code];
}
