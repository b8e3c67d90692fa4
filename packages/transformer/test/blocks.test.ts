import { multiply, scope, sum, type Tensor, tensor, zeros } from '@gerbert/tensor';
import { gradcheck } from '@gerbert/tensor/testing';
import { expect, test } from 'vitest';
import { PostNormBlock, PreNormBlock, packed } from '../src/index.js';
import { type TinyShape, tinySpec } from './tiny-models.js';

const place = { device: 'js', dtype: 'f64' } as const;
const rows = 6;
const width = 12;

/** Numbers that follow no pattern a derivative could miss. */
const someNumbers = (count: number, salt: number) =>
  Float64Array.from({ length: count }, (_, i) => Math.sin(12.9898 * i + 78.233 * salt));

// x; two norms; queries, keys and values; output; both halves of the feed-forward layer.
const everything = 72 + 2 * 24 + 36 * 12 + 36 + 12 * 12 + 12 + 20 * 12 + 20 + 12 * 20 + 12;

test.for<[TinyShape, inputs: number[] | undefined, count: number]>([
  [{ kind: 'pre-norm' }, undefined, everything],
  [{ kind: 'post-norm', causal: false }, undefined, everything],
  [{ kind: 'pre-norm', causal: false }, [0], 72],
  [{ kind: 'post-norm', window: 2 }, [0], 72],
])('gradients through a whole block agree with finite differences: %o', ([shape, inputs, count]) => {
  const Block = shape.kind === 'pre-norm' ? PreNormBlock : PostNormBlock;
  const block = new Block(tinySpec(0, shape), place).initialise(3);
  const parameters = Array.from(block.parameters(), ([, parameter]) => parameter);
  for (const [i, parameter] of parameters.entries()) {
    const own = parameter.readSync() as Float64Array;
    const noise = someNumbers(own.length, i);
    parameter.write(own.map((value, j) => value + 0.1 * noise[j]!));
  }
  const weights = tensor(someNumbers(rows * width, 99), { ...place, shape: [rows, width] });
  const at = packed([4, 2], { device: 'js' });
  const x = zeros([rows, width], place);
  x.requiresGrad = true;
  const leaves = [x, ...parameters];

  const compared = gradcheck(
    (values) => {
      for (const [i, leaf] of leaves.entries()) {
        leaf.write(values[i]!);
        leaf.grad?.dispose();
        leaf.grad = null;
      }
      const loss = scope(() => {
        const total: Tensor = sum(multiply(block.forward(x, at), weights));
        total.backward();
        return total.detach();
      });
      const gradients = leaves.map(({ grad }) => grad!.readSync() as Float64Array);
      return { loss: loss.readSync()[0]!, gradients };
    },
    [someNumbers(rows * width, 1), ...parameters.map((parameter) => parameter.readSync() as Float64Array)],
    { inputs },
  );
  expect(compared).toBe(count);
});
