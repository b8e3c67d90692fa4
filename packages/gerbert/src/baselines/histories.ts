import type { Pacer } from './pacer.js';

/**
 * The positions of a token stream, sorted by what leads up to them: by the token at the position first, then by the one before it, and
 * so on, `order` tokens deep. All occurrences of an n-gram then stand together, and so do all its extensions to the left.
 */
export interface Histories {
  readonly tokens: Int32Array;
  readonly order: number;
  /** [T] positions; before the start of the stream lies a token smaller than all others. */
  readonly sorted: Int32Array;
  /** [T] how many tokens, at most `order`, the history at sorted[j] shares with the one at sorted[j − 1]. */
  readonly shared: Uint8Array;
}

/** Sorts by counting, the farthest token first (least significant digit first): order · T steps and 9 T bytes beside the stream. */
export async function sortHistories(
  tokens: Int32Array,
  { order, vocabSize, pacer }: { readonly order: number; readonly vocabSize: number; readonly pacer: Pacer },
): Promise<Histories> {
  const T = tokens.length;
  let sorted = new Int32Array(T).map((_, i) => i);
  let next = new Int32Array(T);
  const starts = new Int32Array(vocabSize + 2);
  for (let back = order - 1; back >= 0; back--) {
    // The bucket of a position is its token plus one; bucket 0 is for what lies before the start.
    starts.fill(0);
    await pacer.pieces(T, (first, end) => {
      for (let i = first; i < end; i++) starts[i < back ? 1 : tokens[i - back] + 2]++;
    });
    for (let v = 1; v < starts.length; v++) starts[v] += starts[v - 1];
    const from = sorted;
    const to = next;
    await pacer.pieces(T, (first, end) => {
      for (let j = first; j < end; j++) {
        const i = from[j];
        to[starts[i < back ? 0 : tokens[i - back] + 1]++] = i;
      }
    });
    [sorted, next] = [to, from];
  }
  return { tokens, order, sorted, shared: await sharedDepths(tokens, sorted, order, pacer) };
}

async function sharedDepths(tokens: Int32Array, sorted: Int32Array, order: number, pacer: Pacer): Promise<Uint8Array> {
  const shared = new Uint8Array(sorted.length);
  await pacer.pieces(sorted.length, (first, end) => {
    for (let j = Math.max(1, first); j < end; j++) {
      const a = sorted[j];
      const b = sorted[j - 1];
      const most = Math.min(order, a + 1, b + 1);
      let depth = 0;
      while (depth < most && tokens[a - depth] === tokens[b - depth]) depth++;
      shared[j] = depth;
    }
  });
  return shared;
}
