import { type ActivationCode, type Flag, Precision, type PrecisionCode, packedBytes, type View } from '../backend.js';
import type { HostBuffer } from '../host.js';
import { Arguments, type Floats, floats, sizeOf } from './arguments.js';
import { bf16ToNumber, numberToBf16 } from './cast.js';
import { epilogueOf, multiplyInto } from './gemm.js';
import { scratch } from './scratch.js';
import type { Operand } from './tiles.js';

/*
 * A packed factor: eight f64 that say what it is, then the numbers [N, K], columns of the factor as rows. bf16: their 16 bits. int8: a step of f64
 * for each column first, then the integers.
 */
const magic = 20121107;
const headerBytes = 64;
const mostIntegerDepth = 65536;
/** Rows and columns whose greatest magnitude is not above this count as 0 when they become integers. */
const leastScaled = 1e-30;

interface Size {
  readonly n: number;
  readonly k: number;
}

/** See `Kernels.pack`. */
export function pack(packed: View, b: View, transB: Flag, precision: PrecisionCode): void {
  const check = new Arguments('pack', { floats: { b }, any: { packed } });
  check.flag('transB', transB);
  check.whole('precision', precision, 0, 3);
  const [rows, columns] = check.rank('b', 2);
  const [n, k] = transB ? [rows, columns] : [columns, rows];
  const bytes = packedBytes(n, k, precision, b.dtype as 'f32' | 'f64');
  const fits = packed.dtype === 'u8' && packed.dims.length === 1 && packed.dims[0] >= bytes && packed.offset % 64 === 0;
  if (!fits) check.fail(`packed must be u8 [${bytes}] or longer, and begin at a multiple of 64`);
  if (precision === Precision.int8 && k > mostIntegerDepth)
    check.fail(`int8 takes a depth of at most ${mostIntegerDepth}`);

  const width = b.dtype === 'f64' ? 8 : 4;
  const at = place(packed);
  new Float64Array(at.data, at.base, 8).set([magic, precision, n, k, width]);
  const from = floats(b);
  const element = (j: number, l: number): number => from[transB ? j * k + l : l * n + j];
  if (precision === Precision.full) {
    const to = fullNumbers(at, { n, k }, width);
    for (let j = 0, e = 0; j < n; j++) for (let l = 0; l < k; l++, e++) to[e] = element(j, l);
  } else if (precision === Precision.bf16) {
    const to = new Uint16Array(at.data, at.base + headerBytes, n * k);
    for (let j = 0, e = 0; j < n; j++) for (let l = 0; l < k; l++, e++) to[e] = numberToBf16(element(j, l));
  } else {
    const { steps, integers } = integerNumbers(at, { n, k });
    for (let j = 0; j < n; j++) {
      steps[j] = stepOf(k, (l) => element(j, l));
      for (let l = 0; l < k; l++) integers[j * k + l] = quantised(element(j, l), steps[j]);
    }
  }
}

/** See `Kernels.gemmPacked`. */
export function gemmPacked(
  y: View,
  a: View,
  packed: View,
  bias: View | null,
  residual: View | null,
  pre: View | null,
  activation: ActivationCode,
  alpha: number,
  accumulate: Flag,
): void {
  const optional = ['bias', 'residual', 'pre'];
  const check = new Arguments('gemmPacked', { floats: { y, a, bias, residual, pre }, any: { packed }, optional });
  const [m, n] = check.rank('y', 2);
  const k = check.rank('a', 2)[1];
  check.shape('a', m, k);
  check.shape('bias', n);
  check.shape('residual', m, n);
  check.shape('pre', m, n);
  check.flag('accumulate', accumulate);
  const precision = precisionOf(check, packed, { n, k, width: y.dtype === 'f64' ? 8 : 4 });
  const epilogue = epilogueOf(check, { y, bias, residual, pre, activation, alpha, accumulate });
  const at = place(packed);
  const left = floats(a);
  const size = { m, n, k, start: 0 };
  const rows: Operand = { array: left, start: 0, rowStride: k, kStride: 1 };
  if (precision === Precision.full) {
    const array = fullNumbers(at, { n, k }, y.dtype === 'f64' ? 8 : 4);
    multiplyInto(epilogue, rows, (j) => ({ array, start: j * k, rowStride: k, kStride: 1 }), size);
  } else if (precision === Precision.bf16) {
    const bits = new Uint16Array(at.data, at.base + headerBytes, n * k);
    const array = converted('packed a', left, (value) => bf16ToNumber(numberToBf16(value)));
    multiplyInto(epilogue, { ...rows, array }, widened(bits, k, bf16ToNumber), size);
  } else {
    const { steps, integers } = integerNumbers(at, { n, k });
    const rowSteps = scratch('packed steps', m);
    const array = scratch('packed a', m * k);
    for (let i = 0; i < m; i++) {
      rowSteps[i] = stepOf(k, (l) => left[i * k + l]);
      for (let l = 0; l < k; l++) array[i * k + l] = quantised(left[i * k + l], rowSteps[i]);
    }
    const columns = widened(integers, k, (value) => value);
    multiplyInto({ ...epilogue, steps: { rows: rowSteps, columns: steps } }, { ...rows, array }, columns, size);
  }
}

