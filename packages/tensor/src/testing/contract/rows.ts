import { gamma } from './precision.js';
import { rejects } from './rejects.js';
import type { Suite } from './suite.js';
import { widths } from './suite.js';

export function rowsContract(suite: Suite): void {
  suite.group('gatherRows', () => gatherContract(suite));
  suite.group('scatterAddRows', () => scatterContract(suite));
  suite.group('writeRows', () => writeContract(suite));
}

function gatherContract(suite: Suite): void {
  suite.test('copies rows, and adds them when accumulating', async (bench) => {
    for (const c of widths) {
      for (const at of [[], [4], [0, 4, 4, 2, 0]]) {
        const x = bench.normals([5, c]);
        const expected = at.flatMap((v) => Array.from(x.values.subarray(v * c, (v + 1) * c)));
        const y = bench.blank(at.length, c);
        bench.backend.gatherRows(y, x, bench.indices([at.length], at), 0);
        await bench.expect(`width ${c}`, y, expected);
        const start = bench.normals([at.length, c]);
        bench.backend.gatherRows(start, x, bench.indices([at.length], at), 1);
        await bench.expect(
          `accumulated width ${c}`,
          start,
          start.values.map((value, i) => value + expected[i]),
          0,
        );
      }
    }
  });
  rejects(suite, 'gatherRows', (bench) => ({
    arguments: { y: bench.blank(3, 4), x: bench.normals([5, 4]), index: bench.indices([3], [0, 4, 2]), accumulate: 0 },
    free: ['x.0'],
    indices: { index: [-1, 5, 2 ** 31 - 1, -(2 ** 31)] },
  }));
}

function scatterContract(suite: Suite): void {
  suite.test('adds rows where the indices say, repeats in order', async (bench) => {
    for (const c of widths) {
      for (const at of [[], [3], [2, 0, 2, 2, 4, 0]]) {
        const y = bench.normals([5, c]);
        const x = bench.normals([at.length, c]);
        const expected = y.values.slice();
        const size = y.values.map(Math.abs);
        at.forEach((v, n) => {
          for (let j = 0; j < c; j++) {
            expected[v * c + j] += x.values[n * c + j];
            size[v * c + j] += Math.abs(x.values[n * c + j]);
          }
        });
        bench.backend.scatterAddRows(y, x, bench.indices([at.length], at));
        await bench.expect(
          `width ${c}`,
          y,
          expected,
          size.map((s) => gamma(at.length, bench.dtype) * s),
        );
      }
    }
  });

  suite.test('adds in ascending order: the same bits as one row at a time', async (bench) => {
    const x = bench.normals([200, 9]);
    const at = Array.from({ length: 200 }, () => bench.random.int(3));
    const y = bench.array([3, 9], new Float64Array(27));
    bench.backend.scatterAddRows(y, x, bench.indices([200], at));
    const stepwise = bench.array([3, 9], new Float64Array(27));
    for (let n = 0; n < 200; n++) {
      bench.backend.scatterAddRows(
        stepwise,
        { ...x, offset: x.offset + 9 * n, dims: [1, 9] },
        bench.indices([1], [at[n]]),
      );
    }
    await bench.expectSameBits('y', y, stepwise);
  });

  rejects(suite, 'scatterAddRows', (bench) => ({
    arguments: { y: bench.normals([5, 4]), x: bench.normals([3, 4]), index: bench.indices([3], [0, 4, 2]) },
    free: ['y.0'],
    indices: { index: [-1, 5, 2 ** 31 - 1, -(2 ** 31)] },
  }));
}

function writeContract(suite: Suite): void {
  suite.test('writes a block of columns, and leaves the others', async (bench) => {
    for (const w of widths) {
      for (const at of [null, [4, 0, 2]]) {
        const [cy, cx, yAt, xAt] = [w + 3, w + 2, 2, 1];
        const y = bench.normals([5, cy]);
        const x = bench.normals([3, cx]);
        const expected = y.values.slice();
        for (let n = 0; n < 3; n++) {
          for (let j = 0; j < w; j++) expected[(at?.[n] ?? n) * cy + yAt + j] = x.values[n * cx + xAt + j];
        }
        bench.backend.writeRows(y, x, at && bench.indices([3], at), yAt, xAt, w);
        await bench.expect(`width ${w}`, y, expected);
      }
    }
    const y = bench.normals([2, 3]);
    bench.backend.writeRows(y, bench.normals([0, 3]), bench.indices([0], []), 0, 0, 3);
    await bench.expect('no rows', y, y.values);
  });
  rejects(suite, 'writeRows', (bench) => ({
    arguments: {
      y: bench.normals([4, 7]),
      x: bench.normals([3, 5]),
      index: bench.indices([3], [1, 0, 3]),
      yAt: 3,
      xAt: 1,
      width: 4,
    },
    free: ['y.0', 'y.1', 'x.1'],
    optional: ['index'],
    numbers: { yAt: [-1, 4, 0.5], xAt: [-1, 2, 0.5], width: [-1, 5, 0.5] },
    indices: { index: [-1, 4, 2 ** 31 - 1] },
  }));
}
