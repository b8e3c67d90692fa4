/**
 * The places of `text` in the order of what begins there, compared over at least `depth` symbols: prefix doubling (Manber
 * and Myers 1993), with counting sorts throughout. What begins at the end goes on at the start. Linear per doubling.
 */
export function suffixOrder(text: Int32Array, symbols: number, depth: number): Int32Array {
  const n = text.length;
  let ranks = Int32Array.from(text);
  let order = new Int32Array(n);
  const counts = new Int32Array(Math.max(symbols, n) + 1);
  for (let i = 0; i < n; i++) order[i] = i;
  order = sortByRank(order, ranks, counts, symbols);
  let classes = renumber(order, ranks, ranks, 0);
  let spare = new Int32Array(n);
  for (let step = 1; step < depth && classes < n; step *= 2) {
    // Sorted by their second halves: those of the present order, moved to where their first halves begin.
    const shift = step % n;
    for (let i = 0; i < n; i++) spare[i] = order[i] >= shift ? order[i] - shift : order[i] - shift + n;
    order = sortByRank(spare, ranks, counts, classes, order);
    const next = spare;
    classes = renumber(order, ranks, next, shift);
    spare = ranks;
    ranks = next;
  }
  return order;
}

/** Stable counting sort of places by rank. */
function sortByRank(
  places: Int32Array<ArrayBuffer>,
  ranks: Int32Array,
  counts: Int32Array,
  classes: number,
  out = new Int32Array(places.length),
): Int32Array<ArrayBuffer> {
  counts.fill(0, 0, classes + 1);
  for (let i = 0; i < ranks.length; i++) counts[ranks[i] + 1]++;
  for (let c = 0; c < classes; c++) counts[c + 1] += counts[c];
  for (let i = 0; i < places.length; i++) out[counts[ranks[places[i]]]++] = places[i];
  return out;
}

/** Writes to `out` the number of each place's class, of equal pairs of ranks; returns how many classes there are. */
function renumber(order: Int32Array, ranks: Int32Array, out: Int32Array, shift: number): number {
  const n = order.length;
  if (n === 0) return 0;
  let number = 0;
  let first = ranks[order[0]];
  let second = ranks[(order[0] + shift) % n];
  // Written in place where `out` is `ranks`: a rank is read before its place is written, as the shift is then 0.
  out[order[0]] = 0;
  for (let i = 1; i < n; i++) {
    const at = order[i];
    const behind = at + shift;
    const a = ranks[at];
    const b = ranks[behind >= n ? behind - n : behind];
    if (a !== first || b !== second) number++;
    first = a;
    second = b;
    out[at] = number;
  }
  return number + 1;
}
