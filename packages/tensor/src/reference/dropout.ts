import type { View } from '../backend.js';
import { type PhiloxState, philoxInto, philoxState } from '../philox.js';
import { Arguments, type Arguments as Checks, floats, ints } from './arguments.js';

const state = philoxState(0, 0);

/** The generator of a dropout call, its key set; see `Kernels.dropout` for the counter. */
export function dropoutState(seed: number, step: number): PhiloxState {
  state.key[0] = seed;
  state.key[1] = step;
  return state;
}

/** An element is dropped when its word is below this. */
export function dropoutThreshold(p: number): number {
  return Math.floor(p * 2 ** 32);
}

/** Checks the numbers that dropout takes, wherever it occurs. */
export function checkDropout(check: Checks, p: number, seed: number, step: number, op: number): void {
  if (!(p >= 0 && p < 1)) check.fail(`p = ${p} must be in [0, 1)`);
  check.whole('seed', seed, 0, 2 ** 32);
  check.whole('step', step, 0, 2 ** 32);
  check.whole('op', op, 0, 2 ** 24);
}

/** See `Kernels.dropout`. */
export function dropout(y: View, x: View, keys: View | null, p: number, seed: number, step: number, op: number): void {
  const check = new Arguments('dropout', { floats: { y, x }, integers: { keys }, optional: ['keys'] });
  const [n, c] = check.rank('x', 2);
  check.shape('y', n, c);
  check.shape('keys', n, 2);
  checkDropout(check, p, seed, step, op);
  const from = floats(x);
  const to = floats(y);
  const at = keys === null ? null : ints(keys);
  const random = dropoutState(seed, step);
  const { counter, words } = random;
  const threshold = dropoutThreshold(p);
  counter[3] = op * 256;
  for (let i = 0; i < n; i++) {
    counter[2] = at === null ? 0 : at[2 * i];
    counter[1] = at === null ? i : at[2 * i + 1];
    for (let j = 0; j < c; j += 4) {
      counter[0] = j >>> 2;
      philoxInto(random);
      const end = Math.min(c, j + 4);
      for (let k = j; k < end; k++) {
        const e = i * c + k;
        to[e] = words[k - j] < threshold ? 0 : from[e] / (1 - p);
      }
    }
  }
}
