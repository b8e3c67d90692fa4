/** The columns of an encoding, one row per token. */
export interface Columns {
  ids: Int32Array;
  typeIds: Int32Array;
  attentionMask: Uint8Array;
  specialTokensMask: Uint8Array;
  /** Start and end of each token in its text, in UTF-16 units; 0, 0 for tokens that stand for no text. */
  spans: Int32Array;
  /** Word of each token, -1 for none. */
  words: Int32Array;
  /** Sequence of each token (0, or 1 for the pair), -1 for none. */
  sequences: Int8Array;
  /** Tokens whose text is not that of their id: added tokens together with white space they took. By row. */
  surfaces: ReadonlyMap<number, string>;
}

const NO_SURFACES: ReadonlyMap<number, string> = new Map();

/** Rows of one kind: a special token of a template, or padding. */
export function uniformColumns(ids: ArrayLike<number>, typeId: number, attention: 0 | 1): Columns {
  const n = ids.length;
  return {
    ids: Int32Array.from(ids),
    typeIds: new Int32Array(n).fill(typeId),
    attentionMask: new Uint8Array(n).fill(attention),
    specialTokensMask: new Uint8Array(n).fill(1),
    spans: new Int32Array(2 * n),
    words: new Int32Array(n).fill(-1),
    sequences: new Int8Array(n).fill(-1),
    surfaces: NO_SURFACES,
  };
}

/** Rows `from` to `to`. */
export function sliceColumns(columns: Columns, from: number, to: number): Columns {
  const kept = [...columns.surfaces].filter(([row]) => row >= from && row < to);
  return {
    ids: columns.ids.slice(from, to),
    typeIds: columns.typeIds.slice(from, to),
    attentionMask: columns.attentionMask.slice(from, to),
    specialTokensMask: columns.specialTokensMask.slice(from, to),
    spans: columns.spans.slice(2 * from, 2 * to),
    words: columns.words.slice(from, to),
    sequences: columns.sequences.slice(from, to),
    surfaces: kept.length === 0 ? NO_SURFACES : new Map(kept.map(([row, text]) => [row - from, text])),
  };
}

/** The rows of all `parts`, one after the other. */
export function concatColumns(parts: readonly Columns[]): Columns {
  const n = parts.reduce((sum, part) => sum + part.ids.length, 0);
  const surfaces = new Map<number, string>();
  const whole: Columns = { ...uniformColumns(new Int32Array(n), 0, 0), surfaces };
  let at = 0;
  for (const part of parts) {
    whole.ids.set(part.ids, at);
    whole.typeIds.set(part.typeIds, at);
    whole.attentionMask.set(part.attentionMask, at);
    whole.specialTokensMask.set(part.specialTokensMask, at);
    whole.spans.set(part.spans, 2 * at);
    whole.words.set(part.words, at);
    whole.sequences.set(part.sequences, at);
    for (const [row, text] of part.surfaces) surfaces.set(at + row, text);
    at += part.ids.length;
  }
  return whole;
}
