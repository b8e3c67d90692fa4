import { inRanges } from './paced.js';
import type { Pacer } from './pacer.js';

/**
 * The places of `text` in the order of what begins there, compared over at least `depth` symbols: prefix doubling (Manber
 * and Myers 1993), with counting sorts throughout. What begins at the end goes on at the start. Linear per doubling.
 */
export async function suffixOrder(text: Int32Array, symbols: number, depth: number, pacer: Pacer): Promise<Int32Array> {
  const n = text.length;
  let ranks = Int32Array.from(text);
  const places = new Int32Array(n);
  const order = new Int32Array(n);
  const counts = new Int32Array(Math.max(symbols, n) + 1);
  for (let i = 0; i < n; i++) places[i] = i;
  await sortByRank(places, order, { ranks, counts, classes: symbols }, pacer);
  let next = new Int32Array(n);
  let classes = await renumber(order, ranks, { out: next, shift: 0 }, pacer);
  [ranks, next] = [next, ranks];
  for (let step = 1; step < depth && classes < n; step *= 2) {
    // Sorted by their second halves: those of the present order, moved to where their first halves begin.
    const shift = step % n;
    await inRanges(n, pacer, (from, to) => {
      for (let i = from; i < to; i++) places[i] = order[i] >= shift ? order[i] - shift : order[i] - shift + n;
    });
    await sortByRank(places, order, { ranks, counts, classes }, pacer);
    classes = await renumber(order, ranks, { out: next, shift }, pacer);
    [ranks, next] = [next, ranks];
  }
  return order;
}

interface Ranks {
  ranks: Int32Array;
  counts: Int32Array;
  classes: number;
}

/** Stable counting sort of places by rank. */
async function sortByRank(
  places: Int32Array,
  out: Int32Array,
  { ranks, counts, classes }: Ranks,
  pacer: Pacer,
): Promise<void> {
  const n = places.length;
  counts.fill(0, 0, classes + 1);
  await inRanges(n, pacer, (from, to) => {
    for (let i = from; i < to; i++) counts[ranks[i] + 1]++;
  });
  for (let c = 0; c < classes; c++) counts[c + 1] += counts[c];
  await inRanges(n, pacer, (from, to) => {
    for (let i = from; i < to; i++) out[counts[ranks[places[i]]]++] = places[i];
  });
}

/** Writes to `out` the number of each place's class, of equal pairs of ranks; returns how many classes there are. */
async function renumber(
  order: Int32Array,
  ranks: Int32Array,
  { out, shift }: { out: Int32Array; shift: number },
  pacer: Pacer,
): Promise<number> {
  const n = order.length;
  let classes = 0;
  let first = -1;
  let second = -1;
  await inRanges(n, pacer, (from, to) => {
    for (let i = from; i < to; i++) {
      const at = order[i];
      const behind = at + shift;
      const a = ranks[at];
      const b = ranks[behind >= n ? behind - n : behind];
      if (a !== first || b !== second) classes++;
      first = a;
      second = b;
      out[at] = classes - 1;
    }
  });
  return classes;
}
