import type { View } from '../backend.js';
import { philoxInto } from '../philox.js';
import { type Floats, floats } from './arguments.js';
import { type Drop, endKey, firstKey, type Mask, type Span } from './attention-arguments.js';
import { dropoutState, dropoutThreshold } from './dropout.js';
import { scratch } from './scratch.js';
import { greatest } from './softmax.js';
import { multiply, type Operand, type Panels, pack, panelSize, type Sums, tileSize } from './tiles.js';

/** Queries that are handled together: their scores of all keys they see are what is stored at a time. */
export const queryBlock = 32;

/** Rows of one head, in f64: [count, size]. */
export interface Head {
  readonly values: Float64Array;
  readonly count: number;
  readonly size: number;
  /** Whether no element is NaN or ∞: then a weight of 0 takes nothing from a row, and sums may run over masked elements too. */
  readonly finite: boolean;
}

/** Where a head lies in a view: `count` rows from `row` on, `size` columns from `column` on. */
export interface Place {
  readonly row: number;
  readonly count: number;
  readonly column: number;
  readonly size: number;
}

/** Copies a head to scratch memory of that name. */
export function loadHead(name: string, from: View, { row, count, column, size }: Place): Head {
  const values = scratch(`attention ${name}`, count * size);
  const array = floats(from);
  const stride = from.dims[1];
  let poison = 0;
  for (let i = 0, to = 0; i < count; i++) {
    const at = (row + i) * stride + column;
    for (let d = 0; d < size; d++, to++) {
      const value = array[at + d];
      values[to] = value;
      poison += value * 0;
    }
  }
  return { values, count, size, finite: poison === 0 };
}

/** Copies [count, size] of sums back to a head. */
export function storeHead(to: Floats, stride: number, { row, count, column, size }: Place, from: Sums): void {
  for (let i = 0; i < count; i++) {
    const target = (row + i) * stride + column;
    const source = from.start + i * from.stride;
    for (let d = 0; d < size; d++) to[target + d] = from.array[source + d];
  }
}

/** The head's rows as an operand of a product over its columns. */
export function byRow({ values, size }: Head): Operand {
  return { array: values, start: 0, rowStride: size, kStride: 1 };
}

/** The head's columns as an operand of a product over its rows. */
export function byColumn({ values, size }: Head): Operand {
  return { array: values, start: 0, rowStride: 1, kStride: size };
}

/** Panels of an operand, in scratch memory of that name. */
export function packed(name: string, from: Operand, rows: number, k: number): Panels {
  return pack(scratch(`attention ${name} panels`, panelSize(rows, k)), from, rows, k);
}

/** Zeros for [rows, columns] sums, padded to whole tiles, in scratch memory of that name. */
export function zeroSums(name: string, rows: number, columns: number): Sums {
  const stride = Math.ceil(columns / tileSize) * tileSize;
  const size = Math.ceil(rows / tileSize) * tileSize * stride;
  return { array: scratch(`attention ${name} sums`, size).fill(0, 0, size), start: 0, stride };
}

/** Queries `query` … `query + count` of a span and the keys that any of them sees, from `key` to before `end`. `key` begins a panel. */
export interface Block {
  readonly query: number;
  readonly count: number;
  readonly key: number;
  readonly end: number;
}

export function blockAt(mask: Mask, span: Span, query: number): Block {
  const count = Math.min(queryBlock, span.qCount - query);
  const first = firstKey(mask, span, query);
  const end = Math.max(0, endKey(mask, span, query + count - 1));
  const key = Math.min(first, end) - (Math.min(first, end) % tileSize);
  return { query, count, key, end };
}

/** left · rightᵀ for a block: [queries, keys] from a block's rows of the left and packed rows of the right head. */
export function products(name: string, block: Block, left: Head, right: Panels): Sums {
  const { count, key, end } = block;
  const sums = zeroSums(name, count, end - key);
  const rows = packed('block', byRow(left), count, left.size);
  const keys = { ...right, start: right.start + (key / tileSize) * right.stride };
  multiply(sums, rows, keys, { rows: count, columns: end - key, k: left.size });
  return sums;
}

