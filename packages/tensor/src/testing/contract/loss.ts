import type { Bench } from './bench.js';
import { row, softmaxOf, sumOf } from './formulas.js';
import { elementary, gamma } from './precision.js';
import { rejects } from './rejects.js';
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

/** lse errs by the share of its sum, γ(V) + u·(mean depth + 2 `elementary`), and its own roundings; the loss by one difference more. */
async function crossEntropyCase(bench: Bench, n: number, v: number, std: number): Promise<void> {
  const logits = bench.normals([n, v], std);
  const targets = targetsFor(bench, n, v);
  const [loss, lse] = [bench.blank(n), bench.blank(n)];
  bench.backend.crossEntropy(loss, lse, logits, bench.indices([n], targets), ignore);
  const expected = { loss: [] as number[], lse: [] as number[] };
  const bound: number[] = [];
  targets.forEach((target, i) => {
    const x = row(logits.values, i, v);
    const { max, lse: total, probabilities } = softmaxOf(x);
    const depth = sumOf(probabilities.map((p, j) => (p === 0 ? 0 : p * (max - x[j]))));
    const ignored = target === ignore;
    expected.lse.push(ignored ? 0 : total);
    expected.loss.push(ignored ? 0 : total - x[target]);
    const sums = gamma(v, bench.dtype) + bench.u * (depth + 2 * elementary);
    bound.push(ignored ? 0 : sums + 3 * bench.u * (Math.abs(max) + Math.abs(total) + Math.abs(x[target])));
  });
  await bench.expect(`[${n}, ${v}] lse`, lse, expected.lse, bound);
  await bench.expect(`[${n}, ${v}] loss`, loss, expected.loss, bound);
}

function crossEntropyContract(suite: Suite): void {
  suite.test('gives the loss of every vocabulary', async (bench) => {
    for (const v of [...widths, 5000]) for (const std of [1, 30]) await crossEntropyCase(bench, 7, v, std);
    await crossEntropyCase(bench, 0, 33, 1);
  });
  suite.test('takes a class as the one to ignore', async (bench) => {
    const loss = bench.blank(2);
    bench.backend.crossEntropy(loss, bench.blank(2), bench.normals([2, 3]), bench.indices([2], [1, 1]), 1);
    await bench.expect('loss', loss, [0, 0]);
  });
  suite.test('carries −∞, ∞ and NaN as IEEE 754', async (bench) => {
    const logits = [
      [-inf, 0, 0],
      [-inf, 0, 0],
      [inf, 0, 0],
      [nan, 0, 0],
      [-inf, -inf, -inf],
    ];
    const [loss, lse] = [bench.blank(5), bench.blank(5)];
    bench.backend.crossEntropy(
      loss,
      lse,
      bench.array([5, 3], logits.flat()),
      bench.indices([5], [1, 0, 1, 1, 1]),
      ignore,
    );
    const bound = 4 * elementary * bench.u;
    await bench.expect('loss', loss, [Math.LN2, inf, nan, nan, nan], bound);
    await bench.expect('lse', lse, [Math.LN2, Math.LN2, nan, nan, -inf], bound);
  });
  suite.test('gives the same bits for a row alone', async (bench) => {
    const logits = bench.normals([9, 777]);
    const targets = bench.indices(
      [9],
      Array.from({ length: 9 }, () => bench.random.int(777)),
    );
    const [loss, lse] = [bench.blank(9), bench.blank(9)];
    bench.backend.crossEntropy(loss, lse, logits, targets, ignore);
    for (const i of [0, 4, 8]) {
      const [one, oneLse] = [bench.blank(1), bench.blank(1)];
      const at = { ...logits, offset: logits.offset + i * 777, dims: [1, 777] };
      bench.backend.crossEntropy(one, oneLse, at, { ...targets, offset: targets.offset + i, dims: [1] }, ignore);
      await bench.expectSameBits(`row ${i}`, one, { ...loss, offset: loss.offset + i, dims: [1] });
      await bench.expectSameBits(`lse of row ${i}`, oneLse, { ...lse, offset: lse.offset + i, dims: [1] });
    }
  });
  rejects(suite, 'crossEntropy', (bench) => ({
    arguments: {
      loss: bench.blank(3),
      lse: bench.blank(3),
      logits: bench.normals([3, 4]),
      targets: bench.indices([3], [0, ignore, 3]),
      ignore,
    },
    free: ['logits.1'],
    indices: { targets: [-1, 4, 2 ** 31 - 1, -99] },
  }));
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
    );
    await bench.expect('dlogits', logits, [0, 0, 0]);
  });
  rejects(suite, 'crossEntropyBackward', (bench) => ({
    arguments: {
      dlogits: bench.blank(3, 4),
      dloss: bench.normals([3]),
      logits: bench.normals([3, 4]),
      lse: bench.normals([3]),
      targets: bench.indices([3], [0, ignore, 3]),
      ignore,
    },
    indices: { targets: [-1, 4, 2 ** 31 - 1, -99] },
  }));
}
