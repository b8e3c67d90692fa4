import { LETTER_SPANS, NUMBER_SPANS, SPACE_SPANS } from './class-runs.js';
import { tableOfClasses } from './runs.js';

// One bit per class. The classes are those of the Rust library, with its Unicode versions: see class-runs.ts.
export const LETTER = 1;
export const NUMBER = 2;
export const SPACE = 4;

/**
 * Letters, numbers and white space of every code point, one byte each (1.1 MB), built when the module loads (about 1 ms).
 * `CLASSES[0x41] & LETTER` is not 0. What else there is to know of characters is in tables of its own, for the sake of bundles.
 */
export const CLASSES: Uint8Array = /* @__PURE__ */ tableOfClasses([
  [LETTER, LETTER_SPANS],
  [NUMBER, NUMBER_SPANS],
  [SPACE, SPACE_SPANS],
]);
