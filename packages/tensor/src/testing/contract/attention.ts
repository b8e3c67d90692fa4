import type { View } from '../../backend.js';
import { type AttentionArrays, type AttentionCase, attentionArrays, attentionCases, tail } from './attention-arrays.js';
import { attentionRow, type Row, type SpanRow } from './attention-formulas.js';
import type { Bench } from './bench.js';
import { gamma } from './precision.js';
import { type Call, rejects } from './rejects.js';
import type { Suite } from './suite.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export function attentionContract(suite: Suite): void {
  suite.group('attention', () => {
    for (const [name, cases] of Object.entries(attentionCases)) {
      suite.test(name, async (bench) => {
        for (const given of cases) await forwardCase(bench, given);
      });
    }
    suite.test('works without lse', async (bench) => {
      const { shape, spans, q, k, v, qRows } = attentionArrays(bench, { spans: [[0, 9, 0, 7, 0]] });
      const [y, again] = [0, 1].map(() => bench.array([qRows, 16], new Float64Array(qRows * 16)));
      const lse = bench.blank(qRows, 2);
      bench.backend.attention(y, lse, q, k, v, spans, ...tail(shape));
      bench.backend.attention(again, null, q, k, v, spans, ...tail(shape));
      await bench.expectSameBits('y', y, again);
    });
    suite.test('gives the same bits for a sequence alone, and for a query alone', aloneOrTogether);
    suite.test('keeps NaN and ∞ of keys and values to the queries that see them', nonFinite);
    rejects(suite, 'attention', rejected(false));
    badSpans(suite, (bench, { shape, q, k, v, qRows }, spans) => {
      bench.backend.attention(bench.blank(qRows, 16), null, q, k, v, spans, ...tail(shape));
    });
  });
  suite.group('attentionProbabilities', () => {
    for (const [name, cases] of Object.entries(attentionCases)) {
      if (name === 'dropout') continue;
      suite.test(name, async (bench) => {
        for (const given of cases) await probabilitiesCase(bench, given);
      });
    }
    rejects(suite, 'attentionProbabilities', rejected(true));
    badSpans(suite, (bench, { shape, q, k }, spans) => {
      const { heads, headSize, scale, qAt, kAt } = shape;
      bench.backend.attentionProbabilities(bench.blank(24), q, k, spans, qAt, kAt, heads, headSize, scale, 0, 0);
    });
  });
}

/** Registers a test that a call refuses spans beyond the five query and six key rows there are. */
export function badSpans(suite: Suite, call: (bench: Bench, arrays: AttentionArrays, spans: View) => void): void {
  suite.test('throws for spans beyond the rows', async (bench) => {
    const arrays = attentionArrays(bench, { spans: [[0, 3, 0, 4, 0]], rows: [5, 6] });
    for (const span of [
      [-1, 3, 0, 4],
      [0, 6, 0, 4],
      [3, 3, 0, 4],
      [0, -3, 0, 4],
      [0, 3, -1, 4],
      [0, 3, 3, 4],
      [0, 3, 0, -4],
      [0, 3, 0, 2 ** 31 - 1],
    ]) {
      let code: unknown;
      try {
        call(bench, arrays, bench.indices([1, 5], [...span, 0]));
      } catch (error) {
        ({ code } = error as { code?: unknown });
      }
      if (code !== 'KERNEL_ARGUMENT') throw new Error(`spans of ${span}: expected KERNEL_ARGUMENT, got ${code}`);
    }
  });
}

async function forwardCase(bench: Bench, given: AttentionCase): Promise<void> {
  const { shape, spans, q, k, v, qRows } = attentionArrays(bench, given);
  const { heads, headSize } = shape;
  const width = heads * headSize;
  const y = bench.normals([qRows, width]);
  const lse = bench.normals([qRows, heads]);
  bench.backend.attention(y, lse, q, k, v, spans, ...tail(shape));
  // Rows outside every span keep what they had.
  const expected = { y: y.values.slice(), lse: lse.values.slice() };
  const bound = { y: new Float64Array(qRows * width), lse: new Float64Array(qRows * heads) };
  eachRow(bench, given, { shape, q, k }, (span, i, h, row) => {
    const [q0, , k0, lk] = span;
    expected.lse[(q0 + i) * heads + h] = row.lse;
    bound.lse[(q0 + i) * heads + h] = row.keys.length === 0 ? 0 : row.lseError;
    for (let d = 0; d < headSize; d++) {
      const at = (q0 + i) * width + h * headSize + d;
      expected.y[at] = 0;
      row.keys.forEach((j, n) => {
        const term = row.probabilities[n] * row.keep[n] * v.values[(k0 + j) * v.width + shape.vAt + h * headSize + d];
        expected.y[at] += term;
        bound.y[at] += Math.abs(term) * (row.share[n] + gamma(lk + 3, bench.dtype));
      });
    }
  });
  await bench.expect(`${JSON.stringify(given)} y`, y, expected.y, bound.y);
  await bench.expect(`${JSON.stringify(given)} lse`, lse, expected.lse, bound.lse);
}

function eachRow(
  bench: Bench,
  given: AttentionCase,
  arrays: Pick<ReturnType<typeof attentionArrays>, 'shape' | 'q' | 'k'>,
  visit: (span: SpanRow, i: number, h: number, row: Row) => void,
): void {
  const { shape, q, k } = arrays;
  for (const span of given.spans) {
    for (let h = 0; h < shape.heads; h++) {
      for (let i = 0; i < span[1]; i++)
        visit(span, i, h, attentionRow(shape, span, { i, h, q, k, dtype: bench.dtype }));
    }
  }
}

