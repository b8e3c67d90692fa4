import { checkOptions, GerbertError, RandomStream } from '@gerbert/tensor';

/** What the trainer must know of a batch; the rest is between the data and the model. */
export interface Batch {
  /** Tokens the model reads, for the throughput. */
  readonly tokens: number;
  /** How many terms each part of the loss sums, by the part's name: what the sums are divided by. */
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Batches by number. The same number always gives the same batch, so a training resumes anywhere without replaying what went before.
 */
export interface BatchSource<B> {
  batch(index: number): B | Promise<B>;
}

/**
 * Endless batches over examples, shuffled anew in every epoch, the last of an epoch possibly smaller.
 *
 * @throws `OPTION_UNKNOWN`; `OPTION_RANGE` without examples or with a batch size below 1
 */
export function shuffled<E, B>(
  examples: readonly E[],
  options: { batchSize: number; seed: number; collate: (examples: E[], index: number) => B },
): { batch(index: number): B; readonly batchesPerEpoch: number } {
  checkOptions('shuffled()', options, ['batchSize', 'seed', 'collate']);
  const { batchSize, seed, collate } = options;
  if (examples.length === 0 || !Number.isInteger(batchSize) || batchSize < 1) {
    const what = `${examples.length} examples and a batch size of ${batchSize}`;
    throw new GerbertError('OPTION_RANGE', `shuffled(): cannot make batches of ${what}.`);
  }
  const batchesPerEpoch = Math.ceil(examples.length / batchSize);
  let order: { epoch: number; indices: number[] } = { epoch: -1, indices: [] };
  return {
    batchesPerEpoch,
    batch(index) {
      const epoch = Math.floor(index / batchesPerEpoch);
      if (order.epoch !== epoch) {
        const indices = Array.from(examples.keys());
        new RandomStream(seed, epoch).shuffle(indices);
        order = { epoch, indices };
      }
      const at = (index % batchesPerEpoch) * batchSize;
      const chosen = order.indices.slice(at, at + batchSize).map((i) => examples[i]!);
      return collate(chosen, index);
    },
  };
}
