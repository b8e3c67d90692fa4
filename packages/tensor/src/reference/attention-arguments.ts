import type { Flag, View } from '../backend.js';
import { type Arguments, ints } from './arguments.js';
import { checkDropout } from './dropout.js';

/** Where a head's columns begin in q, k and v, and how many there are. */
export interface Layout {
  readonly qAt: number;
  readonly kAt: number;
  readonly vAt: number;
  readonly heads: number;
  readonly headSize: number;
}

/** Which keys a query sees. */
export interface Mask {
  readonly causal: Flag;
  readonly window: number;
}

/** The dropout of a call; `p` 0 is none. */
export interface Drop {
  readonly p: number;
  readonly seed: number;
  readonly step: number;
  readonly op: number;
}

/** One sequence of a packed batch. */
export interface Span {
  /** First query row, query count, first key row, key count. */
  readonly qRow: number;
  readonly qCount: number;
  readonly kRow: number;
  readonly kCount: number;
  readonly sequence: number;
}

/** Checks the columns and returns the number of query and key rows. */
export function checkLayout(check: Arguments, { qAt, kAt, vAt, heads, headSize }: Layout, withV: boolean): void {
  check.whole('heads', heads, 1, 2 ** 31);
  check.whole('headSize', headSize, 1, 2 ** 31);
  const width = heads * headSize;
  check.whole('qAt', qAt, 0, check.rank('q', 2)[1] - width + 1);
  check.whole('kAt', kAt, 0, check.rank('k', 2)[1] - width + 1);
  if (!withV) return;
  check.whole('vAt', vAt, 0, check.rank('v', 2)[1] - width + 1);
  if (check.rank('v', 2)[0] !== check.rank('k', 2)[0]) check.fail('v must have as many rows as k');
}

export function checkMask(check: Arguments, { causal, window }: Mask): void {
  check.flag('causal', causal);
  check.whole('window', window, 0, 2 ** 31);
}

export function checkDrop(check: Arguments, { p, seed, step, op }: Drop, heads: number): void {
  checkDropout(check, p, seed, step, op);
  if (p > 0 && heads > 256) check.fail(`heads = ${heads} must be at most 256 with dropout`);
}

/** Reads the spans and checks that they lie within the rows and, where `apart` names queries or keys, share none of those. */
export function readSpans(check: Arguments, spans: View, apart: { queries: boolean; keys: boolean }): Span[] {
  const [count] = check.rank('spans', 2);
  check.shape('spans', count, 5);
  const [qRows] = check.rank('q', 2);
  const [kRows] = check.rank('k', 2);
  const raw = ints(spans);
  const read: Span[] = [];
  for (let b = 0; b < count; b++) {
    const [qRow, qCount, kRow, kCount, sequence] = raw.subarray(5 * b, 5 * b + 5);
    const inside =
      qRow >= 0 && qCount >= 0 && qRow + qCount <= qRows && kRow >= 0 && kCount >= 0 && kRow + kCount <= kRows;
    if (!inside) {
      check.fail(
        `spans[${b}] = (${qRow}, ${qCount}, ${kRow}, ${kCount}, …) must lie within ${qRows} query and ${kRows} key rows`,
      );
    }
    read.push({ qRow, qCount, kRow, kCount, sequence });
  }
  if (apart.queries)
    checkApart(
      check,
      'query',
      read.map(({ qRow, qCount }) => [qRow, qCount]),
    );
  if (apart.keys)
    checkApart(
      check,
      'key',
      read.map(({ kRow, kCount }) => [kRow, kCount]),
    );
  return read;
}

function checkApart(check: Arguments, what: string, ranges: number[][]): void {
  const sorted = ranges.filter(([, count]) => count > 0).sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < sorted.length; i++) {
    const [before, count] = sorted[i - 1];
    if (before + count > sorted[i][0])
      check.fail(`spans must not share ${what} rows, but two hold row ${sorted[i][0]}`);
  }
}

/** First key that query i of a span sees. */
export function firstKey({ window }: Mask, { qCount, kCount }: Span, i: number): number {
  return window > 0 ? Math.max(0, i + kCount - qCount - window + 1) : 0;
}

/** One past the last key that query i of a span sees; not above `firstKey` when it sees none. */
export function endKey({ causal, window }: Mask, { qCount, kCount }: Span, i: number): number {
  const here = i + kCount - qCount;
  if (causal) return Math.min(kCount, here + 1);
  return window > 0 ? Math.min(kCount, here + window) : kCount;
}

/** The size of the array of all probabilities. */
export function probabilityCount(spans: readonly Span[], heads: number): number {
  return spans.reduce((total, { qCount, kCount }) => total + heads * qCount * kCount, 0);
}
