import { Activation, type Flag, Precision, type View } from '../../backend.js';
import type { Bench } from './bench.js';
import { activationCodes, product } from './formulas.js';
import { gamma } from './precision.js';
import { checkProduct } from './products.js';
import { rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

const flags: readonly Flag[] = [0, 1];

export function gemmContract(suite: Suite): void {
  suite.group('gemm', () => {
    for (const transA of flags) {
      for (const transB of flags) {
        suite.test(`multiplies every shape, transA ${transA}, transB ${transB}`, async (bench) => {
          for (const w of widths) {
            await checkProduct(bench, { m: w, k: 33, n: 5, transA, transB });
            await checkProduct(bench, { m: 5, k: w, n: 33, transA, transB });
            await checkProduct(bench, { m: 6, k: 31, n: w, transA, transB, bias: true, residual: true });
            await checkProduct(bench, { m: 1, k: 35, n: w, transA, transB, bias: true, pre: true });
            await checkProduct(bench, { m: w % 100, k: w % 100, n: w % 100, batch: 3, transA, transB, bias: true });
          }
        });
      }
    }
    suite.test('multiplies numbers rounded to bf16', async (bench) => {
      for (const transA of flags) {
        for (const transB of flags) {
          const bf16 = { transA, transB, precision: Precision.bf16 };
          for (const w of widths) {
            await checkProduct(bench, { ...bf16, m: w, k: 33, n: 5 });
            await checkProduct(bench, { ...bf16, m: 5, k: w, n: 33, bias: true });
            await checkProduct(bench, { ...bf16, m: 40, k: w, n: 53, residual: true });
            await checkProduct(bench, { ...bf16, m: 1, k: 35, n: w, activation: Activation.gelu, pre: true });
            await checkProduct(bench, { ...bf16, m: w % 100, k: w % 100, n: w % 100, batch: 3 });
          }
        }
      }
    });
    // As a weight's gradient is: too large for caches, which a backend may pass by. It begins at a multiple of 64 bytes, and then not.
    suite.test('gives large results of few terms', async (bench) => {
      for (const precision of [Precision.full, Precision.bf16]) {
        const large = { m: 1040, k: 3, n: 1024, transA: 1, precision } as const;
        await checkProduct(bench, large);
        await checkProduct(bench, { ...large, bias: true });
        await checkProduct(bench, { ...large, n: 1022 });
      }
    });
    epilogues(suite);
    consistency(suite);
    suite.test('carries NaN and ∞ to their rows and columns, and no further', nonFinite);
    rejects(suite, 'gemm', (bench) => ({
      arguments: {
        y: bench.blank(2, 3, 5),
        a: bench.normals([2, 3, 4]),
        b: bench.normals([2, 4, 5]),
        bias: bench.normals([5]),
        residual: bench.normals([2, 3, 5]),
        pre: bench.blank(2, 3, 5),
        transA: 0,
        transB: 0,
        activation: Activation.gelu,
        alpha: 1,
        accumulate: 0,
        precision: Precision.full,
      },
      optional: ['bias', 'residual', 'pre'],
      numbers: { activation: [-1, 7, 0.5], precision: [-1, Precision.int8, 3, 0.5] },
    }));
  });
}

function epilogues(suite: Suite): void {
  const shape = { m: 33, k: 32, n: 35 };
  for (const activation of activationCodes) {
    suite.test(`applies bias, activation ${activation}, residual, alpha, and writes pre`, async (bench) => {
      await checkProduct(bench, { ...shape, activation });
      await checkProduct(bench, { ...shape, activation, bias: true, pre: true });
      await checkProduct(bench, { ...shape, activation, bias: true, residual: true, alpha: -0.75, pre: true });
      await checkProduct(bench, { ...shape, k: 0, activation, bias: true, residual: true });
      await checkProduct(bench, { ...shape, batch: 2, activation, bias: true, residual: true, pre: true, alpha: 2 });
    });
  }
  suite.test('accumulates, and adds a residual that is y itself', async (bench) => {
    for (const transA of flags) await checkProduct(bench, { ...shape, transA, accumulate: 1 });
    await checkProduct(bench, { ...shape, accumulate: 1, bias: true, alpha: 0.5, activation: Activation.gelu });
    await checkProduct(bench, { ...shape, residual: 'y', bias: true });
    await checkProduct(bench, { ...shape, accumulate: 1, residual: true });
    await checkProduct(bench, { ...shape, k: 0, accumulate: 1 });
  });
}

/** The part of a matrix that begins at an element. */
function part(view: View, at: number, dims: readonly number[]): View {
  return { ...view, offset: view.offset + at, dims };
}

function consistency(suite: Suite): void {
  const cases = flags.flatMap((transB) => [Precision.full, Precision.bf16].map((precision) => ({ transB, precision })));
  for (const { transB, precision } of cases) {
    const what = `transB ${transB}, precision ${precision}`;
    suite.test(`gives the same bits for a row or a column alone, ${what}`, async (bench) => {
      const [m, k, n] = [37, 700, 67];
      const a = bench.normals([m, k]);
      const b = bench.normals(transB ? [n, k] : [k, n]);
      const y = bench.blank(m, n);
      const plain = [0, transB, Activation.none, 1, 0, precision] as const;
      bench.backend.gemm(y, a, b, null, null, null, ...plain);
      for (const [i, rows] of [
        [0, 1],
        [5, 1],
        [30, 7],
        [36, 1],
        [3, 16],
      ] as const) {
        const alone = bench.blank(rows, n);
        bench.backend.gemm(alone, part(a, i * k, [rows, k]), b, null, null, null, ...plain);
        await bench.expectSameBits(`rows ${i} + ${rows}`, alone, part(y, i * n, [rows, n]));
      }
      if (!transB) return;
      const all = await bench.read(y);
      for (const [j, columns] of [
        [0, 1],
        [8, 16],
        [66, 1],
      ] as const) {
        const alone = bench.blank(m, columns);
        bench.backend.gemm(alone, a, part(b, j * k, [columns, k]), null, null, null, ...plain);
        const same = Float64Array.from(
          { length: m * columns },
          (_, e) => all[Math.floor(e / columns) * n + j + (e % columns)],
        );
        await bench.expect(`columns ${j} + ${columns}`, alone, same);
      }
    });
  }

  // Y·t − A·(B·t) costs O(n²) (BLIS's test suite); each element of Y errs by γ(k)·|A|·|B|.
  suite.test('multiplies large matrices: Y·t = A·(B·t)', async (bench) => {
    const [m, k, n] = [259, 515, 387];
    const a = bench.normals([m, k]);
    const b = bench.normals([k, n]);
    const y = bench.blank(m, n);
    bench.backend.gemm(y, a, b, null, null, null, 0, 0, Activation.none, 1, 0, 0);
    const t = bench.normal(n);
    const bt = product(b.values, t, { m: k, k: n, n: 1 });
    const abt = product(a.values, bt.value, { m, k, n: 1 });
    const size = product(a.values.map(Math.abs), bt.size, { m, k, n: 1 });
    const yt = product(await bench.read(y), t, { m, k: n, n: 1 });
    for (let i = 0; i < m; i++) {
      const bound = (gamma(k + 1, bench.dtype) + gamma(k + n, 'f64')) * size.size[i];
      const off = Math.abs(yt.value[i] - abt.value[i]);
      if (!(off <= bound)) throw new Error(`row ${i} is off by ${off}, the bound is ${bound}`);
    }
  });
}

async function nonFinite(bench: Bench): Promise<void> {
  const [m, k, n] = [35, 33, 37];
  const a = bench.normal(m * k);
  const b = bench.normal(k * n);
  a[7 * k + 3] = Number.NaN;
  a[20 * k] = Number.POSITIVE_INFINITY;
  b[5 * n + 36] = Number.NEGATIVE_INFINITY;
  b[6 * n + 11] = Number.NaN;
  const y = bench.blank(m, n);
  bench.backend.gemm(
    y,
    bench.array([m, k], a),
    bench.array([k, n], b),
    null,
    null,
    null,
    0,
    0,
    Activation.none,
    1,
    0,
    0,
  );
  const { value, size } = product(a, b, { m, k, n });
  const bound = size.map((s) => (Number.isFinite(s) ? gamma(k, bench.dtype) * s : 0));
  await bench.expect('y', y, value, bound);
}
