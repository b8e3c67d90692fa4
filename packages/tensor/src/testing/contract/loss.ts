import type { View } from '../../backend.js';
import type { Bench } from './bench.js';
import { row, softmaxOf, sumOf } from './formulas.js';
import { elementary, gamma } from './precision.js';
import { refuses, rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

const ignore = -100;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export function lossContract(suite: Suite): void {
  suite.group('crossEntropy', () => crossEntropyContract(suite));
  suite.group('crossEntropyBackward', () => crossEntropyBackwardContract(suite));
}

function targetsFor(bench: Bench, n: number, v: number): number[] {
  return Array.from({ length: n }, (_, i) => (v === 0 || i % 3 === 2 ? ignore : bench.random.int(v)));
}

/** The outputs of `crossEntropy`, and what it needs between slices. */
function outputs(bench: Bench, n: number): { loss: View; lse: View; greatest: View } {
  return { loss: bench.blank(n), lse: bench.blank(n), greatest: bench.blank(n) };
}

/** Calls the kernel for one slice after another of z [N, V]; `see` is called after each with the number of columns so far. */
async function bySlices(
  bench: Bench,
  z: ArrayLike<number>,
  given: { targets: number[]; slices: readonly number[] } & ReturnType<typeof outputs>,
  see: (columns: number) => Promise<void> = async () => undefined,
): Promise<void> {
  const { targets, slices, loss, lse, greatest } = given;
  const n = targets.length;
  const v = sumOf(slices);
  let first = 0;
  for (const w of slices) {
    const columns = Float64Array.from({ length: n * w }, (_, e) => z[Math.floor(e / w) * v + first + (e % w)]);
    const ids = bench.indices([n], targets);
    const between = slices.length === 1 ? null : greatest;
    bench.backend.crossEntropy(loss, lse, between, bench.array([n, w], columns), ids, ignore, first, v);
    first += w;
    await see(first);
  }
}

/**
 * lse errs by the share of its sum, γ(V) + u·(mean depth + 2 `elementary`), and its own roundings; the loss by one difference more. Each slice after the
 * first scales a part of the sum by e^−d anew: by two roundings and one `elementary` of that part, and by u·d of e^−d, which is less than u.
 */
async function crossEntropyCase(bench: Bench, n: number, std: number, slices: readonly number[]): Promise<void> {
  const v = sumOf(slices);
  const z = bench.normal(n * v, std);
  const targets = targetsFor(bench, n, v);
  const { loss, lse, greatest } = outputs(bench, n);
  await bySlices(bench, z, { targets, slices, loss, lse, greatest });
  const expected = { loss: [] as number[], lse: [] as number[] };
  const bound: number[] = [];
  targets.forEach((target, i) => {
    const x = row(z, i, v);
    const { max, lse: total, probabilities } = softmaxOf(x);
    const depth = sumOf(probabilities.map((p, j) => (p === 0 ? 0 : p * (max - x[j]))));
    const ignored = target === ignore;
    expected.lse.push(ignored ? 0 : total);
    expected.loss.push(ignored ? 0 : total - x[target]);
    const sums = gamma(v, bench.dtype) + bench.u * (depth + 2 * elementary);
    const scaled = (slices.length - 1) * bench.u * (elementary + 3);
    bound.push(ignored ? 0 : sums + scaled + 3 * bench.u * (Math.abs(max) + Math.abs(total) + Math.abs(x[target])));
  });
  await bench.expect(`[${n}, ${slices.join(' + ')}] lse`, lse, expected.lse, bound);
  await bench.expect(`[${n}, ${slices.join(' + ')}] loss`, loss, expected.loss, bound);
}

function crossEntropyContract(suite: Suite): void {
  suite.test('gives the loss of every vocabulary', async (bench) => {
    for (const v of [...widths, 5000]) for (const std of [1, 30]) await crossEntropyCase(bench, 7, std, [v]);
    await crossEntropyCase(bench, 0, 1, [33]);
  });
  suite.test('gives the loss slice by slice', async (bench) => {
    for (const slices of [
      [1, 1],
      [32, 1],
      [1, 31, 33],
      [64, 64, 64, 63],
      [3000, 17, 2049],
    ]) {
      for (const std of [1, 30]) await crossEntropyCase(bench, 7, std, slices);
    }
    await crossEntropyCase(bench, 0, 1, [3, 4]);
  });
  suite.test('keeps sum, maximum and the logit of the target between slices', async (bench) => {
    const slices = [2, 3, 1];
    const targets = [0, 1, 2, 4, 5, ignore]; // at each end of each slice
    const z = bench.normal(6 * targets.length);
    const { loss, lse, greatest } = outputs(bench, 6);
    await bySlices(bench, z, { targets, slices, loss, lse, greatest }, async (columns) => {
      if (columns === 6) return;
      const so = targets.map((_, i) => row(z, i, 6).subarray(0, columns));
      const sums = so.map((x, i) => (i === 5 ? 0 : sumOf(x.map((value) => Math.exp(value - Math.max(...x))))));
      await bench.expect(`sums of ${columns} columns`, lse, sums, 4 * columns * elementary * bench.u);
      const picked = targets.map((target, i) => (target >= 0 && target < columns ? z[6 * i + target] : 0));
      await bench.expect(`logits of the targets in ${columns} columns`, loss, picked);
      const first = { ...greatest, dims: [5] }; // of the ignored row nothing is said
      await bench.expect(
        `maxima of ${columns} columns`,
        first,
        so.slice(0, 5).map((x) => Math.max(...x)),
      );
    });
  });
  suite.test('takes a class as the one to ignore', async (bench) => {
    const loss = bench.blank(2);
    const targets = bench.indices([2], [1, 1]);
    bench.backend.crossEntropy(loss, bench.blank(2), null, bench.normals([2, 3]), targets, 1, 0, 3);
    await bench.expect('loss', loss, [0, 0]);
  });
  suite.test('carries −∞, ∞ and NaN as IEEE 754, within a slice and from one to the next', async (bench) => {
    const logits = [
      [-inf, 0, 0],
      [-inf, 0, 0],
      [inf, 0, 0],
      [nan, 0, 0],
      [-inf, -inf, -inf],
      [0, -inf, -inf],
      [0, 0, nan],
      [0, -inf, inf],
      [nan, inf, nan], // ignored
    ];
    const targets = [1, 0, 1, 1, 1, 2, 0, 1, ignore];
    const bound = 8 * elementary * bench.u;
    for (const slices of [[3], [1, 2], [2, 1], [1, 1, 1]]) {
      const { loss, lse, greatest } = outputs(bench, 9);
      await bySlices(bench, logits.flat(), { targets, slices, loss, lse, greatest });
      await bench.expect('loss', loss, [Math.LN2, inf, nan, nan, nan, inf, nan, nan, 0], bound);
      await bench.expect('lse', lse, [Math.LN2, Math.LN2, nan, nan, -inf, 0, nan, nan, 0], bound);
    }
  });
  suite.test('carries −∞ and NaN past whole blocks of columns', async (bench) => {
    const v = 5000;
    const z = new Float64Array(4 * v).fill(-inf);
    z[v - 1] = 3; // row 0 has one number, the last; row 1 none
    z[2 * v] = nan; // row 2 has nothing else
    z.fill(1e30, 3 * v, 4 * v);
    const { loss, lse, greatest } = outputs(bench, 4);
    await bySlices(bench, z, { targets: [v - 1, 0, 1, 7], slices: [v], loss, lse, greatest });
    const large = bench.rounded([1e30])[0];
    await bench.expect('lse', lse, [3, -inf, nan, large], [0, 0, 0, 2 * bench.u * large]);
    await bench.expect('loss', loss, [0, nan, nan, Math.log(v)], [0, 0, 0, 4 * bench.u * large]);
  });
  suite.test('gives the same bits for a row alone', async (bench) => {
    const logits = bench.normals([9, 777]);
    const targets = bench.indices(
      [9],
      Array.from({ length: 9 }, () => bench.random.int(777)),
    );
    const all = outputs(bench, 9);
    // Twice, as the first slice and as the one that follows it.
    const twice = ({ loss, lse, greatest }: ReturnType<typeof outputs>, z: View, ids: View) => {
      for (const first of [0, 777]) bench.backend.crossEntropy(loss, lse, greatest, z, ids, ignore, first, 1554);
    };
    twice(all, logits, targets);
    for (const i of [0, 4, 8]) {
      const one = outputs(bench, 1);
      const at = (view: View, step: number, dims: number[]): View => ({
        ...view,
        offset: view.offset + i * step,
        dims,
      });
      twice(one, at(logits, 777, [1, 777]), at(targets, 1, [1]));
      await bench.expectSameBits(`row ${i}`, one.loss, at(all.loss, 1, [1]));
      await bench.expectSameBits(`lse of row ${i}`, one.lse, at(all.lse, 1, [1]));
    }
  });
  rejects(suite, 'crossEntropy', (bench) => ({
    arguments: {
      loss: bench.blank(3),
      lse: bench.normals([3]),
      greatest: bench.normals([3]),
      logits: bench.normals([3, 4]),
      targets: bench.indices([3], [0, ignore, 5]),
      ignore,
      first: 2,
      classes: 6,
    },
    harmless: ['logits dimension 1 − 1'],
    numbers: { first: [-1, 3, 2 ** 40], classes: [5, -1, 2 ** 31] },
    indices: { targets: [-1, 6, 2 ** 31 - 1, -99] },
  }));
  suite.test('throws KERNEL_ARGUMENT for a slice of no columns, unless there are none', async (bench) => {
    const none = (classes: number) => {
      const { loss, lse, greatest } = outputs(bench, 2);
      const targets = bench.indices([2], [ignore, ignore]);
      bench.backend.crossEntropy(loss, lse, greatest, bench.blank(2, 0), targets, ignore, 0, classes);
      return loss;
    };
    await bench.expect('loss', none(0), [0, 0]);
    refuses('crossEntropy', 'a slice of no columns', () => none(1));
  });
}

/** A probability errs by u·(|x| + |lse| + `elementary`) of itself, and by the rounding of the lse that is given. */
async function crossEntropyBackwardCase(bench: Bench, n: number, v: number, inPlace: boolean): Promise<void> {
  const logits = bench.normals([n, v], 4);
  const targets = targetsFor(bench, n, v);
  const dloss = bench.normals([n]);
  const lse = bench.rounded(
    targets.map((target, i) => (target === ignore ? 0 : softmaxOf(row(logits.values, i, v)).lse)),
  );
  const dlogits = inPlace ? logits : bench.blank(n, v);
  bench.backend.crossEntropyBackward(
    dlogits,
    dloss,
    logits,
    bench.array([n], lse),
    bench.indices([n], targets),
    ignore,
    0,
    v,
  );
  const expected: number[] = [];
  const bound: number[] = [];
  targets.forEach((target, i) => {
    const x = row(logits.values, i, v);
    const d = target === ignore ? 0 : dloss.values[i];
    x.forEach((value, j) => {
      const p = d === 0 ? 0 : Math.exp(value - lse[i]);
      const slope = p - (j === target ? 1 : 0);
      expected.push(d * slope + 0);
      const share = bench.u * (2 * Math.abs(value) + 2 * Math.abs(lse[i]) + elementary);
      bound.push(Math.abs(d) * (p * share + 2 * bench.u * (p + Math.abs(slope))));
    });
  });
  await bench.expect(`[${n}, ${v}]`, dlogits, expected, bound);
}

function crossEntropyBackwardContract(suite: Suite): void {
  suite.test('gives the gradient of every vocabulary, also in place', async (bench) => {
    for (const v of widths) for (const inPlace of [false, true]) await crossEntropyBackwardCase(bench, 7, v, inPlace);
    await crossEntropyBackwardCase(bench, 0, 33, false);
  });
  suite.test('gives zeros where ignored, whatever the logits', async (bench) => {
    const logits = bench.array([1, 3], [nan, inf, 1]);
    const lse = bench.array([1], [0]);
    bench.backend.crossEntropyBackward(
      logits,
      bench.array([1], [nan]),
      logits,
      lse,
      bench.indices([1], [ignore]),
      ignore,
      0,
      3,
    );
    await bench.expect('dlogits', logits, [0, 0, 0]);
  });
  suite.test('gives of a slice what it gives of those columns', async (bench) => {
    const [n, v] = [6, 70];
    const targets = [0, 32, 33, 35, 69, ignore];
    const logits = bench.normals([n, v]);
    const rest = [bench.normals([n]), bench.normals([n]), bench.indices([n], targets)] as const;
    const backward = (to: View, [dloss, lse, ids]: typeof rest, z: View, first: number) =>
      bench.backend.crossEntropyBackward(to, dloss, z, lse, ids, ignore, first, v);
    const all = bench.blank(n, v);
    backward(all, rest, logits, 0);
    const whole = await bench.read(all);
    for (const [first, w] of [
      [0, 33],
      [33, 3],
      [36, 34],
    ]) {
      const columns = (from: Float64Array) =>
        Float64Array.from({ length: n * w }, (_, e) => from[Math.floor(e / w) * v + first + (e % w)]);
      const slice = bench.array([n, w], columns(logits.values));
      backward(slice, rest, slice, first);
      await bench.expect(`columns ${first} … ${first + w}`, slice, columns(whole));
    }
  });
  rejects(suite, 'crossEntropyBackward', (bench) => ({
    arguments: {
      dlogits: bench.blank(3, 4),
      dloss: bench.normals([3]),
      logits: bench.normals([3, 4]),
      lse: bench.normals([3]),
      targets: bench.indices([3], [0, ignore, 5]),
      ignore,
      first: 2,
      classes: 6,
    },
    numbers: { first: [-1, 3, 2 ** 40], classes: [5, -1, 2 ** 31] },
    indices: { targets: [-1, 6, 2 ** 31 - 1, -99] },
  }));
}
