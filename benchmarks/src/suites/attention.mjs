import { uniform } from '../files.mjs';
import { attentionHead } from '../oracle-attention.mjs';

// S length, H heads, D head size.
const heads = 12;
const headSize = 64;
const width = heads * headSize;
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

/** The columns of the heads that are looked at, as rows of D: number i·(W/D) + column/D of the output. */
function expectations(qkv, dy, { length, causal }) {
  const parts = dy ? ['dq', 'dk', 'dv'] : ['y'];
  const blocks = parts.length * heads;
  const rows = [];
  const [want, bound] = [2, 2].map(() => new Float64Array(length * parts.length * looked.length * headSize));
  for (const head of looked) {
    const at = head * headSize;
    const [q, k, v] = [0, 1, 2].map((part) => columns(qkv, at + part * width, { length, of: 3 * width }));
    const gradient = dy ? columns(dy, at, { length, of: width }) : undefined;
    const found = attentionHead({ q, k, v, dy: gradient }, { length, size: headSize, causal });
    for (const [part, name] of parts.entries()) {
      want.set(found[name].value, rows.length * headSize);
      bound.set(found[name].bound, rows.length * headSize);
      for (let i = 0; i < length; i++) rows.push(i * blocks + part * heads + head);
    }
  }
  return [{ output: dy ? 'dqkv' : 'y', width: headSize, rows, want, bound }];
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
