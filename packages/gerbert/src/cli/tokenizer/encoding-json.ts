import type { Encoding } from '@gerbert/tokenizer';

/** An encoding as `encode --json` writes it. */
export interface EncodingJson {
  ids: number[];
  tokens: readonly string[];
  typeIds: number[];
  attentionMask: number[];
  specialTokensMask: number[];
  wordIds: (number | null)[];
  sequenceIds: (number | null)[];
  offsets: readonly (readonly [number, number])[];
  overflowing: EncodingJson[];
}

/** `codePoints`: how offsets count; else UTF-16 units. */
export function encodingJson(encoding: Encoding, codePoints: boolean): EncodingJson {
  return {
    ids: Array.from(encoding.ids),
    tokens: encoding.tokens,
    typeIds: Array.from(encoding.typeIds),
    attentionMask: Array.from(encoding.attentionMask),
    specialTokensMask: Array.from(encoding.specialTokensMask),
    wordIds: encoding.wordIds,
    sequenceIds: encoding.sequenceIds,
    offsets: codePoints ? encoding.codePointOffsets : encoding.offsets,
    overflowing: encoding.overflowing.map((part) => encodingJson(part, codePoints)),
  };
}
