import { RandomStream } from '@gerbert/tensor';
import type { PretrainingOptions } from '../src/index.js';

/** Documents in which every token is another number, from 10 on, so that it tells where it comes from. */
export function distinctDocuments(sizes: readonly { sentences: number; length: [least: number, most: number] }[]) {
  const random = new RandomStream(99);
  let next = 10;
  return sizes.map(({ sentences, length: [least, most] }) =>
    Array.from({ length: sentences }, () =>
      Int32Array.from({ length: least + random.int(most - least + 1) }, () => next++),
    ),
  );
}

/** Options for batches of them, in which [CLS], [SEP] and [MASK] are 1, 2 and 3. */
export function pretrainingOptions(vocabSize: number): PretrainingOptions {
  const special = { clsToken: 1, sepToken: 2, maskToken: 3, specialTokens: new Set([0, 1, 2, 3]) };
  return { ...special, vocabSize, maxLength: 24, batchSize: 4, seed: 6 };
}
