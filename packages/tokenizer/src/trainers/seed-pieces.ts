import { IntList } from '../text/int-list.js';
import { inRanges, sorted } from './paced.js';
import type { Pacer } from './pacer.js';
import { BOUNDARY, type PieceText } from './piece-text.js';
import { emptyPieces, type Pieces } from './pieces.js';
import { suffixOrder } from './suffix-order.js';

/** Substrings that occur at least twice, each as far as all its occurrences go on alike. */
interface Repeats {
  /** Where in the order its occurrences begin. */
  lefts: IntList;
  lengths: IntList;
  /** How often they occur, overlaps included. */
  frequencies: IntList;
}

/** How many symbols agree at two places, to `most` or up to a boundary, which is counted. */
function agreement(symbols: Int32Array, a: number, b: number, most: number): number {
  let length = 0;
  while (length < most && symbols[a + length] === symbols[b + length]) {
    length++;
    if (symbols[a + length - 1] === BOUNDARY) break;
  }
  return length;
}

/**
 * The inner nodes of the suffix tree that are at most `longest` symbols deep and hold no boundary, from the order of the
 * suffixes, with a stack of open intervals (Abouelhoda, Kurtz and Ohlebusch 2004).
 */
async function repeats(symbols: Int32Array, order: Int32Array, longest: number, pacer: Pacer): Promise<Repeats> {
  const found = { lefts: new IntList(), lengths: new IntList(), frequencies: new IntList() };
  const lefts = new IntList();
  const depths = new IntList();
  const close = (right: number): void => {
    const left = lefts.data[--lefts.length];
    const depth = depths.data[--depths.length];
    if (depth < 2 || depth > longest || symbols[order[left] + depth - 1] === BOUNDARY) return;
    found.lefts.push(left);
    found.lengths.push(depth);
    found.frequencies.push(right - left);
  };
  const visit = (i: number): void => {
    const depth = i === order.length ? 0 : agreement(symbols, order[i - 1], order[i], longest + 1);
    let left = i - 1;
    while (depths.length > 0 && depths.data[depths.length - 1] > depth) {
      left = lefts.data[lefts.length - 1];
      close(i);
    }
    if (depth > 0 && (depths.length === 0 || depths.data[depths.length - 1] < depth)) {
      lefts.push(left);
      depths.push(depth);
    }
  };
  await inRanges(order.length, pacer, (from, to) => {
    for (let i = from; i < to; i++) visit(i + 1);
  });
  return found;
}

/** Occurrences times length. */
function weight({ lengths, frequencies }: Repeats, i: number): number {
  return lengths.data[i] * frequencies.data[i];
}

/** By descending weight, of equals the later in the order of strings first. */
function ranked(found: Repeats, pacer: Pacer): Promise<Uint32Array> {
  const score = new Float64Array(found.lefts.length);
  for (let i = 0; i < score.length; i++) score[i] = weight(found, i);
  const left = found.lefts.data;
  const length = found.lengths.data;
  return sorted(score.length, pacer, (a, b) => score[b] - score[a] || left[b] - left[a] || length[b] - length[a]);
}

/** Characters by descending count, of equals the larger first. */
function characters({ symbols, starts, counts, words, codes }: PieceText): { place: number; count: number }[] {
  const found = codes.map(() => ({ place: -1, count: 0 }));
  for (let w = 0; w < words; w++) {
    for (let i = starts[w]; i < starts[w + 1]; i++) {
      const character = found[symbols[i]];
      character.place = i;
      character.count += counts[w];
    }
  }
  // The sort is stable: turned around, the larger of equals comes first.
  return found
    .slice(1)
    .reverse()
    .sort((a, b) => b.count - a.count);
}

/**
 * What Unigram's training begins with: all characters, then repeated substrings by occurrences times length, as far as
 * `seedSize` allows. Scores are logarithms of their shares.
 */
export async function seedPieces(
  text: PieceText,
  { longest, seedSize }: { longest: number; seedSize: number },
  pacer: Pacer,
): Promise<Pieces> {
  const single = characters(text);
  const depth = Math.min(longest, text.symbols.length);
  const order = await suffixOrder(text.symbols, text.codes.length, depth + 1, pacer);
  const found = await repeats(text.symbols, order, depth, pacer);
  const best = (await ranked(found, pacer)).subarray(0, Math.max(1, seedSize - single.length));
  const pieces = emptyPieces(1 + single.length + best.length);
  const { starts, lengths, scores } = pieces;
  scores[0] = Number.NaN;
  let size = 1;
  let sum = 0;
  const push = (start: number, length: number, score: number): void => {
    starts[size] = start;
    lengths[size] = length;
    scores[size++] = score;
    sum += score;
  };
  for (const { place, count } of single) push(place, 1, count);
  for (const i of best) push(order[found.lefts.data[i]], found.lengths.data[i], weight(found, i));
  const all = Math.log(sum);
  for (let i = 1; i < size; i++) scores[i] = Math.log(scores[i]) - all;
  return pieces;
}
