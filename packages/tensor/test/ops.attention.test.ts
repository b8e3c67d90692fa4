import { describe, expect } from 'vitest';
import {
  type AttentionOptions,
  add,
  attention,
  attentionProbabilities,
  seeded,
  type Tensor,
  tensor,
} from '../src/index.js';
import {
  checkGradients,
  expectClose,
  expectError,
  indices,
  leaf,
  normals,
  onEachDevice,
  type Where,
} from './ops-gradients.js';

// N rows, C width = H heads · D head size

const heads = 2;
const [c, d] = [6, 3];

/** One sequence: its first query row, number of queries, first key row, number of keys, and its number. */
type Span = [number, number, number, number, number];

/** Rows 0 … 2 and 3 … 7. */
const sequences: Span[] = [
  [0, 3, 0, 3, 0],
  [3, 5, 3, 5, 1],
];
/** Rows 1 … 2 and 4 … 7 of 9: the others are padding. */
const padded: Span[] = [
  [1, 2, 1, 2, 0],
  [4, 4, 4, 4, 1],
];
/** Queries 0 … 1 look at keys 2 … 6, query 3 at key 0, and query 2 at nothing. */
const crossing: Span[] = [
  [0, 2, 2, 5, 7],
  [3, 1, 0, 1, 8],
  [2, 1, 8, 0, 9],
];
/** One query at the end of five keys, as in generation. */
const cached: Span[] = [
  [0, 1, 1, 5, 0],
  [1, 2, 6, 3, 1],
];

type Mask = Pick<AttentionOptions, 'causal' | 'window' | 'scale'>;

/** softmax(scale · q·kᵀ + mask) · v by its formula. q, k, v are rows of C numbers. */
function formula(rows: { q: number[][]; k: number[][]; v: number[][] }, spans: Span[], mask: Mask) {
  const { causal = false, window = 0, scale = 1 / Math.sqrt(d) } = mask;
  const y = rows.q.map(() => new Array<number>(c).fill(0));
  const probabilities: number[] = [];
  for (const [q0, lq, k0, lk] of spans) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < lq; i++) {
        const here = i + lk - lq;
        const weights = Array.from({ length: lk }, (_, j) => {
          const sees = (!causal || j <= here) && (window === 0 || (causal ? here - j : Math.abs(here - j)) < window);
          let dot = 0;
          for (let e = h * d; e < (h + 1) * d; e++) dot += rows.q[q0 + i][e] * rows.k[k0 + j][e];
          return sees ? Math.exp(scale * dot) : 0;
        });
        const total = weights.reduce((sum, w) => sum + w, 0);
        for (const [j, weight] of weights.entries()) {
          const p = total === 0 ? 0 : weight / total;
          probabilities.push(p);
          for (let e = h * d; e < (h + 1) * d; e++) y[q0 + i][e] += p * rows.v[k0 + j][e];
        }
      }
    }
  }
  return { y: y.flat(), probabilities };
}

/** The columns [at, at + C) of rows `width` wide. */
function columns(values: Float64Array, width: number, at: number): number[][] {
  return Array.from({ length: values.length / width }, (_, n) => [
    ...values.subarray(n * width + at, n * width + at + c),
  ]);
}

const options = (spans: Span[], at: Where, rest: Partial<AttentionOptions> = {}): AttentionOptions => ({
  heads,
  spans: indices(spans, at),
  ...rest,
});

const masks: [string, Mask][] = [
  ['full', {}],
  ['causal', { causal: true }],
  ['causal, window 2', { causal: true, window: 2 }],
  ['window 2', { window: 2 }],
  ['own scale', { scale: 0.9 }],
];

describe('self-attention', () => {
  const layouts: [string, number, Span[]][] = [
    ['one sequence', 4, [[0, 4, 0, 4, 0]]],
    ['two sequences', 8, sequences],
    ['padding between sequences', 9, padded],
  ];
  for (const [where, n, spans] of layouts) {
    for (const [how, mask] of masks) {
      onEachDevice(`${where}, ${how}`, (at) => {
        const values = normals(n * 3 * c, 1);
        const rows = { q: columns(values, 18, 0), k: columns(values, 18, 6), v: columns(values, 18, 12) };
        const expected = formula(rows, spans, mask);
        const x = leaf([n, 3 * c], at, values);
        const y = attention(x, options(spans, at, mask));
        expect(y.shape).toEqual([n, c]);
        expectClose(y.readSync(), expected.y, at.dtype);
        expect(attention(x, x, options(spans, at, mask)).readSync()).toEqual(y.readSync());
        const size = expected.probabilities.length;
        const probabilities = attentionProbabilities(x, x, { ...options(spans, at, mask), size });
        expectClose(probabilities.readSync(), expected.probabilities, at.dtype);
        expect(probabilities.requiresGrad).toBe(false);
      });
      checkGradients(`${where}, ${how}`, [[n, 3 * c]], ([x], at) => attention(x, options(spans, at, mask)));
    }
  }

  const dropped = (x: Tensor, at: Where) =>
    seeded({ seed: 3, step: 4 }, () => attention(x, options(sequences, at, { causal: true, dropout: 0.4 })));
  checkGradients('attention with dropout', [[8, 3 * c]], ([x], at) => dropped(x, at));
  onEachDevice('dropout acts', (at) => {
    const x = leaf([8, 3 * c], at);
    expect(dropped(x, at).readSync()).not.toEqual(attention(x, options(sequences, at, { causal: true })).readSync());
  });
  checkGradients('attention to what is used elsewhere', [[8, 3 * c]], ([x], at) => [
    attention(x, options(sequences, at)),
    add(x, x),
  ]);
});

