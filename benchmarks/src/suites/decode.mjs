import { productCase } from './products.mjs';

/**
 * Products with one row or a few, as generation makes them: every weight is read once for each token, so memory is the limit. A model's twelve
 * layers are multiplied in turn; the last layer's weights are never left in a cache from the token before.
 */
const weights = [
  { name: 'GPT-2 up', k: 768, n: 3072, copies: 12, quick: true },
  { name: 'GPT-2 down', k: 3072, n: 768, copies: 12 },
  { name: 'GPT-2 logits', k: 768, n: 50257, copies: 1 },
];

const bytes = { f32: 4, bf16: 2, int8: 1 };

function decodeCase({ name, k, n, copies, quick }, { m, threads, precision }) {
  return productCase({
    name: `${name}, ${m} ${m === 1 ? 'token' : 'tokens'}`,
    threads,
    precision,
    m,
    n,
    k,
    copies,
    transB: 1,
    packed: true,
    peers:
      precision === 'f32'
        ? [{ side: 'torch' }, { side: 'openblas' }]
        : [
            { side: 'gerbert-2', label: 'Gerbert f32', params: { precision: 'f32' } },
            ...(precision === 'bf16' ? [{ side: 'torch', label: 'PyTorch bf16' }] : []),
          ],
    work: { kind: 'read', amount: bytes[precision] * copies * n * k },
    quick: quick && m === 1 && precision === 'f32',
  });
}

export const decode = {
  name: 'decode',
  about: 'One token, or four, through the packed weights of GPT-2, which are read from memory each time.',
  cases({ threads }) {
    const shapes = [1, 4].flatMap((m) => weights.map((weight) => ({ weight, m })));
    return ['f32', 'bf16', 'int8'].flatMap((precision) =>
      shapes.map(({ weight, m }) => decodeCase(weight, { m, threads, precision })),
    );
  },
};
