import type { Encoding } from '../encoding/encoding.js';
import { TokenizerError } from '../errors.js';
import type { JsonObject } from '../json/fields.js';
import type { PostProcessor } from './post-processor.js';

/** Far more than any file has: each of them makes an encoding anew, out of what all before it made. */
const MOST = 100;

/** One post-processor after the other: each is given what the one before gives. */
export class SequenceProcessing implements PostProcessor {
  readonly processors: readonly PostProcessor[];

  /** @throws TokenizerError `TOKENIZER_COMPONENT_UNSUPPORTED` where they are more than 100, those of inner sequences included. */
  constructor(processors: readonly PostProcessor[]) {
    this.processors = processors;
    if (this.size > MOST) {
      const message = `post_processor has ${this.size} members, more than ${MOST}; put what they add into one TemplateProcessing.`;
      throw new TokenizerError('TOKENIZER_COMPONENT_UNSUPPORTED', message);
    }
  }

  /** How many there are, those of inner sequences included. */
  get size(): number {
    return this.processors.reduce((sum, each) => sum + (each instanceof SequenceProcessing ? each.size : 1), 0);
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
