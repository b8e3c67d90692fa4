import type { View } from '../../backend.js';
import { badSpans } from './attention.js';
import { type AttentionArrays, type AttentionCase, attentionArrays, attentionCases, tail } from './attention-arrays.js';
import { attentionRow, type SpanRow } from './attention-formulas.js';
import type { Bench } from './bench.js';
import { gamma } from './precision.js';
import { rejects } from './rejects.js';
import type { Suite } from './suite.js';

export function attentionBackwardContract(suite: Suite): void {
  suite.group('attentionBackward', () => {
    for (const [name, cases] of Object.entries(attentionCases)) {
      suite.test(name, async (bench) => {
        for (const given of cases) await backwardCase(bench, given);
      });
    }
    suite.test('gives the same bits for a sequence alone', async (bench) => {
      const together: SpanRow[] = [
        [0, 37, 0, 37, 0],
        [37, 5, 37, 5, 1],
      ];
      const arrays = attentionArrays(bench, { packed: true, causal: 1, p: 0.2, spans: together });
      const { values } = expectation(bench, together, arrays);
      const whole = run(bench, arrays, values, arrays.spans);
      for (const span of together) {
        const alone = run(bench, arrays, values, bench.indices([1, 5], span));
        const rows = { offset: alone.dq.offset + span[0] * 48, dims: [span[1], 48] };
        await bench.expectSameBits(
          `sequence ${span[4]}`,
          { ...alone.dq, ...rows },
          { ...whole.dq, ...rows, offset: whole.dq.offset + span[0] * 48 },
        );
      }
    });
    suite.test('keeps NaN of a query to the keys it sees', async (bench) => {
      const l = 40;
      const spans: SpanRow[] = [[0, l, 0, l, 0]];
      const arrays = attentionArrays(bench, { causal: 1, heads: 1, spans });
      const { values } = expectation(bench, spans, arrays);
      const query = 20;
      values.dy[query * 8 + 1] = Number.NaN;
      const { dq, dk, dv } = run(bench, arrays, values, arrays.spans);
      const rows = async (view: View, at: number) => {
        const all = await bench.read(view);
        const columns = view.dims[1];
        return Array.from({ length: l }, (_, i) => all.subarray(i * columns + at, i * columns + at + 8));
      };
      const { qAt, kAt, vAt } = arrays.shape;
      (await rows(dq, qAt)).forEach((row, i) => {
        if (row.some(Number.isNaN) !== (i === query)) throw new Error(`dq of query ${i}: ${row}`);
      });
      (await rows(dk, kAt)).forEach((row, j) => {
        if (row.some(Number.isNaN) !== j <= query) throw new Error(`dk of key ${j}: ${row}`);
      });
      (await rows(dv, vAt)).forEach((row, j) => {
        if (row.findIndex(Number.isNaN) !== (j <= query ? 1 : -1)) throw new Error(`dv of key ${j}: ${row}`);
      });
    });
    rejects(suite, 'attentionBackward', (bench) => {
      const spans: SpanRow[] = [
        [0, 3, 0, 4, 0],
        [3, 2, 4, 2, 1],
      ];
      const arrays = attentionArrays(bench, { heads: 2, headSize: 4, spans });
      const { shape, q, k, v, qRows, kRows } = arrays;
      const { qAt, kAt, vAt, heads, headSize, scale, causal, window, p, seed, step, op } = shape;
      return {
        arguments: {
          dq: bench.blank(qRows, q.width),
          dk: bench.blank(kRows, k.width),
          dv: bench.blank(kRows, v.width),
          dy: bench.normals([qRows, 8]),
          y: bench.normals([qRows, 8]),
          lse: bench.normals([qRows, 2]),
          q,
          k,
          v,
          spans: arrays.spans,
          ...{ qAt, kAt, vAt, heads, headSize, scale, causal, window, p, seed, step, op },
        },
        free: ['spans.0'],
        numbers: {
          qAt: [-1, 4],
          kAt: [-1, 3],
          vAt: [-1, 2],
          heads: [0, 3],
          headSize: [0, 5],
          window: [-1],
          p: [-0.1, 1],
        },
      };
    });
    badSpans(suite, (bench, arrays, spans) => {
      const [rows, width] = [arrays.qRows, 16];
      const values = { dy: bench.normal(rows * width), y: bench.normal(rows * width), lse: bench.normal(rows * 2) };
      run(bench, arrays, values, spans);
    });
    for (const [what, spans] of [
      [
        'query',
        [
          [0, 3, 0, 2, 0],
          [2, 2, 2, 2, 1],
        ],
      ],
      [
        'key',
        [
          [0, 2, 0, 3, 0],
          [2, 2, 2, 2, 1],
        ],
      ],
    ] as const) {
      suite.test(`throws for spans that share ${what} rows`, async (bench) => {
        const arrays = attentionArrays(bench, { spans });
        const { values } = expectation(bench, spans, arrays);
        let code: unknown;
        try {
          run(bench, arrays, values, arrays.spans);
        } catch (error) {
          ({ code } = error as { code?: unknown });
        }
        if (code !== 'KERNEL_ARGUMENT') throw new Error(`expected KERNEL_ARGUMENT, got ${code}`);
      });
    }
  });
}

interface Inputs {
  readonly dy: Float64Array;
  readonly y: Float64Array;
  readonly lse: Float64Array;
}

