import { gatherRows, noGrad, scope, tensor } from '@gerbert/tensor';
import type { KvCache } from '../kv-cache.js';
import type { CausalModel } from './model.js';

/** Feeds each slot its new tokens (none leaves a slot as it is) and returns the logits after the last token of each slot that got some. */
export async function nextLogits(
  model: CausalModel,
  cache: KvCache,
  fed: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const logits = scope(() =>
    noGrad(() => {
      const at = cache.advance(fed.map(({ length }) => length));
      const index = { dtype: 'i32', device: model.device } as const;
      const ids = tensor(Int32Array.from(fed.flat()), index);
      let row = -1;
      const last: number[] = [];
      for (const { length } of fed) {
        row += length;
        if (length > 0) last.push(row);
      }
      const hidden = model.hidden(ids, at);
      return model.logits(gatherRows(hidden, tensor(Int32Array.from(last), index)));
    }),
  );
  const values = (await logits.read()) as Float32Array;
  logits.dispose();
  const { vocabSize } = model;
  return Array.from({ length: values.length / vocabSize }, (_, i) => values.slice(i * vocabSize, (i + 1) * vocabSize));
}

/** Lets timers, signals and servers run. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
