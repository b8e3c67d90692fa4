import { CLASS_RUNS } from './class-runs.js';
import { tableOfRuns } from './runs.js';

// One bit per class. The classes are those of the Rust library, with its Unicode versions: see class-runs.ts.
export {
  COMBINING_MARK,
  CONTROL,
  LETTER,
  NONSPACING_MARK,
  NUMBER,
  PUNCTUATION,
  SPACE,
  WORD,
} from './class-runs.js';

/**
 * Classes of every code point, one byte each (1.1 MB), built when the module loads (under 1 ms).
 * `CLASSES[0x41] & LETTER` is not 0.
 */
export const CLASSES: Uint8Array = /* @__PURE__ */ tableOfRuns(CLASS_RUNS);
