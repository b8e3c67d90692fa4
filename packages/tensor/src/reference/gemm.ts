import { type ActivationCode, type Flag, Precision, type PrecisionCode, type View } from '../backend.js';
import { type ActivationFunction, activationOf } from './activations.js';
import { Arguments, type Floats, floats } from './arguments.js';
import { roundBf16 } from './cast.js';
import { scratch } from './scratch.js';
import { multiply, type Operand, pack, panelSize, type Sums, tileSize } from './tiles.js';

// Blocks of the product, chosen so that a block of A (256 KiB in f64) stays in the second-level cache, and panels of A and B in the first.
const rowBlock = 128;
const columnBlock = 256;
const kBlock = 256;

/** Up to so many rows packing costs more than it gains, and the product is computed from the operands as they lie. */
const fewRows = 3;

/** What becomes of a product before it is stored. */
export interface Epilogue {
  readonly y: Floats;
  readonly bias: Floats | null;
  readonly residual: Floats | null;
  readonly pre: Floats | null;
  /** null: none. */
  readonly f: ActivationFunction['value'] | null;
  readonly alpha: number;
  readonly accumulate: Flag;
  /** Products of integers: what a step is worth, in each row of the left factor and in each column of the right one. */
  readonly steps?: { readonly rows: Floats; readonly columns: Floats };
}

/** The right factor's columns from `column` on, `count` of them. */
export type Columns = (column: number, count: number) => Operand;

/** See `Kernels.gemm`. */
export function gemm(
  y: View,
  a: View,
  b: View,
  bias: View | null,
  residual: View | null,
  pre: View | null,
  transA: Flag,
  transB: Flag,
  activation: ActivationCode,
  alpha: number,
  accumulate: Flag,
  precision: PrecisionCode,
): void {
  const optional = ['bias', 'residual', 'pre'];
  const check = new Arguments('gemm', { floats: { y, a, b, bias, residual, pre }, optional });
  const rank = y.dims.length;
  if (rank !== 2 && rank !== 3) check.fail('y must have 2 or 3 dimensions');
  check.flag('transA', transA);
  check.flag('transB', transB);
  check.flag('accumulate', accumulate);
  const lead = y.dims.slice(0, rank - 2);
  const [m, n] = y.dims.slice(rank - 2);
  const k = check.rank('a', rank)[transA ? rank - 2 : rank - 1];
  check.shape('a', ...lead, ...(transA ? [k, m] : [m, k]));
  check.shape('b', ...lead, ...(transB ? [n, k] : [k, n]));
  check.shape('bias', n);
  check.shape('residual', ...y.dims);
  check.shape('pre', ...y.dims);
  if (precision !== Precision.full && precision !== Precision.bf16) {
    check.fail(`precision = ${precision} must be full or bf16: integers need a packed factor`);
  }
  const epilogue = epilogueOf(check, { y, bias, residual, pre, activation, alpha, accumulate });
  const left = rounded('gemm rounded a', floats(a), precision);
  const right = rounded('gemm rounded b', floats(b), precision);
  const [aRow, aK] = transA ? [1, m] : [k, 1];
  const [bRow, bK] = transB ? [k, 1] : [1, n];
  for (let s = 0; s < (lead[0] ?? 1); s++) {
    const rows: Operand = { array: left, start: s * m * k, rowStride: aRow, kStride: aK };
    const start = s * k * n;
    const columns: Columns = (j) => ({ array: right, start: start + j * bRow, rowStride: bRow, kStride: bK });
    multiplyInto(epilogue, rows, columns, { m, n, k, start: s * m * n });
  }
}

/** The epilogue of checked arguments. Throws `KERNEL_ARGUMENT` where the activation is unknown. */
export function epilogueOf(
  check: Arguments,
  given: {
    y: View;
    bias: View | null;
    residual: View | null;
    pre: View | null;
    activation: ActivationCode;
    alpha: number;
    accumulate: Flag;
  },
): Epilogue {
  const { y, bias, residual, pre, activation, alpha, accumulate } = given;
  const f = activationOf(activation)?.value ?? check.fail(`activation = ${activation} must be one of Activation`);
  return {
    y: floats(y),
    bias: bias && floats(bias),
    residual: residual && floats(residual),
    pre: pre && floats(pre),
    f: activation === 0 ? null : f,
    alpha,
    accumulate,
  };
}

function rounded(name: string, array: Floats, precision: PrecisionCode): Floats {
  if (precision === Precision.full) return array;
  const to = scratch(name, array.length);
  for (let i = 0; i < array.length; i++) to[i] = roundBf16(array[i]);
  return to;
}

/** y = epilogue(rows · columns), M × N from y's element `start` on. */
export function multiplyInto(epilogue: Epilogue, rows: Operand, columns: Columns, size: Size): void {
  if (size.m <= fewRows) multiplyRows(epilogue, rows, columns, size);
  else multiplyBlocks(epilogue, rows, columns, size);
}

export interface Size {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Where y's matrix begins. */
  readonly start: number;
}

