import { Encoding } from '../encoding/encoding.js';
import type { JsonObject } from '../json/fields.js';

/** Puts the encodings of a text and perhaps its pair together. */
export interface PostProcessor {
  /** How many special tokens will be added. */
  addedTokens(isPair: boolean): number;
  /** `encodings`: that of the text, then that of the pair if there is one; their sequence and type ids are set. */
  process(encodings: Encoding[], addSpecialTokens: boolean): Encoding;
  /** The component as tokenizer.json writes it. */
  toJSON(): JsonObject;
}

/** Applies `change` to an encoding and to all that overflowed of it. */
export function withOverflow(encoding: Encoding, change: (encoding: Encoding) => Encoding): Encoding {
  const changed = change(encoding);
  return changed.with(changed.columns, encoding.overflowing.map(change));
}

/** What happens without a post-processor: one after the other. */
export function join(encodings: Encoding[]): Encoding {
  return encodings.length === 1 ? encodings[0] : Encoding.concat(encodings);
}
