import type { PieceText } from './piece-text.js';

/**
 * Pieces of a vocabulary in the making, each a place of the text and a length. The piece 0 stands for what is unknown; it
 * covers nothing and its score counts nowhere.
 */
export interface Pieces {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  /** Logarithms of probabilities. */
  readonly scores: Float64Array;
  readonly size: number;
}

export function emptyPieces(size: number): Pieces {
  return {
    starts: new Int32Array(size),
    lengths: new Int32Array(size),
    scores: new Float64Array(size),
    size,
  };
}

/** The chosen pieces, in the given order. */
export function selectPieces(pieces: Pieces, chosen: ArrayLike<number>): Pieces {
  const selected = emptyPieces(chosen.length);
  for (let i = 0; i < chosen.length; i++) {
    selected.starts[i] = pieces.starts[chosen[i]];
    selected.lengths[i] = pieces.lengths[chosen[i]];
    selected.scores[i] = pieces.scores[chosen[i]];
  }
  return selected;
}

export function pieceString({ symbols, codes }: PieceText, { starts, lengths }: Pieces, piece: number): string {
  let text = '';
  const end = starts[piece] + lengths[piece];
  for (let i = starts[piece]; i < end; i++) text += String.fromCodePoint(codes[symbols[i]]);
  return text;
}

/** The lowest score, without that of the unknown piece; 0 where there is no other. */
export function lowestScore({ scores, size }: Pieces): number {
  let lowest = Infinity;
  for (let i = 1; i < size; i++) if (scores[i] < lowest) lowest = scores[i];
  return lowest === Infinity ? 0 : lowest;
}