/** to[i, :] += Σⱼ weights[i, j] · right[j, :] over the keys j that query i sees. `columns`: the right head's columns, packed. */
export function sumOverKeys(to: Sums, weights: Sums, right: Head, columns: Panels, seen: Seen): void {
  const { count, key, end } = seen.block;
  if (right.finite) {
    const { array, stride } = weights;
    const rows = packed('block', { array, start: 0, rowStride: stride, kStride: 1 }, count, end - key);
    const from = { ...columns, start: columns.start + key * tileSize };
    multiply(to, rows, from, { rows: count, columns: right.size, k: end - key });
    return;
  }
  eachSeen(seen, (i, j) => {
    const weight = weights.array[i * weights.stride + j - key];
    for (let d = 0; d < right.size; d++)
      to.array[to.start + i * to.stride + d] += weight * right.values[j * right.size + d];
  });
}

/** to[j, :] += Σᵢ weights[i, j] · left[i, :] over the block's queries i that see key j. */
export function sumOverQueries(to: Sums, weights: Sums, left: Head, seen: Seen): void {
  const { count, key, end } = seen.block;
  if (left.finite) {
    const { array, stride } = weights;
    const rows = packed('block', { array, start: 0, rowStride: 1, kStride: stride }, end - key, count);
    const columns = packed('block columns', byColumn(left), left.size, count);
    multiply({ ...to, start: to.start + key * to.stride }, rows, columns, {
      rows: end - key,
      columns: left.size,
      k: count,
    });
    return;
  }
  eachSeen(seen, (i, j) => {
    const weight = weights.array[i * weights.stride + j - key];
    for (let d = 0; d < left.size; d++)
      to.array[to.start + j * to.stride + d] += weight * left.values[i * left.size + d];
  });
}

/** A block and what its queries see. */
export interface Seen {
  readonly block: Block;
  readonly mask: Mask;
  readonly span: Span;
}

function eachSeen({ block, mask, span }: Seen, visit: (i: number, j: number) => void): void {
  for (let i = 0; i < block.count; i++) {
    const end = endKey(mask, span, block.query + i);
    for (let j = firstKey(mask, span, block.query + i); j < end; j++) visit(i, j);
  }
}

/** One query's part of a block's scores: elements `begin` … `end` of the array are keys it sees, of the row from `at` to `stop`. */
export interface ScoreRow {
  readonly at: number;
  readonly begin: number;
  readonly end: number;
  readonly stop: number;
}

export function scoreRow({ block, mask, span }: Seen, sums: Sums, i: number): ScoreRow {
  const at = i * sums.stride;
  const first = firstKey(mask, span, block.query + i);
  const end = Math.max(first, endKey(mask, span, block.query + i));
  return { at, begin: at + first - block.key, end: at + end - block.key, stop: at + block.end - block.key };
}

/** Turns a row's products into probabilities, zeros where masked; returns log Σ exp of the scaled scores. */
export function softmaxRow(x: Float64Array, { at, begin, end, stop }: ScoreRow, scale: number): number {
  for (let j = begin; j < end; j++) x[j] *= scale;
  const max = greatest(x, begin, end - begin);
  if (max === Number.NEGATIVE_INFINITY) {
    x.fill(0, at, stop);
    return max;
  }
  let total = 0;
  for (let j = begin; j < end; j++) {
    const value = Math.exp(x[j] - max);
    x[j] = value;
    total += value;
  }
  for (let j = begin; j < end; j++) x[j] /= total;
  x.fill(0, at, begin);
  x.fill(0, end, stop);
  return max + Math.log(total);
}

/** What dropout multiplies query i's probabilities by: 0 or 1 / (1 − p), at [j] for key j; null where p is 0. */
export function keptKeys({ block, mask, span }: Seen, i: number, head: number, drop: Drop): Float64Array | null {
  if (drop.p === 0) return null;
  const keep = scratch('attention keep', span.kCount);
  const random = dropoutState(drop.seed, drop.step);
  const { counter, words } = random;
  const threshold = dropoutThreshold(drop.p);
  const scale = 1 / (1 - drop.p);
  counter[1] = block.query + i + span.kCount - span.qCount;
  counter[2] = span.sequence;
  counter[3] = drop.op * 256 + head;
  const end = endKey(mask, span, block.query + i);
  for (let j = firstKey(mask, span, block.query + i); j < end; ) {
    counter[0] = j >>> 2;
    philoxInto(random);
    const stop = Math.min(end, (j | 3) + 1);
    for (; j < stop; j++) keep[j] = words[j & 3] < threshold ? 0 : scale;
  }
  return keep;
}
