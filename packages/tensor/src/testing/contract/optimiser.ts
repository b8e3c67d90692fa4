import { elementary } from './precision.js';
import { rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export function optimiserContract(suite: Suite): void {
  suite.group('clipFactor', () => clipContract(suite));
  suite.group('adamw', () => adamwContract(suite));
}

function clipContract(suite: Suite): void {
  suite.test('scales down what is longer than maxNorm', async (bench) => {
    const cases = [
      [16, 1, 1],
      [16, 100, 1],
      [16, 1, 0.125],
      [16, 0, 0.125],
      [0, 1, 1],
      [0, 1, 0.5],
      [inf, 1, 1],
      [nan, 1, 1],
      [nan, 0, 0.5],
    ] as const;
    for (const [squares, maxNorm, scale] of cases) {
      const factor = bench.blank(1);
      bench.backend.clipFactor(factor, bench.array([1], [squares]), maxNorm, scale);
      const norm = scale * Math.sqrt(squares);
      const expected = maxNorm === 0 ? scale : scale * Math.min(1, maxNorm / (norm + 1e-6));
      await bench.expect(
        `${[squares, maxNorm, scale]}`,
        factor,
        [expected],
        elementary * bench.u * Math.abs(expected) || 0,
      );
    }
  });
  rejects(suite, 'clipFactor', (bench) => ({
    arguments: { factor: bench.blank(1), squares: bench.array([1], [4]), maxNorm: 1, scale: 1 },
  }));
}

function adamwContract(suite: Suite): void {
  suite.test('takes steps as Loshchilov and Hutter wrote them, decay apart from the moments', async (bench) => {
    const [lr, beta1, beta2, eps, decay] = [0.003, 0.9, 0.999, 1e-8, 0.1];
    for (const size of widths) {
      for (const [t, factor] of [
        [1, 1],
        [2, 0.25],
        [1000, -0.5],
      ] as const) {
        const w = bench.normals([size]);
        const g = bench.normals([size]);
        const m = bench.normals([size], t === 1 ? 0 : 0.1);
        const v0 = bench.rounded(bench.normal(size, t === 1 ? 0 : 0.1).map((value) => value * value));
        const v = bench.array([size], v0);
        const [c1, c2] = [1 - beta1 ** t, 1 - beta2 ** t];
        bench.backend.adamw(w, g, m, v, bench.array([1], [factor]), lr, beta1, beta2, eps, decay, c1, c2);
        const { u } = bench;
        const expected = { w: w.values.slice(), m: m.values.slice(), v: v0.slice() };
        const bound = { w: new Float64Array(size), m: new Float64Array(size), v: new Float64Array(size) };
        for (let i = 0; i < size; i++) {
          const gradient = factor * g.values[i];
          const mTerms = [beta1 * m.values[i], (1 - beta1) * gradient];
          const vTerms = [beta2 * v0[i], (1 - beta2) * gradient * gradient];
          expected.m[i] = mTerms[0] + mTerms[1];
          expected.v[i] = vTerms[0] + vTerms[1];
          // Each term has at most four roundings, the numbers' own included; their sum one more.
          bound.m[i] = 5 * u * (Math.abs(mTerms[0]) + Math.abs(mTerms[1]));
          bound.v[i] = 5 * u * expected.v[i];
          const under = Math.sqrt(expected.v[i] / c2) + eps;
          const step = expected.m[i] / c1 / under;
          expected.w[i] -= lr * (step + decay * w.values[i]);
          const stepBound = bound.m[i] / c1 / under + (5 + 2 * elementary) * u * Math.abs(step);
          bound.w[i] =
            lr * stepBound + 4 * u * (Math.abs(w.values[i]) + lr * (Math.abs(step) + decay * Math.abs(w.values[i])));
        }
        for (const [name, view] of [
          ['w', w],
          ['m', m],
          ['v', v],
        ] as const) {
          await bench.expect(`${name} of size ${size}, step ${t}`, view, expected[name], bound[name]);
        }
      }
    }
  });
  suite.test('leaves weights without gradient or decay as they are', async (bench) => {
    const w = bench.normals([40]);
    const [g, m, v] = [0, 1, 2].map(() => bench.array([40], new Float64Array(40)));
    bench.backend.adamw(w, g, m, v, bench.array([1], [1]), 0.1, 0.9, 0.999, 1e-8, 0, 0.1, 0.001);
    await bench.expect('w', w, w.values);
  });
  rejects(suite, 'adamw', (bench) => ({
    arguments: {
      w: bench.normals([2, 3]),
      g: bench.normals([2, 3]),
      m: bench.normals([2, 3]),
      v: bench.array([2, 3], new Float64Array(6).fill(1)),
      factor: bench.array([1], [1]),
      ...{ lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8, decay: 0.1, correction1: 0.1, correction2: 0.001 },
    },
    anyShape: true,
  }));
}
