import { RandomStream } from '@gerbert/tensor';

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
