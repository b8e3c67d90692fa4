import { uniform } from '../files.mjs';
import { blank, exact, read, reference, whole } from '../oracle.mjs';
import { gamma, u } from '../verify.mjs';

// S length, H heads, D head size.
const heads = 12;
const headSize = 64;
const width = heads * headSize;
const elementary = 8;
/** The heads that are looked at: they are independent, and float64 in JavaScript takes its time. */
const looked = [0, 11];

/** Pairs of query and key that see each other. */
const pairs = (length, causal) => (causal ? (length * (length + 1)) / 2 : length * length);

function attentionCase(length, { causal, backward, threads }) {
  const params = { batch: 1, length, heads, headSize, causal, backward };
  const name = `S ${length}, ${causal ? 'causal' : 'full'}${backward ? ', backward' : ''}`;
  const own = { side: 'gerbert-2', label: 'Gerbert, full', params: { causal: false } };
  return {
    name,
    dtype: 'f32',
    threads,
    op: 'attention',
    params,
    inputs: () => ({
      qkv: { data: uniform(length * 3 * width, { seed: 1 }), shape: [length, 3 * width] },
      ...(backward && { dy: { data: uniform(length * width, { seed: 2 }), shape: [length, width] } }),
    }),
    expect: ({ qkv, dy }) => expectations(qkv.data, dy?.data, { length, causal }),
    peers: [{ side: 'torch' }, ...(causal ? [own] : [])],
    // Two products forward, five backward: scores again, and the gradients of the probabilities, v, q and k.
    work: { kind: 'f32', amount: (backward ? 10 : 4) * pairs(length, causal) * width },
    quick: length === 128 && !backward,
  };
}

/** The columns [from, from + D) of [S, W]. */
function columns(data, from, { length, of }) {
  const part = new Float64Array(length * headSize);
  for (let i = 0; i < length; i++) part.set(data.subarray(i * of + from, i * of + from + headSize), i * headSize);
  return part;
}

function expectations(qkv, dy, { length, causal }) {
  const wide = dy ? 3 * width : width;
  const [want, bound] = [new Float64Array(length * wide).fill(Number.NaN), new Float64Array(length * wide)];
  const put = (array, from, values, error) => {
    for (let i = 0; i < length; i++) {
      array.set(values.subarray(i * headSize, (i + 1) * headSize), i * wide + from);
      bound.fill(error, i * wide + from, i * wide + from + headSize);
    }
  };
  for (const head of looked) {
    const at = head * headSize;
    const one = oneHead(qkv, dy, { length, causal, at });
    if (!dy) put(want, at, one.y, one.error);
    else for (const [part, values] of one.gradients.entries()) put(want, at + part * width, values, one.errors[part]);
  }
  return [compact(dy ? 'dqkv' : 'y', want, bound, { length, wide, parts: dy ? 3 : 1 })];
}

/** Only the columns that were computed, as rows of D: row number i·(W/D) + column/D. */
function compact(output, want, bound, { length, wide, parts }) {
  const blocks = wide / headSize;
  const rows = [];
  for (let i = 0; i < length; i++) {
    for (let part = 0; part < parts; part++) for (const head of looked) rows.push(i * blocks + part * heads + head);
  }
  const take = (from) =>
    Float64Array.from(
      { length: rows.length * headSize },
      (_, e) => from[rows[Math.floor(e / headSize)] * headSize + (e % headSize)],
    );
  return { output, width: headSize, rows, want: take(want), bound: take(bound) };
}

/**
 * One head in float64, and how far f32 may be off. All inputs lie in ±1, so a score is at most √D, its error γ(D + 2)·√D; a probability's
 * relative error is that twice (numerator and sum), plus those of exp and of a sum over S; y mixes values of at most 1.
 */
function oneHead(qkv, dy, { length, causal, at }) {
  const shape = [length, headSize];
  const [q, k, v] = [0, 1, 2].map((part) => exact(columns(qkv, at + part * width, { length, of: 3 * width }), shape));
  const spans = whole(Int32Array.from([0, length, 0, length, 0]), [1, 5]);
  const layout = [0, 0, 0, 1, headSize, 1 / Math.sqrt(headSize), Number(causal), 0, 0, 0, 0, 0];
  const [y, lse] = [blank(shape), blank([length, 1])];
  reference.attention(y, lse, q, k, v, spans, ...layout);
  const root = Math.sqrt(headSize);
  const share = 2 * gamma(headSize + 2) * root + gamma(length) + (2 * elementary + 2 * root) * u;
  const error = share + gamma(length + 2);
  if (!dy) return { y: read(y), error };
  const gradient = exact(columns(dy, at, { length, of: width }), shape);
  const [dq, dk, dv] = [blank(shape), blank(shape), blank(shape)];
  reference.attentionBackward(dq, dk, dv, gradient, y, lse, q, k, v, spans, ...layout);
  // dP and Δ are at most D in size; dS = P·(dP − Δ). Rows of P sum to 1, its columns to at most S.
  const products = 2 * headSize * (share + gamma(headSize + 2) + error) + 2 * headSize * gamma(length + 3);
  const errors = [
    products / root,
    (products * length) / root / Math.sqrt(length),
    length * (share + gamma(length + 3)),
  ];
  return { gradients: [dq, dk, dv].map(read), errors };
}

export const attention = {
  name: 'attention',
  about: 'softmax(q·kᵀ/√D)·v with 12 heads of 64, one sequence; a causal mask counts half the operations.',
  cases: ({ threads }) =>
    [128, 256, 512, 1024].flatMap((length) =>
      [false, true].flatMap((backward) =>
        [false, true].map((causal) => attentionCase(length, { causal, backward, threads })),
      ),
    ),
};
