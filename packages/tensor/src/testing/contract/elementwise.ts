import { Activation, Binary, type BinaryCode } from '../../backend.js';
import type { Bench } from './bench.js';
import { activationCodes, curves } from './formulas.js';
import { elementary } from './precision.js';
import { rejects } from './rejects.js';
import { type Suite, widths } from './suite.js';

const operators: Record<BinaryCode, (a: number, b: number) => number> = {
  [Binary.add]: (a, b) => a + b,
  [Binary.subtract]: (a, b) => a - b,
  [Binary.multiply]: (a, b) => a * b,
  [Binary.divide]: (a, b) => a / b,
};
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export function elementwiseContract(suite: Suite): void {
  suite.group('binary', () => binaryContract(suite));
  suite.group('affine', () => affineContract(suite));
  suite.group('activation', () => activationContract(suite));
  suite.group('activationBackward', () => activationBackwardContract(suite));
}

function binaryContract(suite: Suite): void {
  for (const operator of Object.values(Binary)) {
    suite.test(`operator ${operator}: one shape, trailing dimensions, one element`, async (bench) => {
      for (const w of widths) {
        await binaryCase(bench, operator, [w], [w]);
        await binaryCase(bench, operator, [3, w], [w]);
        await binaryCase(bench, operator, [2, 3, w], [3, w]);
        await binaryCase(bench, operator, [3, w], [1]);
        await binaryCase(bench, operator, [w], []);
      }
      await binaryCase(bench, operator, [2, 3, 4, 5], [3, 4, 5]);
      await binaryCase(bench, operator, [0, 4], [4]);
    });

    suite.test(`operator ${operator}: in place, and as IEEE 754 for NaN, ∞ and 0`, async (bench) => {
      const special = [nan, inf, -inf, 0, -0, 1, -2, 3.5];
      const left = special.flatMap((a) => special.map(() => a));
      const right = special.flatMap(() => special);
      const expected = left.map((a, i) => operators[operator](a, right[i]));
      for (const y of ['new', 'a', 'b'] as const) {
        const a = bench.array([64], left);
        const b = bench.array([64], right);
        const to = y === 'new' ? bench.blank(64) : y === 'a' ? a : b;
        bench.backend.binary(to, a, b, operator);
        await bench.expect(`y ${y}`, to, expected, 0);
      }
    });
  }

  rejects(suite, 'binary', (bench) => ({
    arguments: { y: bench.blank(2, 3), a: bench.normals([2, 3]), b: bench.normals([2, 3]), operator: Binary.add },
    numbers: { operator: [-1, 4, 0.5] },
    harmless: ['b with one dimension less'], // b's trailing dimension alone
  }));
}

async function binaryCase(bench: Bench, operator: BinaryCode, dims: number[], bDims: number[]): Promise<void> {
  const a = bench.normals(dims);
  const b = bench.normals(bDims);
  const y = bench.blank(...dims);
  bench.backend.binary(y, a, b, operator);
  const expected = a.values.map((value, i) => operators[operator](value, b.values[i % b.values.length]));
  // Division may be by a reciprocal, with two roundings more.
  const bound = expected.map((value) => (operator === Binary.divide ? 2 * bench.u * Math.abs(value) : 0));
  await bench.expect(`[${dims}] ∘ [${bDims}]`, y, expected, bound);
}

function affineContract(suite: Suite): void {
  suite.test('scales and shifts, also in place', async (bench) => {
    for (const w of widths) {
      for (const inPlace of [false, true]) {
        const x = bench.normals([w]);
        const y = inPlace ? x : bench.blank(w);
        const [scale, shift] = [-1.25, 0.375];
        bench.backend.affine(y, x, scale, shift);
        const bound = x.values.map((value) => bench.u * (Math.abs(scale * value) + shift));
        await bench.expect(
          `width ${w}`,
          y,
          x.values.map((value) => scale * value + shift),
          bound,
        );
      }
    }
    const y = bench.blank(4);
    bench.backend.affine(y, bench.array([4], [nan, inf, -inf, 2]), 0, 1);
    await bench.expect('0 · x + 1', y, [nan, nan, nan, 1]);
  });
  rejects(suite, 'affine', (bench) => ({
    arguments: { y: bench.blank(2, 3), x: bench.normals([2, 3]), scale: 1, shift: 0 },
    anyShape: true,
  }));
}

