import type { JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import type { Normalizer } from './normalizer.js';

/** One normalizer after the other. */
export class SequenceNormalizer implements Normalizer {
  readonly normalizers: readonly Normalizer[];

  constructor(normalizers: readonly Normalizer[]) {
    this.normalizers = normalizers;
  }

  normalize(text: AlignedText): AlignedText {
    return this.normalizers.reduce((result, normalizer) => normalizer.normalize(result), text);
  }

  toJSON(): JsonObject {
    return { type: 'Sequence', normalizers: this.normalizers.map((normalizer) => normalizer.toJSON()) };
  }
}
