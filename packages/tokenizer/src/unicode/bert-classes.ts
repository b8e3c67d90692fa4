import { CONTROL_SPANS, NONSPACING_MARK_SPANS, PUNCTUATION_SPANS, SPACE_SPANS } from './class-runs.js';
import { tableOfClasses } from './runs.js';

// One bit per class: what BERT's normalizer and pre-tokenizer tell apart.
export const SPACE = 4;
export const PUNCTUATION = 16;
export const CONTROL = 32;
export const NONSPACING_MARK = 64;

/** These classes of every code point, one byte each, built when the module loads. */
export const BERT_CLASSES: Uint8Array = /* @__PURE__ */ tableOfClasses([
  [SPACE, SPACE_SPANS],
  [PUNCTUATION, PUNCTUATION_SPANS],
  [CONTROL, CONTROL_SPANS],
  [NONSPACING_MARK, NONSPACING_MARK_SPANS],
]);
