import type { Encoding } from '../encoding/encoding.js';
import type { JsonObject } from '../json/fields.js';
import { type ByteLevelOptions, writeByteLevel } from '../pre-tokenizers/byte-level.js';
import type { PostProcessor } from './post-processor.js';
import { trimOffsets } from './trim-offsets.js';

/** Takes the spaces a byte-level token begins or ends with out of its offsets, where `trimOffsets` says so. */
export class ByteLevelProcessing implements PostProcessor {
  readonly options: ByteLevelOptions;

  constructor(options: ByteLevelOptions) {
    this.options = options;
  }

  addedTokens(): number {
    return 0;
  }

  process(encodings: Encoding[]): Encoding[] {
    const trimmed = this.options.trimOffsets
      ? encodings.map((encoding) => trimOffsets(encoding, this.options.addPrefixSpace))
      : encodings;
    return trimmed.map((encoding, i) => encoding.withSequence(i));
  }

  toJSON(): JsonObject {
    return writeByteLevel(this.options);
  }
}
