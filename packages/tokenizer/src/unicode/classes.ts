import { CLASS_RUNS } from './class-runs.js';

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

function build(): Uint8Array {
  const table = new Uint8Array(0x110000);
  const words = CLASS_RUNS.split(' ');
  let at = 0;
  for (let i = 0; i < words.length; i += 3) {
    const from = at + Number.parseInt(words[i], 36);
    at = from + Number.parseInt(words[i + 1], 36);
    table.fill(Number.parseInt(words[i + 2], 36), from, at);
  }
  return table;
}

/**
 * Classes of every code point, one byte each (1.1 MB), built when the module loads.
 * `CLASSES[0x41] & LETTER` is not 0.
 */
export const CLASSES: Uint8Array = /* @__PURE__ */ build();
