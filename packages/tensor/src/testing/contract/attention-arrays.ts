import type { View } from '../../backend.js';
import type { Matrix, Shape, SpanRow } from './attention-formulas.js';
import type { Bench } from './bench.js';

/** What varies among attention's tests; the rest has defaults. */
export interface AttentionCase extends Partial<Shape> {
  readonly spans: readonly SpanRow[];
  /** One [N, 3C] array holds q, k and v; otherwise three arrays with columns to spare. */
  readonly packed?: boolean;
  /** Rows of q and of k and v. Default: as many as the spans need, and one more. */
  readonly rows?: readonly [number, number];
}

export type Filled = View & Matrix;

export interface AttentionArrays {
  readonly shape: Shape;
  readonly spans: View;
  readonly q: Filled;
  readonly k: Filled;
  readonly v: Filled;
  readonly qRows: number;
  readonly kRows: number;
}

export function attentionArrays(bench: Bench, given: AttentionCase): AttentionArrays {
  const { heads = 2, headSize = 8 } = given;
  const width = heads * headSize;
  const needed = (at: 0 | 2) => Math.max(0, ...given.spans.map((span) => span[at] + span[at + 1]));
  const [qRows, kRows] =
    given.rows ??
    (given.packed
      ? [1 + Math.max(needed(0), needed(2)), 1 + Math.max(needed(0), needed(2))]
      : [1 + needed(0), 1 + needed(2)]);
  const matrix = (rows: number, columns: number): Filled => ({ ...bench.normals([rows, columns]), width: columns });
  const q = matrix(qRows, given.packed ? 3 * width : width + 3);
  const k = given.packed ? q : matrix(kRows, width + 2);
  const v = given.packed ? q : matrix(kRows, width + 1);
  const [qAt, kAt, vAt] = given.packed ? [0, width, 2 * width] : [2, 1, 0];
  const defaults = { causal: 0, window: 0, p: 0, seed: 7, step: 3, op: 5, scale: 1 / Math.sqrt(headSize) } as const;
  const { spans, packed, rows, ...own } = given;
  return {
    shape: { ...defaults, heads, headSize, qAt, kAt, vAt, ...own },
    spans: bench.indices([spans.length, 5], spans.flat()),
    q,
    k,
    v,
    qRows,
    kRows,
  };
}

/** The number arguments that end the calls of `attention` and `attentionBackward`. */
export function tail(
  shape: Shape,
): [number, number, number, number, number, number, 0 | 1, number, number, number, number, number] {
  const { qAt, kAt, vAt, heads, headSize, scale, causal, window, p, seed, step, op } = shape;
  return [qAt, kAt, vAt, heads, headSize, scale, causal, window, p, seed, step, op];
}

/** Masks, lengths and head sizes at which kernels change their way. */
export const attentionCases: Readonly<Record<string, readonly AttentionCase[]>> = {
  'one sequence of every length': [1, 31, 32, 33, 130].map((l) => ({ spans: [[0, l, 0, l, 0]] })),
  'head sizes': [1, 31, 32, 33, 64].map((headSize) => ({ headSize, spans: [[0, 9, 0, 11, 0]], heads: 3 })),
  'a packed batch': [
    {
      packed: true,
      spans: [
        [0, 5, 0, 5, 0],
        [5, 33, 5, 33, 1],
        [38, 1, 38, 1, 2],
      ],
    },
    {
      packed: true,
      causal: 1,
      spans: [
        [3, 40, 3, 40, 0],
        [43, 7, 43, 7, 1],
      ],
    },
  ],
  'causal, with fewer and more queries than keys': [
    { causal: 1, spans: [[0, 33, 0, 33, 0]] },
    { causal: 1, spans: [[0, 1, 0, 70, 0]] },
    { causal: 1, spans: [[0, 6, 0, 37, 0]] },
    { causal: 1, spans: [[0, 37, 0, 6, 0]] },
  ],
  windows: [
    { window: 1, spans: [[0, 20, 0, 20, 0]] },
    { window: 5, spans: [[0, 40, 0, 37, 0]] },
    { window: 3, spans: [[0, 12, 0, 2, 0]] },
    { causal: 1, window: 1, spans: [[0, 20, 0, 20, 0]] },
    { causal: 1, window: 6, spans: [[0, 40, 0, 45, 0]] },
    { causal: 1, window: 4, spans: [[0, 30, 0, 10, 0]] },
  ],
  'more queries and keys than one block holds': [
    { heads: 1, causal: 1, spans: [[0, 290, 0, 311, 0]] },
    { heads: 1, window: 140, p: 0.1, spans: [[0, 300, 0, 270, 0]] },
    { heads: 1, causal: 1, window: 131, spans: [[0, 270, 0, 270, 0]] },
    { heads: 1, headSize: 270, spans: [[0, 3, 0, 5, 0]] },
  ],
  'cross attention, empty spans, spans in any order': [
    {
      spans: [
        [10, 3, 0, 50, 0],
        [0, 9, 60, 4, 1],
      ],
    },
    {
      spans: [
        [0, 4, 0, 0, 0],
        [4, 0, 0, 5, 1],
        [5, 3, 5, 6, 2],
      ],
      rows: [9, 12],
    },
    { spans: [], rows: [3, 3] },
  ],
  'large scores, far beyond what exp can hold': [
    { scale: 400, spans: [[0, 9, 0, 40, 0]] },
    { scale: -400, causal: 1, spans: [[0, 40, 0, 40, 0]] },
  ],
  dropout: [
    { p: 0.3, spans: [[0, 34, 0, 35, 9]] },
    {
      p: 0.5,
      causal: 1,
      spans: [
        [0, 10, 0, 10, 4],
        [10, 6, 10, 9, 2],
      ],
      op: 77,
      heads: 3,
    },
    { p: 0.1, causal: 1, window: 7, spans: [[0, 30, 0, 20, 1]] },
  ],
};
