import { sorted } from './paced.js';
import type { Pacer } from './pacer.js';

/** What pieces would be put together from if they were not there. */
export interface Alternatives {
  /** Those of piece `i` are `parts` from `offsets[i]` to `offsets[i + 1]`; none where a better way is in use already. */
  parts: Int32Array;
  offsets: Int32Array;
  /** 0 for pieces that may go where they are not in use. */
  keep: Uint8Array;
}

export interface PruningState {
  /** How often each piece is in the best ways to put the words together. */
  frequencies: Float64Array;
  /** Occurrences of all words. */
  words: number;
  alternatives: Alternatives;
}

/**
 * How much likelihood each occurrence of a word loses when all those of the piece become its alternative. The sum of the
 * frequencies then grows by one for each part beyond the first; as in the Rust library, it is taken to grow by the number
 * of all pieces.
 */
function loss({ frequencies, words, alternatives }: PruningState, piece: number, sum: number): number {
  const { parts, offsets } = alternatives;
  const frequency = frequencies[piece];
  const from = offsets[piece];
  const to = offsets[piece + 1];
  const all = Math.log(sum + frequency * (frequencies.length - 1));
  let instead = 0;
  for (let i = to - 1; i >= from; i--) instead += Math.log(frequencies[parts[i]] + frequency) - all;
  return (frequency / words) * (Math.log(frequency) - Math.log(sum) - instead);
}

/**
 * Which pieces stay, about `size` of them, and in which order: the unknown piece, those without alternative, then the
 * others by descending loss.
 */
export async function pruneOrder(state: PruningState, size: number, pacer: Pacer): Promise<number[]> {
  const { frequencies, alternatives } = state;
  const { offsets, keep } = alternatives;
  const sum = frequencies.reduce((total, frequency) => total + frequency, 0);
  const order = [0];
  const candidates: number[] = [];
  const losses = new Float64Array(frequencies.length);
  for (let piece = 1; piece < frequencies.length; piece++) {
    if (frequencies[piece] === 0 && keep[piece] === 0) continue;
    if (offsets[piece + 1] === offsets[piece]) order.push(piece);
    else if (frequencies[piece] > 0) {
      losses[piece] = loss(state, piece, sum);
      candidates.push(piece);
    }
  }
  const ranked = await sorted(candidates.length, pacer, (a, b) => losses[candidates[b]] - losses[candidates[a]]);
  // As in the Rust library, where more pieces than wanted have no alternative, all the others stay too.
  const room = order.length > size ? candidates.length : size - order.length;
  for (const i of ranked.subarray(0, room)) order.push(candidates[i]);
  return order;
}
