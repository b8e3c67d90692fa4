import { indices } from '../files.mjs';
import { gamma, u } from '../verify.mjs';
import { directoryOf, writeModel } from './encoders.mjs';

/** Steps whose losses have to agree. */
const checked = 3;
const [batch, length] = [4, 64];
const lr = 1e-4;

/**
 * Losses of the same training elsewhere. A product over K terms adds relative errors that behave like √K roundings (Higham 2002, §2.8); the
 * products that follow one another add theirs, and every step begins with what the last one left.
 */
function sameLosses(reference, depths) {
  const want = Float64Array.from(reference);
  const relative = depths.reduce((sum, k) => sum + Math.sqrt(k) * u, 0);
  const bound = Float64Array.from(want, (loss, step) => (step + 1) * relative * Math.abs(loss));
  return [{ output: 'losses', width: 1, want, bound }];
}

/** Lengths of the sums in one pass through layers of this width, forward. */
const depths = ({ width, layers }) => [
  ...Array.from({ length: layers }, () => [width, width, width, 4 * width]).flat(),
  width,
];

/** Multiplications and additions of a step: 2 for each weight and token forward, 4 backward. */
const stepWork = (weights, tokens) => 6 * weights * tokens;

const gpt2 = { width: 768, layers: 12 };
const gpt2Weights = 12 * 12 * 768 * 768 + 50257 * 768;

function gptStep(threads, precision) {
  return {
    name: `GPT-2 124M, B ${batch}, T ${length}`,
    dtype: precision,
    threads,
    op: 'gptTraining',
    params: {
      directory: directoryOf('gpt2'),
      batch,
      length,
      checked,
      lr,
      precision: precision === 'f32' ? 'full' : precision,
    },
    inputs: () => ({
      tokens: {
        data: indices(checked * batch * (length + 1), 50257, { seed: 1 }),
        shape: [checked, batch, length + 1],
      },
    }),
    // Compared with PyTorch in f32; in bf16 it rounds to 8 bits, which is stated, and not what verifies us.
    expect: (_, { torch }) => (torch ? expectLosses(torch.losses, precision) : null),
    peers: [
      { side: 'torch', label: precision === 'bf16' ? 'PyTorch, bf16 autocast' : 'PyTorch', params: { precision } },
    ],
    work: { kind: precision, amount: stepWork(gpt2Weights, batch * length) },
    fresh: true,
    memory: true,
    before: () => writeModel('gpt2'),
  };
}

function expectLosses(losses, precision) {
  const expected = sameLosses(losses, depths(gpt2));
  // bf16 has 16 bits less; the mean over all tokens' losses averages most of that out, but not what is common to them.
  if (precision === 'bf16')
    for (const each of expected) each.bound = each.want.map((loss, step) => (step + 1) * gamma(1, 2 ** -8) * loss);
  return expected;
}

function smallStep(name, op, { width, layers, weights, tokens, quick = false }, threads) {
  return {
    name,
    dtype: 'f32',
    threads,
    op,
    params: { checked },
    inputs: () => ({}),
    expect: (_, { 'gerbert-js': js }) => (js ? sameLosses(js.losses, depths({ width, layers })) : null),
    peers: [{ side: 'gerbert-js' }],
    work: { kind: 'f32', amount: stepWork(weights, tokens) },
    quick,
  };
}

const vocabulary = 4096 * 128;

export const train = {
  name: 'train',
  about:
    'A training step: forward, backward, AdamW; no dropout. GPT-2 124M against PyTorch, the models of `gerbert demo` against plain JavaScript.',
  cases: ({ threads }) => [
    gptStep(threads, 'f32'),
    gptStep(threads, 'bf16'),
    smallStep(
      'small BERT, 1,024 tokens',
      'smallBertTraining',
      { width: 128, layers: 3, weights: 3 * 12 * 128 * 128, tokens: 1024, quick: true },
      threads,
    ),
    smallStep(
      'small GPT, 1,024 tokens',
      'smallGptTraining',
      { width: 128, layers: 4, weights: 4 * 12 * 128 * 128 + vocabulary, tokens: 1024 },
      threads,
    ),
  ],
};
