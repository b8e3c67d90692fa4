import { OneWordRun, type TokenRun } from './token-run.js';

/** The rows `from` to `to` of a run, and what all of them have in common. */
export interface Segment {
  readonly run: TokenRun;
  readonly from: number;
  readonly to: number;
  readonly typeId: number;
  /** 0 for padding. */
  readonly attention: 0 | 1;
  /** 1 for what a template or padding put in. */
  readonly special: 0 | 1;
}

/** All rows of a run. */
export function wholeRun(run: TokenRun, typeId: number, attention: 0 | 1, special: 0 | 1): Segment {
  return { run, from: 0, to: run.ids.length, typeId, attention, special };
}

/** Rows `from` to `to` of `segments`, counted through. */
export function sliceSegments(segments: readonly Segment[], from: number, to: number): Segment[] {
  const out: Segment[] = [];
  let at = 0;
  for (const segment of segments) {
    const first = Math.max(segment.from, segment.from + from - at);
    const last = Math.min(segment.to, segment.from + to - at);
    if (first < last) out.push({ ...segment, from: first, to: last });
    at += segment.to - segment.from;
  }
  return out;
}

/**
 * The column `pick` gives of each run, `width` values a row; `missing` where a run has none. `into` is where the column of a
 * whole run is wanted: a run may write it there instead of making an array.
 */
export function gather(
  segments: readonly Segment[],
  pick: (run: TokenRun, into?: Int32Array) => Int32Array | undefined,
  missing: number,
  width = 1,
): Int32Array {
  if (segments.length === 1) {
    const [{ run, from, to }] = segments;
    const whole = pick(run);
    if (whole !== undefined && from === 0 && whole.length === to * width) return whole;
  }
  const out = new Int32Array(countRows(segments) * width);
  let at = 0;
  for (const { run, from, to } of segments) {
    const next = at + (to - from) * width;
    const isWhole = to - from > 1 && to - from === run.ids.length;
    const column = pick(run, isWhole ? out.subarray(at, next) : undefined);
    if (column === undefined) {
      if (missing !== 0) out.fill(missing, at, next);
    } else if (to - from === 1 && width === 1) {
      out[at] = column[from];
    } else if (column.buffer !== out.buffer) {
      out.set(column.length === next - at ? column : column.subarray(from * width, to * width), at);
    }
    at = next;
  }
  return out;
}

/** A column that is the same all through each segment. */
export function spread<T extends Int32Array | Uint8Array>(
  segments: readonly Segment[],
  out: T,
  value: (segment: Segment) => number,
): T {
  let at = 0;
  for (const segment of segments) {
    const next = at + segment.to - segment.from;
    const one = value(segment);
    if (one !== 0) out.fill(one, at, next);
    at = next;
  }
  return out;
}

export function countRows(segments: readonly Segment[]): number {
  let rows = 0;
  for (const { from, to } of segments) rows += to - from;
  return rows;
}

/** The same rows, all of them in the word with this number. */
export function inOneWord(segments: readonly Segment[], word: number): Segment[] {
  return segments.map((segment) => ({ ...segment, run: new OneWordRun(segment.run, word) }));
}
