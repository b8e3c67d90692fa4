import type { Floats } from './arguments.js';

/*
 * The inner part of every matrix product: panels and tiles, as in Goto & van de Geijn, "Anatomy of high-performance matrix multiplication" (2008).
 *
 * Panels are f64 whatever the operands' dtype is, so the tile's loop sees one kind of array and V8 keeps it specialised, and products of f32 are
 * exact. Each element of a result is one accumulator to which k's products are added in ascending order, so its bits depend
 * on neither the tile it falls into nor the size of the matrix.
 */

/** Rows and columns of a tile: sixteen accumulators. */
export const tileSize = 4;

/** A matrix in memory as a product reads it: element (row, k) is at `start + row · rowStride + k · kStride`. */
export interface Operand {
  readonly array: Floats;
  readonly start: number;
  readonly rowStride: number;
  readonly kStride: number;
}

/** A packed operand: panel p begins at `start + p · stride`, and in it four rows lie side by side for each k. */
export interface Panels {
  readonly array: Float64Array;
  readonly start: number;
  readonly stride: number;
}

/** Elements of the panels of a [rows, k] operand. */
export function panelSize(rows: number, k: number): number {
  return Math.ceil(rows / tileSize) * tileSize * k;
}

/**
 * Copies `rows` rows by `k` of an operand into panels of four rows, [rows / 4, k, 4]; the last panel's missing rows are zeros. For the right
 * operand of a product the rows are its columns.
 */
export function pack(panels: Float64Array, from: Operand, rows: number, k: number): Panels {
  const { array, start, rowStride, kStride } = from;
  let to = 0;
  let row = 0;
  for (; row + tileSize <= rows; row += tileSize) {
    let at0 = start + row * rowStride;
    let at1 = at0 + rowStride;
    let at2 = at1 + rowStride;
    let at3 = at2 + rowStride;
    for (let l = 0; l < k; l++, to += tileSize) {
      panels[to] = array[at0];
      panels[to + 1] = array[at1];
      panels[to + 2] = array[at2];
      panels[to + 3] = array[at3];
      at0 += kStride;
      at1 += kStride;
      at2 += kStride;
      at3 += kStride;
    }
  }
  if (row < rows) packRest(panels, to, { ...from, start: start + row * rowStride }, { rows: rows - row, k });
  return { array: panels, start: 0, stride: tileSize * k };
}

function packRest(panels: Float64Array, at: number, from: Operand, { rows, k }: { rows: number; k: number }): void {
  const { array, start, rowStride, kStride } = from;
  let to = at;
  for (let l = 0; l < k; l++) {
    for (let r = 0; r < tileSize; r++, to++) {
      panels[to] = r < rows ? array[start + r * rowStride + l * kStride] : 0;
    }
  }
}

/** A block of sums: element (i, j) is at `start + i · stride + j`. Rows and columns are padded to whole tiles. */
export interface Sums {
  readonly array: Float64Array;
  readonly start: number;
  readonly stride: number;
}

/** to[i, j] += Σ a[i, l] · b[j, l] for i < rows and j < columns, both rounded up to whole tiles, over l < k. */
export function multiply(
  to: Sums,
  a: Panels,
  b: Panels,
  size: { readonly rows: number; readonly columns: number; readonly k: number },
): void {
  const { rows, columns, k } = size;
  const { array, start, stride } = to;
  let bAt = b.start;
  for (let j = 0; j < columns; j += tileSize, bAt += b.stride) {
    let aAt = a.start;
    for (let i = 0; i < rows; i += tileSize, aAt += a.stride) {
      tile(array, start + i * stride + j, stride, a.array, aAt, b.array, bAt, k);
    }
  }
}

/** c[4, 4] += Σ a[l, i] · b[l, j] over l < k. */
function tile(
  c: Float64Array,
  cAt: number,
  stride: number,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  k: number,
): void {
  const c1 = cAt + stride;
  const c2 = c1 + stride;
  const c3 = c2 + stride;
  let c00 = c[cAt];
  let c01 = c[cAt + 1];
  let c02 = c[cAt + 2];
  let c03 = c[cAt + 3];
  let c10 = c[c1];
  let c11 = c[c1 + 1];
  let c12 = c[c1 + 2];
  let c13 = c[c1 + 3];
  let c20 = c[c2];
  let c21 = c[c2 + 1];
  let c22 = c[c2 + 2];
  let c23 = c[c2 + 3];
  let c30 = c[c3];
  let c31 = c[c3 + 1];
  let c32 = c[c3 + 2];
  let c33 = c[c3 + 3];
  for (let l = 0; l < k; l++) {
    const b0 = b[bAt];
    const b1 = b[bAt + 1];
    const b2 = b[bAt + 2];
    const b3 = b[bAt + 3];
    bAt += 4;
    const a0 = a[aAt];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = a[aAt + 1];
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    const a2 = a[aAt + 2];
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    const a3 = a[aAt + 3];
    aAt += 4;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  c[cAt] = c00;
  c[cAt + 1] = c01;
  c[cAt + 2] = c02;
  c[cAt + 3] = c03;
  c[c1] = c10;
  c[c1 + 1] = c11;
  c[c1 + 2] = c12;
  c[c1 + 3] = c13;
  c[c2] = c20;
  c[c2 + 1] = c21;
  c[c2 + 2] = c22;
  c[c2 + 3] = c23;
  c[c3] = c30;
  c[c3 + 1] = c31;
  c[c3 + 2] = c32;
  c[c3 + 3] = c33;
}
