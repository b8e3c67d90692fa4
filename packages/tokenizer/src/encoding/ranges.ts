/** Where the tokens of each sequence are: triples of sequence, first token, token behind the last. */
export type Ranges = readonly number[];

export const NO_RANGES: Ranges = [];

/** `ranges` with that of one sequence put in or replaced. */
export function withRange(ranges: Ranges, sequence: number, from: number, to: number): Ranges {
  if (ranges.length === 0) return [sequence, from, to];
  const out = [...ranges];
  const at = find(ranges, sequence);
  out.splice(at < 0 ? out.length : at, 3, sequence, from, to);
  return out;
}

/** Both; those of `right` are `shift` tokens further on, and replace those of the same sequence. */
export function joinRanges(left: Ranges, right: Ranges, shift: number): Ranges {
  if (right.length === 0 || (left.length === 0 && shift === 0)) return right.length === 0 ? left : right;
  let out = left;
  for (let i = 0; i < right.length; i += 3) out = withRange(out, right[i], right[i + 1] + shift, right[i + 2] + shift);
  return out;
}

export function shiftRanges(ranges: Ranges, shift: number): Ranges {
  return ranges.length === 0 ? ranges : ranges.map((value, i) => (i % 3 === 0 ? value : value + shift));
}

/** The tokens of a sequence; all `length` tokens where there is no range for it. */
export function rangeOf(ranges: Ranges, sequence: number, length: number): readonly [number, number] {
  const at = find(ranges, sequence);
  return at < 0 ? [0, length] : [ranges[at + 1], ranges[at + 2]];
}

/** The sequence whose range holds `token`; the lowest, should there be several. */
export function sequenceAt(ranges: Ranges, token: number): number | undefined {
  let found: number | undefined;
  for (let i = 0; i < ranges.length; i += 3) {
    if (token < ranges[i + 1] || token >= ranges[i + 2]) continue;
    if (found === undefined || ranges[i] < found) found = ranges[i];
  }
  return found;
}

function find(ranges: Ranges, sequence: number): number {
  for (let i = 0; i < ranges.length; i += 3) if (ranges[i] === sequence) return i;
  return -1;
}
