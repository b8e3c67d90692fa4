import type { JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';

/** Rewrites text before it is divided. Returns its argument where nothing changes. */
export interface Normalizer {
  normalize(text: AlignedText): AlignedText;
  /** The component as tokenizer.json writes it. */
  toJSON(): JsonObject;
}