function run(bench: Bench, arrays: AttentionArrays, inputs: Inputs, spans: View) {
  const { shape, q, k, v, qRows } = arrays;
  const width = shape.heads * shape.headSize;
  // What the spans do not cover must stay as it is: zeros here.
  const zeros = (like: View): View => bench.array(like.dims, new Float64Array(like.dims[0] * like.dims[1]));
  const dq = zeros(q);
  const dk = k === q ? dq : zeros(k);
  const dv = v === q ? dq : zeros(v);
  const [dy, y] = [inputs.dy, inputs.y].map((values) => bench.array([qRows, width], values));
  const lse = bench.array([qRows, shape.heads], inputs.lse);
  bench.backend.attentionBackward(dq, dk, dv, dy, y, lse, q, k, v, spans, ...tail(shape));
  return { dq, dk, dv };
}

async function backwardCase(bench: Bench, given: AttentionCase): Promise<void> {
  const arrays = attentionArrays(bench, given);
  const { values, gradients, bounds } = expectation(bench, given.spans, arrays);
  const got = run(bench, arrays, values, arrays.spans);
  for (const name of ['dq', 'dk', 'dv'] as const) {
    await bench.expect(`${JSON.stringify(given)} ${name}`, got[name], gradients[name], bounds[name]);
  }
}

/**
 * The gradients by their formulas, with P′ = P ∘ keep: dv = P′ᵀ·dy, dP = keep ∘ (dy·vᵀ), δ = Σ dy ∘ y, dS = P ∘ (dP − δ), dq = scale·dS·k, dk = scale·dSᵀ·q;
 * and bounds carried alongside: P errs by its share, dP and δ by γ(D + 1) of their absolute sums, y and lse, which are given, by a rounding.
 */
function expectation(bench: Bench, spans: readonly SpanRow[], arrays: AttentionArrays) {
  const { shape, q, k, v, qRows } = arrays;
  const { heads, headSize, scale } = shape;
  const { u, dtype } = bench;
  const width = heads * headSize;
  const dy = bench.normal(qRows * width);
  const values = { dy, y: new Float64Array(qRows * width), lse: new Float64Array(qRows * heads) };
  const shared = q === k;
  const make = () => {
    const dq = new Float64Array(q.values.length);
    return {
      dq,
      dk: shared ? dq : new Float64Array(k.values.length),
      dv: shared ? dq : new Float64Array(v.values.length),
    };
  };
  const gradients = make();
  const bounds = make();
  for (const span of spans) {
    const [q0, lq, k0, lk] = span;
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < lq; i++) {
        const row = attentionRow(shape, span, { i, h, q, k, dtype });
        const yAt = (q0 + i) * width + h * headSize;
        values.lse[(q0 + i) * heads + h] = row.lse;
        const dP: number[] = [];
        const dPSize: number[] = [];
        let delta = 0;
        let deltaSize = 0;
        row.keys.forEach((j, n) => {
          let slope = 0;
          let size = 0;
          for (let d = 0; d < headSize; d++) {
            const value = v.values[(k0 + j) * v.width + shape.vAt + h * headSize + d];
            values.y[yAt + d] += row.probabilities[n] * row.keep[n] * value;
            slope += row.keep[n] * dy[yAt + d] * value;
            size += Math.abs(row.keep[n] * dy[yAt + d] * value);
          }
          dP.push(slope);
          dPSize.push(size);
        });
        for (let d = 0; d < headSize; d++) {
          delta += dy[yAt + d] * values.y[yAt + d];
          deltaSize += Math.abs(dy[yAt + d] * values.y[yAt + d]);
        }
        row.keys.forEach((j, n) => {
          const p = row.probabilities[n];
          const dS = p * (dP[n] - delta);
          const products = (gamma(headSize + 2, dtype) + 2 * u) * (dPSize[n] + deltaSize);
          const dSBound = p * ((row.backwardShare[n] + 3 * u) * (Math.abs(dP[n]) + Math.abs(delta)) + products);
          const sumQ = gamma(lk + 3, dtype) * p * (Math.abs(dP[n]) + Math.abs(delta));
          const sumK = gamma(lq + 3, dtype) * p * (Math.abs(dP[n]) + Math.abs(delta));
          for (let d = 0; d < headSize; d++) {
            const qAt = (q0 + i) * q.width + shape.qAt + h * headSize + d;
            const kAt = (k0 + j) * k.width + shape.kAt + h * headSize + d;
            const vAt = (k0 + j) * v.width + shape.vAt + h * headSize + d;
            const dv = p * row.keep[n] * dy[yAt + d];
            gradients.dq[qAt] += scale * dS * k.values[kAt];
            bounds.dq[qAt] += Math.abs(scale * k.values[kAt]) * (dSBound + sumQ);
            gradients.dk[kAt] += scale * dS * q.values[qAt];
            bounds.dk[kAt] += Math.abs(scale * q.values[qAt]) * (dSBound + sumK);
            gradients.dv[vAt] += dv;
            bounds.dv[vAt] += Math.abs(dv) * (row.backwardShare[n] + gamma(lq + 3, dtype));
          }
        });
      }
    }
  }
  return { values: { dy, y: bench.rounded(values.y), lse: bench.rounded(values.lse) }, gradients, bounds };
}
