/** One more than the last code point. */
export const CODE_POINT_END = 0x110000;

/**
 * A set of code points as an ascending list of where membership begins and ends: `[0x61, 0x7b]` are the letters a to z.
 * Sets are never changed.
 */
export type CharSet = readonly number[];

export const NO_CHARS: CharSet = [];
export const ALL_CHARS: CharSet = [0, CODE_POINT_END];

/** The code points `from` to `to`, both included. */
export function rangeSet(from: number, to: number): CharSet {
  return [from, to + 1];
}

/** The code points that `keep` wants, which sees whether they are in `a` and in `b`. */
function combine(a: CharSet, b: CharSet, keep: (inA: boolean, inB: boolean) => boolean): CharSet {
  const out: number[] = [];
  let inside = false;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const at = Math.min(i < a.length ? a[i] : CODE_POINT_END, j < b.length ? b[j] : CODE_POINT_END);
    while (i < a.length && a[i] === at) i++;
    while (j < b.length && b[j] === at) j++;
    const now = keep(i % 2 === 1, j % 2 === 1);
    if (now !== inside) out.push(at);
    inside = now;
  }
  return out;
}

export function union(a: CharSet, b: CharSet): CharSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return combine(a, b, (inA, inB) => inA || inB);
}

export function intersection(a: CharSet, b: CharSet): CharSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** The code points of one set but not of both. */
export function difference(a: CharSet, b: CharSet): CharSet {
  return combine(a, b, (inA, inB) => inA !== inB);
}

export function complement(a: CharSet): CharSet {
  return difference(a, ALL_CHARS);
}

/** The union of many sets, in time n log n. */
export function unionOf(sets: readonly CharSet[]): CharSet {
  let level = [...sets];
  while (level.length > 1) {
    const next: CharSet[] = [];
    for (let i = 0; i < level.length; i += 2)
      next.push(i + 1 < level.length ? union(level[i], level[i + 1]) : level[i]);
    level = next;
  }
  return level[0] ?? NO_CHARS;
}

export function contains(set: CharSet, code: number): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (set[middle] <= code) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}