function multiplyBlocks(epilogue: Epilogue, a: Operand, b: Columns, { m, n, k, start }: Size): void {
  const aPanels = scratch('gemm a', panelSize(rowBlock, kBlock));
  const bPanels = scratch('gemm b', panelSize(columnBlock, kBlock));
  const array = scratch('gemm sums', rowBlock * columnBlock);
  const sums: Sums = { array, start: 0, stride: columnBlock };
  for (let column = 0; column < n; column += columnBlock) {
    const columns = Math.min(columnBlock, n - column);
    const block = b(column, columns);
    for (let row = 0; row < m; row += rowBlock) {
      const rows = Math.min(rowBlock, m - row);
      array.fill(0, 0, panelSize(rows, columnBlock));
      for (let l = 0; l < k; l += kBlock) {
        const depth = Math.min(kBlock, k - l);
        const right = pack(bPanels, { ...block, start: block.start + l * block.kStride }, columns, depth);
        const left = pack(aPanels, { ...a, start: a.start + row * a.rowStride + l * a.kStride }, rows, depth);
        multiply(sums, left, right, { rows, columns, k: depth });
      }
      for (let i = 0; i < rows; i++) {
        const to = start + (row + i) * n + column;
        store(epilogue, array, { from: i * columnBlock, to, row: row + i, column, columns });
      }
    }
  }
}

/** The same sums, in the same order, without panels: for the few rows of a step of generation. */
function multiplyRows(epilogue: Epilogue, a: Operand, b: Columns, { m, n, k, start }: Size): void {
  const sums = scratch('gemm sums', columnBlock + tileSize);
  const left = scratch('gemm a', k);
  for (let column = 0; column < n; column += columnBlock) {
    const columns = Math.min(columnBlock, n - column);
    const block = b(column, columns);
    for (let i = 0; i < m; i++) {
      for (let l = 0; l < k; l++) left[l] = a.array[a.start + i * a.rowStride + l * a.kStride];
      if (block.rowStride === 1) addRows(sums, left, block, { n: columns, k });
      else dotRows(sums, left, block, { n: columns, k });
      store(epilogue, sums, { from: 0, to: start + i * n + column, row: i, column, columns });
    }
  }
}

/** sums[j] = Σ left[l] · b[l, j] for b [K, N] as it lies, four l in one pass over the sums. */
function addRows(sums: Float64Array, left: Float64Array, b: Operand, { n, k }: { n: number; k: number }): void {
  const { array, start, kStride } = b;
  sums.fill(0, 0, n);
  let l = 0;
  for (; l + 4 <= k; l += 4) {
    const [f0, f1, f2, f3] = [left[l], left[l + 1], left[l + 2], left[l + 3]];
    const at0 = start + l * kStride;
    const at1 = at0 + kStride;
    const at2 = at1 + kStride;
    const at3 = at2 + kStride;
    for (let j = 0; j < n; j++) {
      sums[j] = sums[j] + f0 * array[at0 + j] + f1 * array[at1 + j] + f2 * array[at2 + j] + f3 * array[at3 + j];
    }
  }
  for (; l < k; l++) {
    const factor = left[l];
    const at = start + l * kStride;
    for (let j = 0; j < n; j++) sums[j] += factor * array[at + j];
  }
}

/** sums[j] = Σ left[l] · b[j, l] for b [N, K] as it lies, four j at once: their additions do not wait for each other. */
function dotRows(sums: Float64Array, left: Float64Array, b: Operand, { n, k }: { n: number; k: number }): void {
  const { array, start } = b;
  for (let j = 0; j < n; j += 4) {
    // Beyond the last row the first of the four is read again, and its sum is not used.
    const at0 = start + j * k;
    const at1 = j + 1 < n ? at0 + k : at0;
    const at2 = j + 2 < n ? at0 + 2 * k : at0;
    const at3 = j + 3 < n ? at0 + 3 * k : at0;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let l = 0; l < k; l++) {
      const factor = left[l];
      s0 += factor * array[at0 + l];
      s1 += factor * array[at1 + l];
      s2 += factor * array[at2 + l];
      s3 += factor * array[at3 + l];
    }
    sums[j] = s0;
    sums[j + 1] = s1;
    sums[j + 2] = s2;
    sums[j + 3] = s3;
  }
}

/** Stores a piece of a row of y: `columns` sums, the first of which is at `from`. */
function store(
  epilogue: Epilogue,
  sums: Float64Array,
  piece: { from: number; to: number; row: number; column: number; columns: number },
): void {
  const { y, bias, residual, pre, f, alpha, accumulate, steps } = epilogue;
  const { from, to, row, column, columns } = piece;
  for (let j = 0; j < columns; j++) {
    let value = alpha * sums[from + j];
    if (steps !== undefined) value *= steps.rows[row] * steps.columns[column + j];
    if (bias !== null) value += bias[column + j];
    if (pre !== null) pre[to + j] = value;
    if (f !== null) value = f(value);
    if (residual !== null) value += residual[to + j];
    y[to + j] = accumulate ? y[to + j] + value : value;
  }
}
