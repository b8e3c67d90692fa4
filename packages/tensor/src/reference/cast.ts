import type { DType, View } from '../backend.js';
import { bytesPerElement, elements, type TypedArray } from '../host.js';
import { Arguments } from './arguments.js';

// A value passes through f64, which holds every value of every dtype, so each dtype needs one decoder and one encoder.

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

const isDType = (dtype: string): dtype is DType => Object.hasOwn(bytesPerElement, dtype);

/** See `Kernels.cast`. */
export function cast(y: View, x: View): void {
  const check = new Arguments('cast', { any: { y, x } });
  check.sameSize('y', 'x');
  if (!isDType(y.dtype) || !isDType(x.dtype)) check.fail('y and x must have a known dtype');
  const from: TypedArray = elements(x);
  const to: TypedArray = elements(y);
  if (plain(x.dtype) && plain(y.dtype)) {
    to.set(from); // V8 converts and rounds as IEEE 754 does
    return;
  }
  const encode = encoders[y.dtype];
  const decode = decoders[x.dtype];
  for (let i = 0; i < from.length; i++) to[i] = encode(decode(from[i]));
}

/** See `Kernels.fill`. */
export function fill(y: View, value: number): void {
  const check = new Arguments('fill', { any: { y } });
  if (!isDType(y.dtype)) check.fail('y must have a known dtype');
  elements(y).fill(encoders[y.dtype](value));
}

function plain(dtype: DType): boolean {
  return dtype === 'f32' || dtype === 'f64';
}

const same = (value: number): number => value;
const saturate = (low: number, high: number) => (value: number) =>
  value > low ? (value < high ? Math.trunc(value) : high) : value <= low ? low : 0;

/** The number an element's raw bits stand for. */
const decoders: Record<DType, (raw: number) => number> = {
  f64: same,
  f32: same,
  bf16: bf16ToNumber,
  f16: f16ToNumber,
  i32: same,
  u8: same,
  bool: same,
};

/** The raw element of a number. */
const encoders: Record<DType, (value: number) => number> = {
  f64: same,
  f32: same,
  bf16: numberToBf16,
  f16: numberToF16,
  i32: saturate(-(2 ** 31), 2 ** 31 - 1),
  u8: saturate(0, 255),
  bool: (value) => (value !== 0 ? 1 : 0),
};

export function bf16ToNumber(bits: number): number {
  singleBits[0] = bits << 16;
  return single[0];
}

export function f16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The f32 bits of a number, rounded to odd: an inexact value gets the neighbour whose last bit is set. A second rounding to at
 * most 22 bits is then as if there had been no first.
 */
function oddBits(value: number): number {
  single[0] = value;
  const rounded = single[0];
  if (rounded === value || Number.isNaN(value)) return singleBits[0];
  if (Math.abs(rounded) > Math.abs(value)) singleBits[0]--;
  return singleBits[0] | 1;
}

/** bf16 bits, to nearest even. */
export function numberToBf16(value: number): number {
  const bits = oddBits(value);
  if (Number.isNaN(value)) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The bf16 number nearest to a number, the even one of two. */
export function roundBf16(value: number): number {
  return bf16ToNumber(numberToBf16(value));
}

/** f16 bits, to nearest even. */
export function numberToF16(value: number): number {
  const bits = oddBits(value) >>> 0;
  const sign = (bits >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const exponent = ((bits >>> 23) & 255) - 127 + 15;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent < -10) return sign;
  // Bits to drop: 13 of a normal number, more of a subnormal one, whose leading 1 is explicit.
  const drop = exponent > 0 ? 13 : 14 - exponent;
  const whole = exponent > 0 ? (exponent << 23) | (bits & 0x7fffff) : 0x800000 | (bits & 0x7fffff);
  const half = (1 << (drop - 1)) - 1 + ((whole >>> drop) & 1);
  return sign | ((whole + half) >>> drop);
}
