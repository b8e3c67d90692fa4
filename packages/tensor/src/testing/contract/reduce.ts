import { sumOf } from './formulas.js';
import { gamma } from './precision.js';
import { rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const sizes = [...widths, 10_007];

export function reduceContract(suite: Suite): void {
  suite.group('sum', () => sumContract(suite));
  suite.group('sumRows', () => sumRowsContract(suite));
  suite.group('sumSquares', () => sumSquaresContract(suite));
  suite.group('argmaxRows', () => argmaxContract(suite));
}

function sumContract(suite: Suite): void {
  suite.test('sums any size, NaN and ∞ too', async (bench) => {
    for (const size of sizes) {
      const x = bench.normals([size]);
      const y = bench.blank(1);
      bench.backend.sum(y, x);
      await bench.expect(
        `size ${size}`,
        y,
        [sumOf(x.values)],
        [gamma(size, bench.dtype) * sumOf(x.values.map(Math.abs))],
      );
    }
    for (const [values, total] of [
      [[1, nan, 2], nan],
      [[1, inf, 2], inf],
      [[inf, -inf], nan],
    ] as const) {
      const y = bench.blank(1);
      bench.backend.sum(y, bench.array([values.length], values));
      await bench.expect(`${values}`, y, [total]);
    }
  });
  rejects(suite, 'sum', (bench) => ({
    arguments: { y: bench.blank(1), x: bench.normals([2, 3]) },
    free: ['x.0', 'x.1'],
    anyShape: true,
  }));
}

function sumRowsContract(suite: Suite): void {
  suite.test('sums down each column, and adds when accumulating', async (bench) => {
    for (const c of widths) {
      for (const n of c > 100 ? [1, 5] : widths) {
        for (const accumulate of [0, 1] as const) {
          const x = bench.normals([n, c]);
          const start = bench.normals([c]);
          const y = accumulate ? start : bench.blank(c);
          bench.backend.sumRows(y, x, accumulate);
          const column = (j: number) => Array.from({ length: n }, (_, i) => x.values[i * c + j]);
          const first = (j: number) => (accumulate ? start.values[j] : 0);
          const expected = Float64Array.from({ length: c }, (_, j) => first(j) + sumOf(column(j)));
          const bound = expected.map(
            (_, j) => gamma(n + 1, bench.dtype) * (Math.abs(first(j)) + sumOf(column(j).map(Math.abs))),
          );
          await bench.expect(`[${n}, ${c}]`, y, expected, bound);
        }
      }
    }
  });
  rejects(suite, 'sumRows', (bench) => ({
    arguments: { y: bench.blank(3), x: bench.normals([2, 3]), accumulate: 0 },
    free: ['x.0'],
  }));
}

function sumSquaresContract(suite: Suite): void {
  suite.test('sums squares as exactly as f64 does, and adds when accumulating', async (bench) => {
    for (const size of sizes) {
      for (const accumulate of [0, 1] as const) {
        const x = bench.normals([size]);
        const y = accumulate ? bench.array([1], [0.75]) : bench.blank(1);
        bench.backend.sumSquares(y, x, accumulate);
        const total = sumOf(x.values.map((value) => value * value)) + (accumulate ? 0.75 : 0);
        // In f64 the sum errs by γ(size) of f64; storing it, and adding what was stored, by 2u.
        await bench.expect(`size ${size}`, y, [total], [(gamma(size, 'f64') + 2 * bench.u) * total]);
      }
    }
  });
  rejects(suite, 'sumSquares', (bench) => ({
    arguments: { y: bench.blank(1), x: bench.normals([2, 3]), accumulate: 0 },
    free: ['x.0', 'x.1'],
    anyShape: true,
  }));
}

function argmaxContract(suite: Suite): void {
  suite.test('finds the first of the greatest', async (bench) => {
    for (const c of widths.filter((w) => w > 0)) {
      const x = bench.normals([7, c]);
      // Few values, so that there are equals.
      const values = x.values.map((value) => Math.round(value));
      const y = bench.indices([7], new Int32Array(7).fill(-1));
      bench.backend.argmaxRows(y, bench.array([7, c], values));
      const expected = Array.from({ length: 7 }, (_, n) => {
        const row = Array.from(values.subarray(n * c, (n + 1) * c));
        return row.indexOf(Math.max(...row));
      });
      await bench.expect(`width ${c}`, y, expected);
    }
  });

  suite.test('takes NaN as greatest, and −∞ as a number', async (bench) => {
    const rows: [number[], number][] = [
      [[1, nan, 3, nan], 1],
      [[nan, inf, 3, 4], 0],
      [[-inf, -inf, -inf, -inf], 0],
      [[-inf, -inf, -5, -inf], 2],
      [[1, inf, inf, nan], 3],
      [[-0, 0, 0, -1], 0],
    ];
    for (const width of [4, 40]) {
      const y = bench.indices([rows.length], new Int32Array(rows.length).fill(-1));
      const values = rows.flatMap(([row]) => [...row, ...new Array(width - 4).fill(-inf)]);
      bench.backend.argmaxRows(y, bench.array([rows.length, width], values));
      await bench.expect(
        `width ${width}`,
        y,
        rows.map(([, at]) => at),
      );
    }
  });

  rejects(suite, 'argmaxRows', (bench) => ({
    arguments: { y: bench.indices([2], [0, 0]), x: bench.normals([2, 1]) },
    free: ['x.1'],
    harmless: ['x of f32', 'x of f64'], // where the backend has them, y is i32 all the same
  }));
  suite.test('throws for rows without columns', async (bench) => {
    let code: unknown;
    try {
      bench.backend.argmaxRows(bench.indices([2], [0, 0]), bench.blank(2, 0));
    } catch (error) {
      ({ code } = error as { code?: unknown });
    }
    if (code !== 'KERNEL_ARGUMENT') throw new Error(`expected KERNEL_ARGUMENT, got ${code}`);
  });
}