/** The precision a packed factor was made with. Throws `KERNEL_ARGUMENT` unless it is one of n columns of depth k and the dtype's width. */
function precisionOf(check: Arguments, packed: View, { n, k, width }: Size & { width: number }): PrecisionCode {
  const made = packed.dtype === 'u8' && packed.dims.length === 1 && packed.dims[0] >= headerBytes;
  if (!made || packed.offset % 64 !== 0) check.fail('packed must be what `pack` has made');
  const at = place(packed);
  const [mark, precision, columns, depth, bytes] = new Float64Array(at.data, at.base, 8);
  if (mark !== magic) check.fail('packed must be what `pack` of this backend has made');
  const dtype = width === 8 ? 'f64' : 'f32';
  const known = precision === Precision.full || precision === Precision.bf16 || precision === Precision.int8;
  if (!known || columns !== n || depth !== k || bytes !== width) {
    check.fail(`packed must have been made of ${dtype} [${k}, ${n}], but was of [${depth}, ${columns}]`);
  }
  if (sizeOf(packed.dims) < packedBytes(n, k, precision, dtype)) check.fail('packed must be whole');
  return precision;
}

function place(packed: View): { data: ArrayBuffer; base: number } {
  const { data, base } = packed.buffer as HostBuffer;
  return { data, base: base + packed.offset };
}

function fullNumbers(at: { data: ArrayBuffer; base: number }, { n, k }: Size, width: number): Floats {
  const make = width === 8 ? Float64Array : Float32Array;
  return new make(at.data, at.base + headerBytes, n * k);
}

function integerNumbers({ data, base }: { data: ArrayBuffer; base: number }, { n, k }: Size) {
  const begin = base + headerBytes;
  return { steps: new Float64Array(data, begin, n), integers: new Int8Array(data, begin + 8 * n, n * k) };
}

/** What one step of the integers is worth, whose greatest is 127: 0 where there is nothing to tell apart, NaN where a number is not finite. */
function stepOf(k: number, at: (l: number) => number): number {
  let greatest = 0;
  for (let l = 0; l < k; l++) {
    const value = Math.abs(at(l));
    if (!(value < Number.POSITIVE_INFINITY)) return Number.NaN;
    if (value > greatest) greatest = value;
  }
  return greatest > leastScaled ? greatest / 127 : 0;
}

function quantised(value: number, step: number): number {
  return step > 0 ? Math.round(value / step) : 0;
}

function converted(name: string, array: Floats, convert: (value: number) => number): Float64Array {
  const to = scratch(name, array.length);
  for (let i = 0; i < array.length; i++) to[i] = convert(array[i]);
  return to;
}

/** Blocks of columns as f64, in memory that the next block takes over. */
function widened(numbers: Uint16Array | Int8Array, k: number, convert: (raw: number) => number) {
  return (column: number, count: number): Operand => {
    const array = scratch('packed b', count * k);
    for (let e = 0; e < count * k; e++) array[e] = convert(numbers[column * k + e]);
    return { array, start: 0, rowStride: k, kStride: 1 };
  };
}
