import { randn, scope, seeded, sum } from '@gerbert/tensor';
import { expect, test } from 'vitest';
import { forwardBlocks, PostNormBlock, PreNormBlock, packed } from '../src/index.js';
import { tinySpec } from './tiny-models.js';

const place = { device: 'js', dtype: 'f32' } as const;

test.for([PreNormBlock, PostNormBlock])('a stack of %o has the same bits with checkpointing', (Block) => {
  const blocks = [0, 1, 2].map((layer) =>
    new Block(tinySpec(layer, { dropout: 0.3 }), place).initialise(layer).train(),
  );
  const x = randn([6, 12], { ...place, seed: 4 });
  const at = packed([4, 2], { device: place.device });
  const differentiate = (options?: { checkpointing?: boolean }) => {
    const numbers = scope(() =>
      seeded({ seed: 1, step: 2 }, () => {
        const y = forwardBlocks(blocks, x, at, options);
        sum(y).backward();
        return [Array.from(y.readSync())];
      }),
    );
    for (const [, parameter] of blocks.flatMap((block) => [...block.parameters()])) {
      numbers.push(Array.from(parameter.grad!.readSync()));
      parameter.grad!.dispose();
      parameter.grad = null;
    }
    return numbers;
  };
  const plain = differentiate();
  expect(differentiate({ checkpointing: false })).toEqual(plain);
  expect(differentiate({ checkpointing: true })).toEqual(plain);
  const typo = { checkpoints: true } as never;
  expect(() => forwardBlocks(blocks, x, at, typo)).toThrow(expect.objectContaining({ code: 'OPTION_UNKNOWN' }));
});
