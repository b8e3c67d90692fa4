import type { Bench } from './bench.js';
import { row, softmaxOf, sumOf } from './formulas.js';
import { elementary, gamma } from './precision.js';
import { rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const eps = 1e-5;

export function normalisationContract(suite: Suite): void {
  suite.group('layerNorm', () => layerNormContract(suite));
  suite.group('layerNormBackward', () => layerNormBackwardContract(suite));
  suite.group('softmax', () => softmaxContract(suite));
  suite.group('softmaxBackward', () => softmaxBackwardContract(suite));
}

function moments(s: Float64Array): { mean: number; variance: number } {
  const mean = sumOf(s) / s.length;
  return { mean, variance: sumOf(s.map((value) => (value - mean) ** 2)) / s.length };
}

interface NormCase {
  readonly n: number;
  readonly c: number;
  readonly residual?: boolean;
  readonly outputs?: boolean;
  readonly inPlace?: boolean;
  /** Added to every element: a mean far from 0 shows a variance computed as E[s²] − E[s]². */
  readonly away?: number;
}

/**
 * With δ = (γ(C) + 2u)·max|s|, what the mean and each s − mean may err by, the variance errs by 2δ·σ from the s − mean and γ(C + 4) of itself
 * from the sum, so rstd by the share ρ = δ·rstd + γ(C + 4) + `elementary`·u; and y by |γ|·(δ·rstd + |x̂|·ρ) and its own three roundings.
 */
async function layerNormCase(bench: Bench, given: NormCase): Promise<void> {
  const { n, c, away = 0 } = given;
  const x0 = bench.rounded(bench.normal(n * c).map((value) => value + away));
  const x = bench.array([n, c], x0);
  const residual = given.residual ? bench.normals([n, c]) : null;
  const gamma0 = bench.normals([c]);
  const beta = bench.normals([c]);
  const y = given.inPlace ? x : bench.blank(n, c);
  const [mean, rstd, sum] = given.outputs ? [bench.blank(n), bench.blank(n), bench.blank(n, c)] : [null, null, null];
  bench.backend.layerNorm(y, mean, rstd, sum, x, residual, gamma0, beta, eps);
  if (c === 0) return;
  const s = x0.map((value, i) => value + (residual?.values[i] ?? 0));
  const expected = { y: new Float64Array(n * c), mean: [] as number[], rstd: [] as number[] };
  const bound = { y: new Float64Array(n * c), mean: [] as number[], rstd: [] as number[] };
  for (let i = 0; i < n; i++) {
    const { mean: m, variance } = moments(row(s, i, c));
    const r = 1 / Math.sqrt(variance + eps);
    const largest = Math.max(...row(s, i, c).map(Math.abs));
    const delta = (gamma(c, bench.dtype) + 2 * bench.u) * largest;
    const share = delta * r + gamma(c + 4, bench.dtype) + elementary * bench.u;
    expected.mean.push(m);
    bound.mean.push(delta);
    expected.rstd.push(r);
    bound.rstd.push(share * r);
    for (let j = 0; j < c; j++) {
      const e = i * c + j;
      const normal = (s[e] - m) * r;
      const scaled = normal * gamma0.values[j];
      expected.y[e] = scaled + beta.values[j];
      bound.y[e] = Math.abs(gamma0.values[j]) * (delta * r + Math.abs(normal) * share);
      bound.y[e] += 3 * bench.u * (Math.abs(scaled) + Math.abs(beta.values[j]));
    }
  }
  const what = JSON.stringify(given);
  await bench.expect(`${what} y`, y, expected.y, bound.y);
  if (mean !== null) await bench.expect(`${what} mean`, mean, expected.mean, bound.mean);
  if (rstd !== null) await bench.expect(`${what} rstd`, rstd, expected.rstd, bound.rstd);
  if (sum !== null) await bench.expect(`${what} sum`, sum, s, 0);
}

function layerNormContract(suite: Suite): void {
  suite.test('normalises every width, with and without residual and the values for backward', async (bench) => {
    for (const c of widths) {
      for (const residual of [false, true]) {
        for (const outputs of [false, true]) {
          await layerNormCase(bench, { n: 5, c, residual, outputs });
          await layerNormCase(bench, { n: 3, c, residual, outputs, inPlace: true });
        }
      }
    }
    await layerNormCase(bench, { n: 0, c: 33, outputs: true });
    await layerNormCase(bench, { n: 70, c: 33, outputs: true });
  });
  suite.test('keeps its precision where the mean is large', async (bench) => {
    for (const c of [33, 1023]) await layerNormCase(bench, { n: 4, c, outputs: true, away: 1000 });
  });
  suite.test('gives the same bits for a row alone', async (bench) => {
    const [n, c] = [41, 333];
    const x = bench.normals([n, c]);
    const [gamma0, beta] = [bench.normals([c]), bench.normals([c])];
    const y = bench.blank(n, c);
    bench.backend.layerNorm(y, null, null, null, x, null, gamma0, beta, eps);
    for (const i of [0, 7, 40]) {
      const alone = bench.blank(1, c);
      const at = { ...x, offset: x.offset + i * c, dims: [1, c] };
      bench.backend.layerNorm(alone, null, null, null, at, null, gamma0, beta, eps);
      await bench.expectSameBits(`row ${i}`, alone, { ...y, offset: y.offset + i * c, dims: [1, c] });
    }
  });
  suite.test('keeps NaN and ∞ to their rows', async (bench) => {
    const values = bench.normal(4 * 33);
    values[5] = nan;
    values[2 * 33 + 8] = inf;
    const y = bench.blank(4, 33);
    const flat = {
      gamma: bench.array([33], new Float64Array(33).fill(1)),
      beta: bench.array([33], new Float64Array(33)),
    };
    bench.backend.layerNorm(y, null, null, null, bench.array([4, 33], values), null, flat.gamma, flat.beta, eps);
    const got = await bench.read(y);
    const finite = [0, 1, 2, 3].map((i) => row(got, i, 33).every(Number.isFinite));
    if (finite.join() !== 'false,true,false,true') throw new Error(`finite rows: ${finite}`);
    if (![0, 2].every((i) => row(got, i, 33).every(Number.isNaN))) throw new Error('rows with NaN or ∞ must be NaN');
  });
  rejects(suite, 'layerNorm', (bench) => ({
    arguments: {
      y: bench.blank(2, 5),
      mean: bench.blank(2),
      rstd: bench.blank(2),
      sum: bench.blank(2, 5),
      x: bench.normals([2, 5]),
      residual: bench.normals([2, 5]),
      gamma: bench.normals([5]),
      beta: bench.normals([5]),
      eps,
    },
    optional: ['mean', 'rstd', 'sum', 'residual'],
  }));
}

/**
 * x̂ = (s − mean)·rstd errs by e = 3u·rstd·(|s| + |mean|). With g = dy·γ the two means err by γ(C + 3) of their absolute sums,
 * and by what e brings; dx adds their roundings. dgamma and dbeta are sums of n products.
 */
async function layerNormBackwardCase(
  bench: Bench,
  n: number,
  c: number,
  options: { inPlace?: boolean; sums?: boolean },
): Promise<void> {
  const s = bench.normals([n, c]);
  const dy = bench.normals([n, c]);
  const scale = bench.normals([c]);
  const stats = Array.from({ length: n }, (_, i) => moments(row(s.values, i, c)));
  const means = bench.rounded(stats.map(({ mean }) => (c === 0 ? 0 : mean)));
  const rstds = bench.rounded(stats.map(({ variance }) => (c === 0 ? 0 : 1 / Math.sqrt(variance + eps))));
  const dx = options.inPlace ? dy : bench.blank(n, c);
  const [dgamma, dbeta] = options.sums ? [bench.normals([c]), bench.normals([c])] : [null, null];
  bench.backend.layerNormBackward(dx, dgamma, dbeta, dy, s, bench.array([n], means), bench.array([n], rstds), scale);
  const { u, dtype } = bench;
  const expected = {
    dx: new Float64Array(n * c),
    dgamma: dgamma?.values.slice() ?? [],
    dbeta: dbeta?.values.slice() ?? [],
  };
  const bound = { dx: new Float64Array(n * c), dgamma: new Float64Array(c), dbeta: new Float64Array(c) };
  for (let i = 0; i < n; i++) {
    const [m, r] = [means[i], rstds[i]];
    const d = row(dy.values, i, c);
    const normal = row(s.values, i, c).map((value) => (value - m) * r);
    const e = row(s.values, i, c).map((value) => 3 * u * r * (Math.abs(value) + Math.abs(m)));
    const g = d.map((value, j) => value * scale.values[j]);
    const average = (values: Float64Array) => sumOf(values) / c;
    const gMean = average(g);
    const gxMean = average(g.map((value, j) => value * normal[j]));
    const gSize = average(g.map(Math.abs));
    const gxSize = average(g.map((value, j) => Math.abs(value * normal[j])));
    const gxShift = average(g.map((value, j) => Math.abs(value) * e[j]));
    for (let j = 0; j < c; j++) {
      const at = i * c + j;
      expected.dx[at] = r * (g[j] - gMean - normal[j] * gxMean);
      const sums =
        gamma(c + 3, dtype) * (gSize + Math.abs(normal[j]) * gxSize) + Math.abs(normal[j]) * gxShift + e[j] * gxSize;
      bound.dx[at] = r * (sums + 4 * u * (Math.abs(g[j]) + gSize + Math.abs(normal[j]) * gxSize));
      expected.dgamma[j] += d[j] * normal[j];
      expected.dbeta[j] += d[j];
      bound.dgamma[j] += Math.abs(d[j]) * (e[j] + gamma(n + 2, dtype) * Math.abs(normal[j]));
      bound.dbeta[j] += gamma(n + 1, dtype) * Math.abs(d[j]);
    }
  }
  await bench.expect(`[${n}, ${c}] dx`, dx, expected.dx, bound.dx);
  for (const [what, view] of [
    ['dgamma', dgamma],
    ['dbeta', dbeta],
  ] as const) {
    if (view === null) continue;
    const start = view.values.map((value) => gamma(n + 1, dtype) * Math.abs(value));
    await bench.expect(
      `[${n}, ${c}] ${what}`,
      view,
      expected[what],
      bound[what].map((b, j) => b + start[j]),
    );
  }
}

function layerNormBackwardContract(suite: Suite): void {
  suite.test('gives the gradients of every width, also in place', async (bench) => {
    for (const c of widths) {
      for (const inPlace of [false, true]) {
        await layerNormBackwardCase(bench, 5, c, { inPlace, sums: true });
        await layerNormBackwardCase(bench, 2, c, { inPlace });
      }
    }
    await layerNormBackwardCase(bench, 0, 33, { sums: true });
    await layerNormBackwardCase(bench, 200, 33, { sums: true });
  });
  rejects(suite, 'layerNormBackward', (bench) => ({
    arguments: {
      dx: bench.blank(2, 5),
      dgamma: bench.normals([5]),
      dbeta: bench.normals([5]),
      dy: bench.normals([2, 5]),
      s: bench.normals([2, 5]),
      mean: bench.normals([2]),
      rstd: bench.normals([2]),
      gamma: bench.normals([5]),
    },
    optional: ['dgamma', 'dbeta'],
  }));
}

/**
 * x − max errs by u·|x − max|, and so does its exp as a share of itself, beside the function's own error; the sum by the mean of those and γ(C).
 */
async function softmaxCase(
  bench: Bench,
  values: Float64Array,
  shape: { n: number; c: number; log: 0 | 1; inPlace?: boolean },
): Promise<void> {
  const { n, c, log, inPlace = false } = shape;
  const x = bench.array([n, c], values);
  const y = inPlace ? x : bench.blank(n, c);
  bench.backend.softmax(y, x, log);
  const expected: number[] = [];
  const bound: number[] = [];
  for (let i = 0; i < n; i++) {
    const { probabilities, max, logTotal } = softmaxOf(row(values, i, c));
    const depth = Array.from(row(values, i, c), (value) => (Number.isFinite(value - max) ? Math.abs(value - max) : 0));
    const averageDepth = sumOf(depth.map((d, j) => d * probabilities[j]));
    const sumShare = gamma(c, bench.dtype) + bench.u * (averageDepth + 2 * elementary);
    for (let j = 0; j < c; j++) {
      const value = values[i * c + j];
      if (log) {
        expected.push(max === -inf ? -inf : value - max - logTotal);
        bound.push(sumShare + 3 * bench.u * (depth[j] + Math.abs(logTotal)));
      } else {
        expected.push(probabilities[j]);
        bound.push(probabilities[j] * (sumShare + bench.u * (depth[j] + elementary)));
      }
    }
  }
  await bench.expect(`[${n}, ${c}] log ${log}`, y, expected, bound);
}

function softmaxContract(suite: Suite): void {
  for (const log of [0, 1] as const) {
    suite.test(`normalises every width, log ${log}, also in place`, async (bench) => {
      for (const c of widths) {
        for (const inPlace of [false, true]) {
          for (const std of [1, 20]) await softmaxCase(bench, bench.normal(3 * c, std), { n: 3, c, log, inPlace });
        }
      }
      await softmaxCase(bench, bench.normal(0), { n: 0, c: 33, log });
      const large = bench.rounded(bench.normal(2 * 33).map((value) => value + 3000));
      await softmaxCase(bench, large, { n: 2, c: 33, log });
    });
    suite.test(`masked elements, masked rows, NaN and ∞, log ${log}`, async (bench) => {
      for (const c of [4, 33, 100]) {
        const rows = bench.normal(6 * c);
        for (let j = 0; j < c; j++) {
          if (j !== 1) rows[j] = -inf; // row 0: one element left
          rows[c + j] = -inf; // row 1: none
          if (j % 2) rows[2 * c + j] = -inf;
          rows[5 * c + j] = j === 2 ? nan : -inf;
        }
        rows[3 * c + 1] = nan;
        rows[4 * c + c - 1] = inf;
        await softmaxCase(bench, rows, { n: 6, c, log });
      }
    });
    suite.test(`gives the same bits for a row alone, log ${log}`, async (bench) => {
      const x = bench.normals([17, 77]);
      const y = bench.blank(17, 77);
      bench.backend.softmax(y, x, log);
      for (const i of [0, 9, 16]) {
        const alone = bench.blank(1, 77);
        bench.backend.softmax(alone, { ...x, offset: x.offset + i * 77, dims: [1, 77] }, log);
        await bench.expectSameBits(`row ${i}`, alone, { ...y, offset: y.offset + i * 77, dims: [1, 77] });
      }
    });
  }
  rejects(suite, 'softmax', (bench) => ({ arguments: { y: bench.blank(2, 5), x: bench.normals([2, 5]), log: 0 } }));
}

function softmaxBackwardContract(suite: Suite): void {
  for (const log of [0, 1] as const) {
    suite.test(`gives the gradient of every width, log ${log}, also in place`, async (bench) => {
      for (const c of widths) {
        for (const inPlace of [false, true]) {
          const dy = bench.normals([3, c]);
          const p = [0, 1, 2].flatMap((i) => softmaxOf(row(bench.normal(3 * c, 2), i, c)).probabilities);
          const values = bench.rounded(log ? p.map(Math.log) : p);
          const dx = inPlace ? dy : bench.blank(3, c);
          bench.backend.softmaxBackward(dx, dy, bench.array([3, c], values), log);
          const expected: number[] = [];
          const bound: number[] = [];
          for (let i = 0; i < 3; i++) {
            const d = row(dy.values, i, c);
            const y = row(values, i, c);
            const terms = d.map((value, j) => (log ? value : value * y[j]));
            const [total, size] = [sumOf(terms), sumOf(terms.map(Math.abs))];
            for (let j = 0; j < c; j++) {
              const weight = log ? Math.exp(y[j]) : y[j];
              expected.push(log ? d[j] - weight * total : weight * (d[j] - total));
              const share = gamma(c + 1, bench.dtype) + (log ? elementary * bench.u : 0);
              bound.push(weight * share * size + 3 * bench.u * (weight * size + (log ? 1 : weight) * Math.abs(d[j])));
            }
          }
          await bench.expect(`width ${c}`, dx, expected, bound);
        }
      }
    });
  }
  rejects(suite, 'softmaxBackward', (bench) => ({
    arguments: { dx: bench.blank(2, 5), dy: bench.normals([2, 5]), y: bench.normals([2, 5]), log: 0 },
  }));
}
