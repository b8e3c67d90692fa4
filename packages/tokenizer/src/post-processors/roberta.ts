import type { Encoding } from '../encoding/encoding.js';
import type { Segment } from '../encoding/segment.js';
import type { Fields, JsonObject } from '../json/fields.js';
import type { PostProcessor } from './post-processor.js';
import { readTokenAndId, specialSegment, type TokenAndId, wrap } from './special.js';
import { trimOffsets } from './trim-offsets.js';

export interface RobertaOptions {
  sep: TokenAndId;
  cls: TokenAndId;
  /** Take the spaces that tokens begin or end with out of their offsets. */
  trimOffsets: boolean;
  /** Whether the pre-tokenizer puts a space before a text, which has no offsets of its own. */
  addPrefixSpace: boolean;
}

/** RoBERTa's template (Liu et al. 2019): `<s> A </s>`, `<s> A </s> </s> B </s>`, every type id 0. */
export class RobertaProcessing implements PostProcessor {
  readonly options: RobertaOptions;
  readonly #cls: Segment;
  readonly #sep: Segment;

  constructor(options: RobertaOptions) {
    this.options = options;
    this.#cls = specialSegment([options.cls], 0);
    this.#sep = specialSegment([options.sep], 0);
  }

  static read(fields: Fields): RobertaProcessing {
    return new RobertaProcessing({
      sep: readTokenAndId(fields, 'sep'),
      cls: readTokenAndId(fields, 'cls'),
      trimOffsets: fields.boolean('trim_offsets'),
      addPrefixSpace: fields.boolean('add_prefix_space'),
    });
  }

  addedTokens(isPair: boolean): number {
    return isPair ? 4 : 2;
  }

  process(encodings: Encoding[], addSpecialTokens: boolean): Encoding[] {
    const { addPrefixSpace } = this.options;
    const trimmed = this.options.trimOffsets
      ? encodings.map((encoding) => trimOffsets(encoding, addPrefixSpace))
      : encodings;
    if (!addSpecialTokens) return trimmed.map((encoding) => encoding.withTypeId(0));
    // What overflowed has type id 0 too once it is wrapped, but not before.
    return trimmed.map((encoding, i) =>
      wrap(
        encoding.withAll((part) => part.withTypeId(0)),
        i === 0 ? 0 : 1,
        i === 0 ? this.#cls : this.#sep,
        this.#sep,
      ),
    );
  }

  toJSON(): JsonObject {
    return {
      type: 'RobertaProcessing',
      sep: [...this.options.sep],
      cls: [...this.options.cls],
      trim_offsets: this.options.trimOffsets,
      add_prefix_space: this.options.addPrefixSpace,
    };
  }
}
