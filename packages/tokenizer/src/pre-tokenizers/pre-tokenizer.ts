import type { JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { IntList } from '../text/int-list.js';

/** A text and the pieces of it that the model will see, in order; what no piece covers is dropped. */
export class Pieces {
  readonly text: AlignedText;
  /** Start and end of each piece, in UTF-16 units of `text`. No piece is empty. */
  readonly bounds: IntList;

  constructor(text: AlignedText, bounds = new IntList()) {
    this.text = text;
    this.bounds = bounds;
  }

  /** The whole text as one piece. */
  static whole(text: AlignedText): Pieces {
    const pieces = new Pieces(text);
    if (text.text.length > 0) pieces.bounds.push2(0, text.text.length);
    return pieces;
  }

  get count(): number {
    return this.bounds.length / 2;
  }

  /** The units in all pieces. Where the model sees a text bit by bit, it may be far longer than these. */
  get units(): number {
    const { data, length } = this.bounds;
    let units = 0;
    for (let i = 0; i < length; i += 2) units += data[i + 1] - data[i];
    return units;
  }
}

/** Divides pieces further; may rewrite the text as well, as ByteLevel does. */
export interface PreTokenizer {
  split(pieces: Pieces): Pieces;
  /** Whether the division depends on where pieces come from: the text must then be tracked even where nobody asks for offsets. */
  readonly needsOrigins?: boolean;
  /** The component as tokenizer.json writes it. */
  toJSON(): JsonObject;
}

/** Divides every piece by `scan(text, from, to, bounds)`, which appends pairs to `bounds`. */
export function splitEach(
  pieces: Pieces,
  scan: (text: string, from: number, to: number, bounds: IntList) => void,
): Pieces {
  const bounds = new IntList(Math.max(16, pieces.units >> 1));
  const { data, length } = pieces.bounds;
  for (let i = 0; i < length; i += 2) scan(pieces.text.text, data[i], data[i + 1], bounds);
  return new Pieces(pieces.text, bounds);
}
