import { kept } from './attention-formulas.js';
import type { Bench } from './bench.js';
import { rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

interface DropoutCase {
  readonly n: number;
  readonly c: number;
  readonly p: number;
  readonly seed?: number;
  readonly step?: number;
  readonly op?: number;
  readonly keys?: boolean;
  readonly inPlace?: boolean;
}

async function dropoutCase(bench: Bench, given: DropoutCase): Promise<void> {
  const { n, c, p, seed = 11, step = 2, op = 3 } = given;
  const x = bench.normals([n, c]);
  const pairs = Array.from({ length: n }, (_, i) => [(i * 7) % 5, given.keys ? 1000 - i : i]);
  const keys = given.keys ? bench.indices([n, 2], pairs.flat()) : null;
  const y = given.inPlace ? x : bench.blank(n, c);
  bench.backend.dropout(y, x, keys, p, seed, step, op);
  const keep = x.values.map((_, e) => {
    const i = Math.floor(e / c);
    const [sequence, row] = given.keys ? pairs[i] : [0, i];
    return kept({ p, seed, step, op }, { c: e % c, row, sequence, head: 0 });
  });
  const expected = x.values.map((value, e) => (keep[e] === 0 ? 0 : value * keep[e]));
  await bench.expect(
    JSON.stringify(given),
    y,
    expected,
    expected.map((value) => 2 * bench.u * Math.abs(value)),
  );
  // The mask itself has no tolerance.
  const got = await bench.read(y);
  const at = got.findIndex((value, e) => (value === 0) !== (keep[e] === 0 || x.values[e] === 0));
  if (at >= 0) throw new Error(`${JSON.stringify(given)}: the mask differs at element ${at}`);
}

export function dropoutContract(suite: Suite): void {
  suite.group('dropout', () => {
    suite.test('drops what Philox says, for every width, with and without keys, also in place', async (bench) => {
      for (const c of widths) {
        for (const keys of [false, true]) {
          for (const inPlace of [false, true]) await dropoutCase(bench, { n: 5, c, p: 0.4, keys, inPlace });
        }
      }
      await dropoutCase(bench, { n: 0, c: 33, p: 0.4, keys: true });
    });
    suite.test('follows seed, step, op and p', async (bench) => {
      for (const seed of [0, 1, 2 ** 31, 2 ** 32 - 1]) await dropoutCase(bench, { n: 3, c: 33, p: 0.5, seed });
      for (const step of [0, 2 ** 31 + 5, 2 ** 32 - 1]) await dropoutCase(bench, { n: 3, c: 33, p: 0.5, step });
      for (const op of [0, 2 ** 23 + 1, 2 ** 24 - 1]) await dropoutCase(bench, { n: 3, c: 33, p: 0.5, op });
      for (const p of [0, 0.001, 0.1, 0.999]) await dropoutCase(bench, { n: 3, c: 33, p });
    });
    suite.test('takes keys as 32-bit words', async (bench) => {
      const x = bench.normals([2, 9]);
      const y = bench.blank(2, 9);
      bench.backend.dropout(y, x, bench.indices([2, 2], [-1, -2, 3, -(2 ** 31)]), 0.5, 1, 2, 3);
      const got = await bench.read(y);
      const rows = [
        [2 ** 32 - 1, 2 ** 32 - 2],
        [3, 2 ** 31],
      ];
      got.forEach((value, e) => {
        const [sequence, row] = rows[Math.floor(e / 9)];
        const keep = kept({ p: 0.5, seed: 1, step: 2, op: 3 }, { c: e % 9, row, sequence, head: 0 });
        if ((value === 0) !== (keep === 0)) throw new Error(`the mask differs at element ${e}`);
      });
    });
    suite.test('drops about p of many', async (bench) => {
      const x = bench.array([400, 500], new Float64Array(200_000).fill(1));
      bench.backend.dropout(x, x, null, 0.3, 5, 6, 7);
      const dropped = (await bench.read(x)).filter((value) => value === 0).length / 200_000;
      // Five standard deviations of the share of 200000 independent draws.
      if (Math.abs(dropped - 0.3) > 5 * Math.sqrt((0.3 * 0.7) / 200_000)) throw new Error(`dropped ${dropped}`);
    });
    suite.test('drops NaN and ∞ too, and keeps them where kept', async (bench) => {
      const y = bench.blank(1, 64);
      bench.backend.dropout(y, bench.array([1, 64], new Float64Array(64).fill(Number.NaN)), null, 0.5, 1, 2, 3);
      const got = await bench.read(y);
      got.forEach((value, c) => {
        const keep = kept({ p: 0.5, seed: 1, step: 2, op: 3 }, { c, row: 0, sequence: 0, head: 0 });
        if (keep === 0 ? value !== 0 : !Number.isNaN(value)) throw new Error(`element ${c} is ${value}`);
      });
    });
    rejects(suite, 'dropout', (bench) => ({
      arguments: {
        y: bench.blank(3, 4),
        x: bench.normals([3, 4]),
        keys: bench.indices([3, 2], [0, 0, 0, 1, 1, 0]),
        ...{ p: 0.5, seed: 1, step: 2, op: 3 },
      },
      optional: ['keys'],
      numbers: { p: [-0.1, 1, 1.5, Number.NaN] },
    }));
  });
}