/** Numbers of every size at which an activation changes its way. */
function abscissae(bench: Bench, size: number): Float64Array {
  const values = Float64Array.from({ length: size }, (_, i) => 10 ** (-6 + (i % 97) / 12) * (i % 2 ? -1 : 1));
  return bench.rounded(values);
}

function activationContract(suite: Suite): void {
  for (const kind of activationCodes) {
    suite.test(`function ${kind}, also in place`, async (bench) => {
      const { value, valueError } = curves[kind];
      for (const w of widths) {
        for (const inPlace of [false, true]) {
          const values = abscissae(bench, w);
          const x = bench.array([w], values);
          const y = inPlace ? x : bench.blank(w);
          bench.backend.activation(y, x, kind);
          await bench.expect(
            `width ${w}`,
            y,
            values.map(value),
            values.map((v) => elementary * bench.u * valueError(v)),
          );
        }
      }
    });

    suite.test(`function ${kind}: NaN stays, and ±∞ have their limits`, async (bench) => {
      const y = bench.blank(3);
      bench.backend.activation(y, bench.array([3], [nan, inf, -inf]), kind);
      const [ofNaN, above, below] = await bench.read(y);
      const bounded = kind === Activation.tanh || kind === Activation.sigmoid;
      if (!Number.isNaN(ofNaN)) throw new Error(`f(NaN) = ${ofNaN}`);
      if (above !== (bounded ? 1 : inf)) throw new Error(`f(∞) = ${above}`);
      const limit = kind === Activation.none ? -inf : kind === Activation.tanh ? -1 : 0;
      // x·Φ(x) and x·σ(x) have the limit 0, but are NaN when computed as they are written.
      const product = kind === Activation.gelu || kind === Activation.geluTanh || kind === Activation.silu;
      if (Math.abs(below) !== Math.abs(limit) && !(product && Number.isNaN(below))) throw new Error(`f(−∞) = ${below}`);
    });
  }
  rejects(suite, 'activation', (bench) => ({
    arguments: { y: bench.blank(2, 3), x: bench.normals([2, 3]), kind: Activation.gelu },
    numbers: { kind: [-1, 7, 0.5] },
    anyShape: true,
  }));
}

function activationBackwardContract(suite: Suite): void {
  for (const kind of activationCodes) {
    suite.test(`function ${kind}, also in place`, async (bench) => {
      const { slope, slopeError } = curves[kind];
      for (const w of widths) {
        for (const inPlace of [false, true]) {
          const values = abscissae(bench, w);
          const dy = bench.normals([w]);
          const dx = inPlace ? dy : bench.blank(w);
          bench.backend.activationBackward(dx, dy, bench.array([w], values), kind);
          const expected = values.map((v, i) => dy.values[i] * slope(v));
          const bound = values.map((v, i) => Math.abs(dy.values[i]) * elementary * bench.u * slopeError(v));
          await bench.expect(`width ${w}`, dx, expected, bound);
        }
      }
      const dx = bench.blank(2);
      bench.backend.activationBackward(dx, bench.array([2], [nan, inf]), bench.array([2], [0.5, 0.5]), kind);
      await bench.expect('of NaN and ∞', dx, [nan, inf]);
    });
  }
  rejects(suite, 'activationBackward', (bench) => ({
    arguments: { dx: bench.blank(2, 3), dy: bench.normals([2, 3]), x: bench.normals([2, 3]), kind: Activation.gelu },
    numbers: { kind: [-1, 7, 0.5] },
    anyShape: true,
  }));
}
