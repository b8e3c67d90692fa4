import { CLASS_RANGES } from './class-ranges.js';

// One bit per class. The classes are those of the Rust library, see class-ranges.ts.
export const LETTER = 1;
export const NUMBER = 2;
export const SPACE = 4;
export const WORD = 8;
export const PUNCTUATION = 16;
export const CONTROL = 32;
export const NONSPACING_MARK = 64;
export const COMBINING_MARK = 128;

function mark(table: Uint8Array, ranges: string, bit: number): void {
  const words = ranges.split(' ');
  let at = 0;
  for (let i = 0; i < words.length; i += 2) {
    const from = at + Number.parseInt(words[i], 36);
    at = from + Number.parseInt(words[i + 1], 36);
    for (let code = from; code < at; code++) table[code] |= bit;
  }
}

function build(): Uint8Array {
  const table = new Uint8Array(0x110000);
  mark(table, CLASS_RANGES.LETTER, LETTER);
  mark(table, CLASS_RANGES.NUMBER, NUMBER);
  mark(table, CLASS_RANGES.SPACE, SPACE);
  mark(table, CLASS_RANGES.WORD, WORD);
  mark(table, CLASS_RANGES.PUNCTUATION, PUNCTUATION);
  mark(table, CLASS_RANGES.CONTROL, CONTROL);
  mark(table, CLASS_RANGES.NONSPACING_MARK, NONSPACING_MARK);
  mark(table, CLASS_RANGES.COMBINING_MARK, COMBINING_MARK);
  return table;
}

/**
 * Classes of every code point, one byte each (1.1 MB), built when the module loads.
 * `CLASSES[0x41] & LETTER` is not 0.
 */
export const CLASSES: Uint8Array = /* @__PURE__ */ build();
