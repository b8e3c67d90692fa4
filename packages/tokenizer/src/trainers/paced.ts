import type { Pacer } from './pacer.js';

/** Steps between two looks at the clock. */
const STEPS = 1 << 14;

/** Calls `work` for consecutive ranges of at most `steps` that cover 0 to `n`, with pauses between them. */
export async function inRanges(
  n: number,
  pacer: Pacer,
  work: (from: number, to: number) => void,
  steps = STEPS,
): Promise<void> {
  for (let from = 0; from < n; from += steps) {
    work(from, Math.min(n, from + steps));
    if (pacer.due) await pacer.pause();
  }
}

/** Merges the sorted runs `from` to `middle` and `middle` to `to` of `source` into `target`, stably. */
function* merge(
  source: Uint32Array,
  target: Uint32Array,
  [from, middle, to]: readonly [number, number, number],
  compare: (a: number, b: number) => number,
): Generator<void> {
  let left = from;
  let right = middle;
  for (let i = from; i < to; i++) {
    const takeLeft = left < middle && (right >= to || compare(source[left], source[right]) <= 0);
    target[i] = takeLeft ? source[left++] : source[right++];
    if ((i & (STEPS - 1)) === 0) yield;
  }
}

/** The numbers 0 to `n` - 1, sorted stably by `compare`, with pauses: runs sorted at once, then merged in pairs. */
export async function sorted(n: number, pacer: Pacer, compare: (a: number, b: number) => number): Promise<Uint32Array> {
  let order = new Uint32Array(n);
  await inRanges(n, pacer, (from, to) => {
    for (let i = from; i < to; i++) order[i] = i;
    order.subarray(from, to).sort(compare);
  });
  let other = new Uint32Array(n);
  for (let width = STEPS; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width) {
      const bounds = [from, Math.min(n, from + width), Math.min(n, from + 2 * width)] as const;
      for (const _ of merge(order, other, bounds, compare)) if (pacer.due) await pacer.pause();
    }
    [order, other] = [other, order];
  }
  return order;
}
