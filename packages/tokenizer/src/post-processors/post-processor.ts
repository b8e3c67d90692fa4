import { Encoding } from '../encoding/encoding.js';
import type { JsonObject } from '../json/fields.js';

/** Completes the encodings of a text and perhaps its pair, before they are put together. */
export interface PostProcessor {
  /** How many special tokens will be added. */
  addedTokens(isPair: boolean): number;
  /** `encodings`: that of the text, then that of the pair if there is one. What it gives is put together in order. */
  process(encodings: Encoding[], addSpecialTokens: boolean): Encoding[];
  /** The component as tokenizer.json writes it. */
  toJSON(): JsonObject;
}

/** Puts the encodings of a text and perhaps its pair together. */
export function postProcess(
  processor: PostProcessor | undefined,
  encodings: readonly Encoding[],
  addSpecialTokens: boolean,
): Encoding {
  const { tokenOf } = encodings[0];
  if (processor === undefined) {
    if (encodings.length === 1) return encodings[0];
    return Encoding.merge(
      encodings.map((encoding, i) => encoding.withSequence(i)),
      tokenOf,
    );
  }
  const marked = encodings.map((encoding, i) => encoding.withAll((part) => part.withSequence(i)).withTypeId(i));
  return Encoding.merge(processor.process(marked, addSpecialTokens), tokenOf);
}