describe('attention to other rows', () => {
  for (const [where, spans] of [
    ['across', crossing],
    ['with a cache', cached],
  ] as const) {
    for (const [how, mask] of masks) {
      for (const packed of [false, true]) {
        const width = packed ? 3 * c : c;
        const name = `${where}, ${how}, ${packed ? 'packed queries' : 'queries alone'}`;
        onEachDevice(name, (at) => {
          const [q, kv] = [normals(4 * width, 1), normals(9 * 2 * c, 2)];
          const rows = { q: columns(q, width, 0), k: columns(kv, 12, 0), v: columns(kv, 12, 6) };
          const expected = formula(rows, spans, mask);
          const [tq, tkv] = [leaf([4, width], at, q), leaf([9, 2 * c], at, kv)];
          expectClose(attention(tq, tkv, options(spans, at, mask)).readSync(), expected.y, at.dtype);
          const sized = { ...options(spans, at, mask), size: expected.probabilities.length };
          expectClose(attentionProbabilities(tq, tkv, sized).readSync(), expected.probabilities, at.dtype);
        });
        checkGradients(
          name,
          [
            [4, width],
            [9, 2 * c],
          ],
          ([q, kv], at) => attention(q, kv, options(spans, at, mask)),
        );
      }
    }
  }
  checkGradients(
    'attention across with dropout',
    [
      [4, c],
      [9, 2 * c],
    ],
    ([q, kv], at) => seeded({ seed: 1, step: 2 }, () => attention(q, kv, options(crossing, at, { dropout: 0.3 }))),
  );
  checkGradients('attention across to fixed keys', [[4, c]], ([q], at) =>
    attention(q, tensor(normals(9 * 2 * c, 2), { shape: [9, 2 * c], ...at }), options(crossing, at)),
  );
  checkGradients('attention across from fixed queries', [[9, 2 * c]], ([kv], at) =>
    attention(tensor(normals(4 * c, 2), { shape: [4, c], ...at }), kv, options(crossing, at)),
  );
});

describe('attention refuses', () => {
  onEachDevice('what does not fit', (at) => {
    const spans = options(sequences, at);
    expectError(() => attention(leaf([8, 17], at), spans), 'SHAPE_MISMATCH', 'attention', '[N, 3C]', '[8, 17]');
    const kv = leaf([9, 2 * c], at);
    expectError(() => attention(leaf([4, 5], at), kv, spans), 'SHAPE_MISMATCH', 'attention', 'q [4, 5]', 'kv [9, 12]');
    const x = leaf([8, 3 * c], at);
    const flat = { heads, spans: indices([0, 3, 0, 3, 0], at) };
    expectError(() => attention(x, flat), 'SHAPE_MISMATCH', 'attention', '[B, 5]', '[5]');
    expectError(() => attention(x, { ...spans, heads: 4 }), 'OPTION_RANGE', 'attention', '6', '4 heads');
    expectError(() => attention(x, { ...spans, casual: true } as never), 'OPTION_UNKNOWN', "'casual'", "'causal'");
    expectError(() => attention(x, { ...spans, dropout: 1 }), 'KERNEL_ARGUMENT');
    expectError(() => attention(x, { ...spans, dropout: Number.NaN }), 'KERNEL_ARGUMENT');
    expectError(() => attention(x, { ...spans, window: -1 }), 'KERNEL_ARGUMENT');
    expectError(() => attention(x, options([[0, 9, 0, 9, 0]], at)), 'KERNEL_ARGUMENT');
    const floating = { heads, spans: tensor([[0, 3, 0, 3, 0]], at) };
    expectError(() => attention(x, floating), 'DTYPE_MISMATCH', 'attention', 'i32', at.dtype);
  });
});
