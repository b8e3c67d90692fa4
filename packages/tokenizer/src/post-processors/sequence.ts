import type { Encoding } from '../encoding/encoding.js';
import type { JsonObject } from '../json/fields.js';
import type { PostProcessor } from './post-processor.js';

/** One post-processor after the other: each is given what the one before gives. */
export class SequenceProcessing implements PostProcessor {
  readonly processors: readonly PostProcessor[];

  constructor(processors: readonly PostProcessor[]) {
    this.processors = processors;
  }

  addedTokens(isPair: boolean): number {
    return this.processors.reduce((sum, processor) => sum + processor.addedTokens(isPair), 0);
  }

  process(encodings: Encoding[], addSpecialTokens: boolean): Encoding[] {
    return this.processors.reduce((given, processor) => processor.process(given, addSpecialTokens), encodings);
  }

  toJSON(): JsonObject {
    return { type: 'Sequence', processors: this.processors.map((processor) => processor.toJSON()) };
  }
}
