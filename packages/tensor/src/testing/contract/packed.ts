import { Activation, type Flag, Precision, type PrecisionCode, type View } from '../../backend.js';
import type { Bench } from './bench.js';
import { checkProduct, packed, room } from './products.js';
import { rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

const flags: readonly Flag[] = [0, 1];
const names = Object.entries(Precision);

export function packedContract(suite: Suite): void {
  suite.group('pack', () => {
    suite.test('refuses integers so deep that their sums might leave 32 bits', async (bench) => {
      const b = bench.array([1, 65537], new Float64Array(65537));
      let code: unknown;
      try {
        packed(bench, b, { transB: 1, precision: Precision.int8 });
      } catch (error) {
        code = (error as { code?: unknown }).code;
      }
      if (code !== 'KERNEL_ARGUMENT') throw new Error(`it threw ${String(code)}, not KERNEL_ARGUMENT`);
    });
    rejects(suite, 'pack', (bench) => ({
      arguments: { packed: room(bench, 6, 5, 0), b: bench.normals([5, 6]), transB: 0, precision: Precision.full },
      // More room than is needed does no harm, and neither does a smaller matrix in it.
      free: ['packed.0', 'b.0', 'b.1'],
      numbers: { transB: [-1, 2], precision: [-1, 3, 0.5] },
      // The reference packs either dtype, whatever the suite's is.
      harmless: ['b of f32'],
    }));
  });

  suite.group('gemmPacked', () => {
    for (const precision of [Precision.full, Precision.bf16]) {
      suite.test(`multiplies every shape, precision ${precision}`, async (bench) => {
        for (const transB of flags) {
          const given = { transB, precision, packed: true };
          for (const w of widths) {
            await checkProduct(bench, { ...given, m: w, k: 33, n: 5, bias: true });
            await checkProduct(bench, { ...given, m: 5, k: w, n: 53, residual: true });
            await checkProduct(bench, { ...given, m: 37, k: w, n: 49, pre: true });
            await checkProduct(bench, { ...given, m: 1, k: 35, n: w, activation: Activation.gelu, alpha: 0.5 });
            await checkProduct(bench, { ...given, m: 2, k: 700, n: w % 100, accumulate: 1 });
          }
        }
      });
    }
    for (const [name, precision] of names) {
      suite.test(`gives the same bits for rows alone, and for either form of b, ${name}`, (bench) =>
        sameBits(bench, precision),
      );
    }
    suite.test('gives the bits of gemm where nothing is rounded', async (bench) => {
      const [m, k, n] = [21, 530, 70];
      const [a, b] = [bench.normals([m, k]), bench.normals([n, k])];
      const [y, same] = [bench.blank(m, n), bench.blank(m, n)];
      bench.backend.gemm(y, a, b, null, null, null, 0, 1, Activation.none, 1, 0, Precision.full);
      const factor = packed(bench, b, { transB: 1, precision: Precision.full });
      bench.backend.gemmPacked(same, a, factor, null, null, null, Activation.none, 1, 0);
      await bench.expectSameBits('y', y, same);
    });
    integers(suite);
    suite.test('carries NaN and ∞ of int8 to their rows and columns, and no further', nonFinite);
    rejects(suite, 'gemmPacked', (bench) => ({
      arguments: {
        y: bench.blank(3, 6),
        a: bench.normals([3, 5]),
        packed: packed(bench, bench.normals([5, 6]), { transB: 0, precision: Precision.bf16 }),
        bias: bench.normals([6]),
        residual: bench.normals([3, 6]),
        pre: bench.blank(3, 6),
        activation: Activation.gelu,
        alpha: 1,
        accumulate: 0,
      },
      free: ['packed.0'],
      optional: ['bias', 'residual', 'pre'],
      numbers: { activation: [-1, 7, 0.5] },
    }));
  });
}

async function sameBits(bench: Bench, precision: PrecisionCode): Promise<void> {
  const [m, k, n] = [41, 333, 67];
  const a = bench.normals([m, k]);
  const b = bench.normals([n, k]);
  const turned = bench.array(
    [k, n],
    Float64Array.from({ length: k * n }, (_, e) => b.values[(e % n) * k + Math.floor(e / n)]),
  );
  const factor = packed(bench, b, { transB: 1, precision });
  const y = bench.blank(m, n);
  bench.backend.gemmPacked(y, a, factor, null, null, null, Activation.none, 1, 0);
  const other = bench.blank(m, n);
  const otherFactor = packed(bench, turned, { transB: 0, precision });
  bench.backend.gemmPacked(other, a, otherFactor, null, null, null, Activation.none, 1, 0);
  await bench.expectSameBits('b turned', y, other);
  for (const [i, rows] of [
    [0, 1],
    [40, 1],
    [3, 4],
    [8, 17],
  ] as const) {
    const alone = bench.blank(rows, n);
    const from = { ...a, offset: a.offset + i * k, dims: [rows, k] };
    bench.backend.gemmPacked(alone, from, factor, null, null, null, Activation.none, 1, 0);
    await bench.expectSameBits(`rows ${i} + ${rows}`, alone, { ...y, offset: y.offset + i * n, dims: [rows, n] });
  }
}

function integers(suite: Suite): void {
  // Every row and column holds a 127, so a step is 1, and the product is that of the integers.
  suite.test('multiplies integers exactly', async (bench) => {
    for (const k of [1, 2, 3, 4, 5, 31, 33, 257, 1030]) {
      for (const m of [1, 3, 18, 33]) {
        const n = 51;
        const integer = (): number => bench.random.int(255) - 127;
        const a = Float64Array.from({ length: m * k }, (_, e) => (e % k === k >> 1 ? 127 : integer()));
        const b = Float64Array.from({ length: n * k }, (_, e) => (e % k === k >> 2 ? -127 : integer()));
        await expectIntegers(bench, { m, k, n }, a, b);
      }
    }
  });
  suite.test('saturates nowhere, at the greatest integers of one sign', async (bench) => {
    const [m, k, n] = [19, 1023, 49];
    const a = new Float64Array(m * k).fill(127);
    await expectIntegers(bench, { m, k, n }, a, new Float64Array(n * k).fill(127));
    await expectIntegers(bench, { m, k, n }, a, new Float64Array(n * k).fill(-127));
    await expectIntegers(
      bench,
      { m, k, n },
      a.map((x) => -x),
      new Float64Array(n * k).fill(-127),
    );
  });
  suite.test('rounds each factor to its nearest step', async (bench) => {
    const [m, k, n] = [23, 40, 40];
    const ones = Float64Array.from({ length: n * k }, (_, e) => (e % (k + 1) === 0 ? 1 : 0));
    const [left, unit] = [bench.normals([m, k]), bench.array([n, k], ones)];
    await expectNear(bench, { a: left, b: unit }, (i, j) => [left.values[i * k + j], halfStep(row(left.values, i, k))]);
    const right = bench.normals([300, k], 0.1);
    await expectNear(bench, { a: unit, b: right }, (i, j) => [
      right.values[j * k + i],
      halfStep(row(right.values, j, k)),
    ]);
  });
  suite.test('refuses what was never packed', async (bench) => {
    const [y, a, never] = [bench.blank(3, 6), bench.normals([3, 5]), room(bench, 6, 5, 0)];
    let code: unknown;
    try {
      bench.backend.gemmPacked(y, a, never, null, null, null, Activation.none, 1, 0);
    } catch (error) {
      code = (error as { code?: unknown }).code;
    }
    if (code !== 'KERNEL_ARGUMENT') throw new Error(`it threw ${String(code)}, not KERNEL_ARGUMENT`);
  });
}

const row = (values: Float64Array, i: number, k: number): Float64Array => values.subarray(i * k, i * k + k);

/** Checks y = a · bᵀ in int8 against (expected, allowed) of every element. */
async function expectNear(
  bench: Bench,
  { a, b }: { a: View; b: View },
  at: (i: number, j: number) => readonly [expected: number, allowed: number],
): Promise<void> {
  const [m, n] = [a.dims[0], b.dims[0]];
  const y = bench.blank(m, n);
  const factor = packed(bench, b, { transB: 1, precision: Precision.int8 });
  bench.backend.gemmPacked(y, a, factor, null, null, null, Activation.none, 1, 0);
  const all = Array.from({ length: m * n }, (_, e) => at(Math.floor(e / n), e % n));
  await bench.expect(
    'y',
    y,
    all.map(([expected]) => expected),
    all.map(([expected, allowed]) => allowed + 8 * bench.u * Math.abs(expected)),
  );
}

/** Half a step of a row's integers, and what the division may err by. */
function halfStep(row: Float64Array): number {
  return (Math.max(...row.map(Math.abs)) / 127) * (0.5 + 2 ** -12);
}

async function expectIntegers(
  bench: Bench,
  { m, k, n }: { m: number; k: number; n: number },
  a: Float64Array,
  b: Float64Array,
): Promise<void> {
  const y = bench.blank(m, n);
  const factor = packed(bench, bench.array([n, k], b), { transB: 1, precision: Precision.int8 });
  bench.backend.gemmPacked(y, bench.array([m, k], a), factor, null, null, null, Activation.none, 1, 0);
  const expected = Float64Array.from({ length: m * n }, (_, e) => {
    let total = 0;
    for (let l = 0; l < k; l++) total += a[Math.floor(e / n) * k + l] * b[(e % n) * k + l];
    return total;
  });
  // The sum, the two steps and their products are rounded: five units on each result.
  await bench.expect(
    `integers of [${m}, ${k}] · [${k}, ${n}]`,
    y,
    expected,
    expected.map((value) => 5 * bench.u * Math.abs(value)),
  );
}

async function nonFinite(bench: Bench): Promise<void> {
  const [m, k, n] = [20, 37, 50];
  const a = bench.normal(m * k);
  const b = bench.normal(n * k);
  a[3 * k + 36] = Number.NaN;
  a[17 * k] = Number.POSITIVE_INFINITY;
  b[49 * k + 1] = Number.NEGATIVE_INFINITY;
  b[8 * k + 5] = Number.NaN;
  a.fill(0, 5 * k, 6 * k);
  for (const rows of [m, 4]) {
    const y = bench.blank(rows, n);
    const factor = packed(bench, bench.array([n, k], b), { transB: 1, precision: Precision.int8 });
    const left = bench.array([rows, k], a.subarray(0, rows * k));
    bench.backend.gemmPacked(y, left, factor, null, null, null, Activation.none, 1, 0);
    const got = await bench.read(y);
    for (let e = 0; e < rows * n; e++) {
      const [i, j] = [Math.floor(e / n), e % n];
      const nan = i === 3 || i === 17 || j === 49 || j === 8;
      if (Number.isNaN(got[e]) !== nan) throw new Error(`y[${i}, ${j}] of ${rows} rows is ${got[e]}`);
      if (i === 5 && !nan && got[e] !== 0) throw new Error(`y[5, ${j}], of a row of zeros, is ${got[e]}`);
    }
  }
}