async function probabilitiesCase(bench: Bench, given: AttentionCase): Promise<void> {
  const { shape, spans, q, k } = attentionArrays(bench, given);
  const { heads, headSize, scale, causal, window, qAt, kAt } = shape;
  const size = given.spans.reduce((total, [, lq, , lk]) => total + heads * lq * lk, 0);
  const y = bench.blank(size);
  bench.backend.attentionProbabilities(y, q, k, spans, qAt, kAt, heads, headSize, scale, causal, window);
  const expected = new Float64Array(size);
  const bound = new Float64Array(size);
  let at = 0;
  eachRow(bench, given, { shape, q, k }, (span, _i, _h, row) => {
    row.keys.forEach((j, n) => {
      expected[at + j] = row.probabilities[n];
      bound[at + j] = row.probabilities[n] * row.share[n];
    });
    at += span[3];
  });
  await bench.expect(JSON.stringify(given), y, expected, bound);
}

async function aloneOrTogether(bench: Bench): Promise<void> {
  for (const causal of [0, 1] as const) {
    const together: SpanRow[] = [
      [0, 37, 0, 37, 0],
      [37, 5, 37, 5, 1],
      [42, 70, 42, 70, 2],
    ];
    const { shape, spans, q, k, v, qRows } = attentionArrays(bench, { packed: true, causal, p: 0.2, spans: together });
    const y = bench.array([qRows, 16], new Float64Array(qRows * 16));
    bench.backend.attention(y, null, q, k, v, spans, ...tail(shape));
    for (const [q0, lq, k0, lk, sequence] of together) {
      const alone = bench.array([qRows, 16], new Float64Array(qRows * 16));
      bench.backend.attention(alone, null, q, k, v, bench.indices([1, 5], [q0, lq, k0, lk, sequence]), ...tail(shape));
      const rows = { offset: q0 * 16, dims: [lq, 16] };
      await bench.expectSameBits(
        `sequence ${sequence}, causal ${causal}`,
        { ...alone, dims: rows.dims, offset: alone.offset + rows.offset },
        { ...y, dims: rows.dims, offset: y.offset + rows.offset },
      );
      // The last query sees all keys up to itself either way, as when one token is generated.
      const last = bench.array([qRows, 16], new Float64Array(qRows * 16));
      bench.backend.attention(
        last,
        null,
        q,
        k,
        v,
        bench.indices([1, 5], [q0 + lq - 1, 1, k0, lk, sequence]),
        ...tail(shape),
      );
      const at = { offset: (q0 + lq - 1) * 16, dims: [1, 16] };
      await bench.expectSameBits(
        `last query of ${sequence}, causal ${causal}`,
        { ...last, dims: at.dims, offset: last.offset + at.offset },
        { ...y, dims: at.dims, offset: y.offset + at.offset },
      );
    }
  }
}

async function nonFinite(bench: Bench): Promise<void> {
  const l = 40;
  for (const bad of [nan, inf, -inf]) {
    for (const where of ['k', 'v'] as const) {
      const { shape, spans, q, k, v, qRows } = attentionArrays(bench, {
        causal: 1,
        heads: 1,
        spans: [[0, l, 0, l, 0]],
      });
      const broken = where === 'k' ? k : v;
      const values = broken.values.slice();
      const key = 20;
      values[key * broken.width + 1] = bad;
      const other = bench.array(broken.dims, values);
      const y = bench.array([qRows, 8], new Float64Array(qRows * 8));
      bench.backend.attention(y, null, q, where === 'k' ? other : k, where === 'v' ? other : v, spans, ...tail(shape));
      const got = await bench.read(y);
      if (!got.subarray(0, key * 8).every(Number.isFinite))
        throw new Error(`${bad} in ${where} reached a query before it`);
      for (let i = key; i < l; i++) {
        const row = got.subarray(i * 8, i * 8 + 8);
        if (where === 'v' && row[1] !== bad && !(Number.isNaN(row[1]) && Number.isNaN(bad)))
          throw new Error(`query ${i} lost ${bad}`);
        if (where === 'v' && row.some((value, d) => d !== 1 && !Number.isFinite(value)))
          throw new Error('other columns too');
        if (where === 'k' && Number.isNaN(bad) && !row.every(Number.isNaN))
          throw new Error(`query ${i} lost the NaN of its key`);
      }
    }
  }
}

const rejected =
  (probabilities: boolean) =>
  (bench: Bench): Call => {
    const { shape, spans, q, k, v, qRows } = attentionArrays(bench, {
      heads: 2,
      headSize: 4,
      spans: [
        [0, 3, 0, 4, 0],
        [3, 2, 4, 2, 1],
      ],
    });
    const { scale, causal, window, p, seed, step, op, ...at } = shape;
    const { qAt, kAt, vAt, heads, headSize } = at;
    const columns: Call['arguments'] = {
      qAt,
      kAt,
      ...(probabilities ? {} : { vAt }),
      heads,
      headSize,
      scale,
      causal,
      window,
    };
    const outputs: Call['arguments'] = probabilities
      ? { probabilities: bench.blank(2 * (3 * 4 + 2 * 2)), q, k }
      : { y: bench.blank(qRows, 8), lse: bench.blank(qRows, 2), q, k, v };
    return {
      arguments: { ...outputs, spans, ...columns, ...(probabilities ? {} : { p, seed, step, op }) },
      optional: ['lse'],
      free: ['spans.0', 'q.1', 'k.1', 'v.1', ...(probabilities ? ['q.0', 'k.0'] : [])],
      numbers: {
        qAt: [-1, 4, 0.5],
        kAt: [-1, 3, 0.5],
        vAt: [-1, 2, 0.5],
        heads: [-1, 0, 3],
        headSize: [-1, 0, 5],
        window: [-1],
        p: [-0.1, 1, nan],
      },
    };
  };
