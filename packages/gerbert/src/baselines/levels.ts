import { type Discounts, modifiedDiscounts } from './discounts.js';
import type { Histories } from './histories.js';
import type { Pacer } from './pacer.js';

/**
 * The distinct k-grams of a stream, w₁ … w_k, as level k of a trie whose root is the last word: the parent of a k-gram is its suffix
 * w₂ … w_k, and its siblings, the other words seen before that suffix, stand beside it in order.
 */
export interface Grams {
  readonly size: number;
  /** [size] w₁ of each. */
  readonly words: Uint16Array | Int32Array;
  /** [parents + 1] the children of parent p are first[p] … first[p + 1] − 1. */
  readonly first: Int32Array;
  /** [size] a position of the stream where the k-gram ends. */
  readonly example: Int32Array;
  /** [T] which k-gram ends at a position; of no meaning for the first k − 1 positions. */
  readonly at: Int32Array;
}

/** A level with its probabilities: all that is kept of it. */
export interface Level {
  readonly words: Uint16Array | Int32Array;
  readonly first: Int32Array;
  /** [size] p(w_k | w₁ … w_{k−1}), interpolated with all shorter contexts. */
  readonly probs: Float64Array;
  /** [contexts] the weight of the shorter context after w₁ … w_{k−1}; contexts are the (k − 1)-grams, for k = 1 the empty one alone. */
  readonly backoff: Float64Array;
  readonly discounts: Discounts;
}

/** Finds the distinct k-grams. `parents` is level k − 1, undefined for k = 1. */
export async function findGrams(
  histories: Histories,
  { k, parents, vocabSize }: { readonly k: number; readonly parents: Grams | undefined; readonly vocabSize: number },
  pacer: Pacer,
): Promise<Grams> {
  const { tokens, sorted, shared } = histories;
  let size = 0;
  await pacer.pieces(tokens.length, (from, end) => {
    for (let j = from; j < end; j++) if (shared[j] < k && sorted[j] >= k - 1) size++;
  });
  const words = vocabSize <= 1 << 16 ? new Uint16Array(size) : new Int32Array(size);
  const example = new Int32Array(size);
  const first = new Int32Array((parents?.size ?? 1) + 1);
  const at = new Int32Array(tokens.length);
  let gram = -1;
  let parent = parents === undefined ? 0 : -1;
  await pacer.pieces(tokens.length, (from, end) => {
    for (let j = from; j < end; j++) {
      const i = sorted[j];
      if (k > 1 && shared[j] < k - 1 && i >= k - 2) first[++parent + 1] = gram + 1;
      if (i < k - 1) continue;
      if (shared[j] < k) {
        gram++;
        words[gram] = tokens[i - k + 1];
        example[gram] = i;
        first[parent + 1] = gram + 1;
      }
      at[i] = gram;
    }
  });
  return { size, words, first, example, at };
}

/** How often each k-gram occurs. */
export async function occurrences({ size, at }: Grams, k: number, pacer: Pacer): Promise<Int32Array> {
  const counts = new Int32Array(size);
  await pacer.pieces(at.length, (from, end) => {
    for (let i = Math.max(k - 1, from); i < end; i++) counts[at[i]]++;
  });
  return counts;
}

/** How many different words precede each k-gram; the start of the stream counts as one of them. `longer` is level k + 1. */
export async function continuations(
  { size, at }: Grams,
  { longer, k }: { readonly longer: Grams; readonly k: number },
  pacer: Pacer,
): Promise<Int32Array> {
  const counts = new Int32Array(size);
  await pacer.pieces(size, (from, end) => {
    for (let gram = from; gram < end; gram++) counts[gram] = longer.first[gram + 1] - longer.first[gram];
  });
  if (at.length >= k) counts[at[k - 1]]++;
  return counts;
}

/** [5] how many of `counts` are 0, 1, 2, 3 and 4. */
async function countsOfCounts(counts: Int32Array, pacer: Pacer): Promise<Int32Array> {
  const all = new Int32Array(5);
  await pacer.pieces(counts.length, (from, end) => {
    let [none, one, two, three, four] = all;
    for (let gram = from; gram < end; gram++) {
      const count = counts[gram];
      if (count === 1) one++;
      else if (count === 2) two++;
      else if (count === 3) three++;
      else if (count === 4) four++;
      else if (count === 0) none++;
    }
    all.set([none, one, two, three, four]);
  });
  return all;
}

interface Below {
  readonly grams: Grams;
  readonly probs: Float64Array;
}

/**
 * Interpolated probabilities of level k from its counts c (occurrences at the highest order, continuations below):
 *
 *     p(w | h) = (c(h w) − D) / c(h ·) + γ(h) · p(w | h without its first word)
 *     γ(h)     = (D₁ N₁(h) + D₂ N₂(h) + D₃ N₃₊(h)) / c(h ·)
 *
 * D is D₁, D₂ or D₃ by the size of c(h w); N_r(h) is how many words follow h with count r. Below one word lies the uniform distribution.
 */
export async function smooth(
  grams: Grams,
  { counts, below, vocabSize }: { counts: Int32Array; below: Below | undefined; vocabSize: number },
  pacer: Pacer,
): Promise<Level> {
  const { size, words, first, example } = grams;
  const discounts = modifiedDiscounts(await countsOfCounts(counts, pacer));
  const discount = [0, discounts.one, discounts.two, discounts.more];
  const contexts = below?.grams.size ?? 1;
  const contextOf = new Int32Array(size);
  /** c(h ·) and the sum of what is taken off, side by side: both are wanted at once, and contexts come in no order. */
  const sums = new Float64Array(2 * contexts);
  await pacer.pieces(size, (from, end) => {
    for (let gram = from; gram < end; gram++) {
      const context = below === undefined ? 0 : below.grams.at[example[gram] - 1];
      contextOf[gram] = context;
      sums[2 * context] += counts[gram];
      sums[2 * context + 1] += discount[Math.min(3, counts[gram])];
    }
  });
  const probs = new Float64Array(size);
  await pacer.pieces(first.length - 1, (from, end) => {
    for (let parent = from; parent < end; parent++) {
      const shorter = below === undefined ? 1 / vocabSize : below.probs[parent];
      for (let gram = first[parent]; gram < first[parent + 1]; gram++) {
        const context = contextOf[gram];
        const kept = counts[gram] - discount[Math.min(3, counts[gram])];
        probs[gram] = (kept + sums[2 * context + 1] * shorter) / sums[2 * context];
      }
    }
  });
  // A context that nothing follows (the end of the stream) says nothing: all the weight goes to the shorter one.
  const backoff = new Float64Array(contexts).fill(1);
  await pacer.pieces(contexts, (from, end) => {
    for (let h = from; h < end; h++) if (sums[2 * h] > 0) backoff[h] = sums[2 * h + 1] / sums[2 * h];
  });
  return { words, first, probs, backoff, discounts };
}
