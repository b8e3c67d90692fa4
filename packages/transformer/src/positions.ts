import { type Device, GerbertError, type Placement, type Tensor, tensor } from '@gerbert/tensor';

/** What a layer that attends over cached keys needs to know: where new keys go. Made by `KvCache`. */
export interface CacheWrite {
  /** [layer] → keys and values of all slots, [slots · capacity, 2C]. */
  readonly layers: readonly Tensor[];
  /** Row of the cache for each new row, [N] i32. */
  readonly rows: Tensor;
}

/**
 * Where the rows of a packed batch stand: sequences lie one after another without padding, row n being one token.
 *
 * N rows, B sequences.
 */
export interface Positions {
  /** Rows of each sequence. */
  readonly lengths: readonly number[];
  /** [B, 5] i32, as `attention` takes them. */
  readonly spans: Tensor;
  /** [N] i32: position of each row in its sequence. */
  readonly positions: Tensor;
  /** [N, 2] i32: (sequence number, position) of each row, which key its dropout. */
  readonly keys: Tensor;
  readonly cache?: CacheWrite;
}

export interface PositionsOptions {
  device?: Placement['device'];
  /** Number of each sequence in the whole (global) batch, which keys its dropout. Default: 0, 1, 2, … */
  sequences?: readonly number[];
}

/** Positions of sequences that begin at 0 and attend to themselves. Throws `OPTION_RANGE` for a length that is not a whole number ≥ 0. */
export function packed(lengths: readonly number[], options: PositionsOptions = {}): Positions {
  let row = 0;
  const spans = lengths.map((length): RowSpan => {
    if (!Number.isInteger(length) || length < 0) {
      throw new GerbertError('OPTION_RANGE', `packed(): a sequence cannot have ${length} rows.`);
    }
    const span = { query: row, queries: length, key: row, keys: length };
    row += length;
    return span;
  });
  return place(spans, options);
}

export interface RowSpan {
  query: number;
  queries: number;
  key: number;
  keys: number;
}

/** Positions from spans whose query rows are packed in order; the last query of each stands at its last key. */
export function place(spans: readonly RowSpan[], { device, sequences }: PositionsOptions): Positions {
  const rows = spans.reduce((n, { queries }) => n + queries, 0);
  const table = new Int32Array(spans.length * 5);
  const positions = new Int32Array(rows);
  const keys = new Int32Array(rows * 2);
  let row = 0;
  for (const [b, { query, queries, key, keys: seen }] of spans.entries()) {
    const number = sequences?.[b] ?? b;
    table.set([query, queries, key, seen, number], b * 5);
    for (let i = 0; i < queries; i++, row++) {
      positions[row] = seen - queries + i;
      keys[2 * row] = number;
      keys[2 * row + 1] = positions[row]!;
    }
  }
  const at = { dtype: 'i32', device: device as Device } as const;
  return {
    lengths: spans.map(({ queries }) => queries),
    spans: tensor(table, { ...at, shape: [spans.length, 5] }),
    positions: tensor(positions, at),
    keys: tensor(keys, { ...at, shape: [rows, 2] }),
  };
}
