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
  offsets: (readonly [number, number])[];
  overflowing: EncodingJson[];
}

/** From an offset in UTF-16 units to one in code points. */
export type Ruler = (offset: number) => number;

/** `rulers`: for the text and for its pair; without them offsets stay in UTF-16 units. */
export function encodingJson(encoding: Encoding, rulers?: readonly Ruler[]): EncodingJson {
  const { sequenceIds } = encoding;
  return {
    ids: [...encoding.ids],
    tokens: encoding.tokens,
    typeIds: [...encoding.typeIds],
    attentionMask: [...encoding.attentionMask],
    specialTokensMask: [...encoding.specialTokensMask],
    wordIds: encoding.wordIds,
    sequenceIds,
    offsets: encoding.offsets.map((span, i) => {
      const ruler = rulers?.[sequenceIds[i] ?? 0];
      return ruler === undefined ? span : [ruler(span[0]), ruler(span[1])];
    }),
    overflowing: encoding.overflowing.map((part) => encodingJson(part, rulers)),
  };
}

/**
 * Counts code points, as Python and Rust do; half a surrogate pair counts as one.
 * `a😀b` is 4 units long: the offsets 0, 1, 3, 4 become 0, 1, 2, 3.
 */
export function codePointRuler(text: string): Ruler {
  let pairs: Int32Array | undefined;
  for (let i = 0; i < text.length; i++) {
    if (text.codePointAt(i)! <= 0xffff) continue;
    pairs ??= new Int32Array(text.length + 1);
    pairs[i + 2] = 1;
  }
  if (pairs === undefined) return (offset) => offset;
  const sums = pairs;
  for (let i = 1; i < sums.length; i++) sums[i] += sums[i - 1];
  return (offset) => offset - sums[offset];
}
