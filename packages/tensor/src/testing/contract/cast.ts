import type { DType } from '../../backend.js';
import { hostArray } from '../../host.js';
import type { Bench } from './bench.js';
import { rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Significant bits, least and greatest exponent of the binary formats (IEEE 754; bf16 has f32's exponents). */
const formats = {
  f64: { bits: 53, least: -1022, greatest: 1023 },
  f32: { bits: 24, least: -126, greatest: 127 },
  bf16: { bits: 8, least: -126, greatest: 127 },
  f16: { bits: 11, least: -14, greatest: 15 },
} as const;

type FloatFormat = keyof typeof formats;

function isFloat(dtype: DType): dtype is FloatFormat {
  return dtype in formats;
}

/** The number of a format nearest to x, the even one of two: found by counting in units of x's last place. */
export function nearest(x: number, dtype: FloatFormat): number {
  if (!Number.isFinite(x) || x === 0 || dtype === 'f64') return x;
  const { bits, least, greatest } = formats[dtype];
  const exponent = Math.max(least, Math.floor(Math.log2(Math.abs(x))));
  // log2 may be one off beside a power of two; a finer unit for the number below is then still one of the format.
  const settled =
    Math.abs(x) >= 2 ** (exponent + 1)
      ? exponent + 1
      : Math.max(least, Math.abs(x) < 2 ** exponent ? exponent - 1 : exponent);
  const place = 2 ** (settled - bits + 1);
  const count = x / place;
  const below = Math.floor(count);
  const rest = count - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  const result = rounded * place || x * 0; // a zero keeps the sign
  return Math.abs(result) > (2 - 2 ** (1 - bits)) * 2 ** greatest ? Math.sign(x) * inf : result;
}

/** The raw 16 bits of a number that the format has. */
function bits16(x: number, dtype: 'bf16' | 'f16'): number {
  const { bits, least } = formats[dtype];
  const fractionBits = bits - 1;
  const top = dtype === 'bf16' ? 255 : 31;
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  if (!Number.isFinite(x)) return sign | (top << fractionBits);
  const size = Math.abs(x);
  if (size < 2 ** least) return sign | (size / 2 ** (least - fractionBits));
  let exponent = Math.floor(Math.log2(size));
  if (size < 2 ** exponent) exponent--;
  return sign | ((exponent - least + 1) << fractionBits) | (size / 2 ** (exponent - fractionBits) - 2 ** fractionBits);
}

/** What a number becomes in a dtype. */
function converted(x: number, dtype: DType): number {
  if (isFloat(dtype)) return nearest(x, dtype);
  if (dtype === 'bool') return x === 0 ? 0 : 1;
  const [low, high] = dtype === 'u8' ? [0, 255] : [-(2 ** 31), 2 ** 31 - 1];
  return Number.isNaN(x) ? 0 : Math.min(high, Math.max(low, Math.trunc(x))) + 0;
}

/** Raw elements of numbers that the dtype has. */
function rawOf(values: readonly number[], dtype: DType) {
  const raw = hostArray(dtype, values.length);
  values.forEach((value, i) => {
    const nanBits = dtype === 'bf16' ? 0x7fc0 : 0x7e00;
    if (dtype === 'bf16' || dtype === 'f16') raw[i] = Number.isNaN(value) ? nanBits : bits16(value, dtype);
    else raw[i] = value;
  });
  return raw;
}

function interesting(bench: Bench): number[] {
  const values = [
    0,
    -0,
    1,
    -1,
    0.5,
    1.5,
    2.5,
    127.5,
    255,
    256,
    300,
    65504,
    65519,
    65520,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31) - 1,
    3e9,
  ];
  // Halfway cases of bf16 and f16, and their neighbours in f64; subnormals; overflow.
  for (const tie of [
    1 + 2 ** -8,
    1 + 3 * 2 ** -8,
    1 + 2 ** -11,
    1 + 3 * 2 ** -11,
    2 ** -25,
    3 * 2 ** -25,
    2 ** -134,
    3 * 2 ** -134,
  ]) {
    values.push(tie, -tie, tie * (1 + 2 ** -50), tie * (1 - 2 ** -50), tie * (1 + 2 ** -22), tie * (1 - 2 ** -22));
  }
  values.push(
    2 ** -24,
    2 ** -14,
    2 ** -14 - 2 ** -25,
    2 ** -126,
    2 ** -133,
    2 ** -149,
    3.4e38,
    3.39e38,
    1e39,
    -1e300,
    2 ** -1074,
  );
  for (let e = -30; e < 40; e += 3) values.push(bench.random.normal() * 2 ** e);
  return [...values, nan, inf, -inf];
}

const dtypes: readonly DType[] = ['f64', 'f32', 'bf16', 'f16', 'i32', 'u8', 'bool'];

export function castContract(suite: Suite): void {
  suite.group('cast', () => {
    for (const from of dtypes) {
      for (const to of dtypes) {
        suite.test(`${from} to ${to}`, async (bench) => {
          const values = interesting(bench).map((value) => converted(value, from));
          const y = bench.raw([values.length], hostArray(to, values.length).fill(1), to);
          bench.backend.cast(y, bench.raw([values.length], rawOf(values, from), from));
          const expected = rawOf(
            values.map((value) => converted(value, to)),
            to,
          );
          const got = await bench.read(y);
          for (let i = 0; i < values.length; i++) {
            const isNaN16 =
              (to === 'bf16' && (got[i] & 0x7fff) > 0x7f80) || (to === 'f16' && (got[i] & 0x7fff) > 0x7c00);
            const same =
              Number.isNaN(values[i]) && isFloat(to) ? Number.isNaN(got[i]) || isNaN16 : Object.is(got[i], expected[i]);
            if (!same) throw new Error(`${values[i]} became ${got[i]}, expected ${expected[i]}`);
          }
        });
      }
    }
    suite.test('every width, and another shape of the same size', async (bench) => {
      for (const w of widths) {
        const x = bench.normals([2, w]);
        const y = bench.raw([w, 2], new Int32Array(2 * w), 'i32');
        bench.backend.cast(y, x);
        await bench.expect(
          `width ${w}`,
          y,
          x.values.map((value) => Math.trunc(value) + 0),
        );
      }
    });
    rejects(suite, 'cast', (bench) => ({
      arguments: { y: bench.blank(2, 3), x: bench.normals([2, 3]) },
      anyDType: true,
      anyShape: true,
    }));
  });
  suite.group('fill', () => {
    for (const dtype of dtypes) {
      suite.test(`${dtype}`, async (bench) => {
        for (const size of widths) {
          for (const value of [0, 2.75, -1, 1e10, nan]) {
            const y = bench.raw([size], hostArray(dtype, size).fill(3), dtype);
            bench.backend.fill(y, value);
            const [raw] = rawOf([converted(value, dtype)], dtype);
            await bench.expect(`${value}`, y, new Float64Array(size).fill(raw));
          }
        }
      });
    }
    rejects(suite, 'fill', (bench) => ({
      arguments: { y: bench.blank(2, 3), value: 1 },
      free: ['y.0', 'y.1'],
      anyDType: true,
      anyShape: true,
    }));
  });
}
