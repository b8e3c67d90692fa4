import type { Flag, View } from '../backend.js';
import { Arguments, floats, ints } from './arguments.js';
import { scratch } from './scratch.js';

/** See `Kernels.sum`. */
export function sum(y: View, x: View): void {
  new Arguments('sum', { floats: { y, x } }).shape('y', 1);
  const from = floats(x);
  let total = 0;
  for (let i = 0; i < from.length; i++) total += from[i];
  floats(y)[0] = total;
}

/** See `Kernels.sumRows`. */
export function sumRows(y: View, x: View, accumulate: Flag): void {
  const check = new Arguments('sumRows', { floats: { y, x } });
  const [n, c] = check.rank('x', 2);
  check.shape('y', c);
  check.flag('accumulate', accumulate);
  const from = floats(x);
  const to = floats(y);
  const totals = scratch('sumRows', c);
  for (let j = 0; j < c; j++) totals[j] = 0;
  for (let i = 0, at = 0; i < n; i++, at += c) for (let j = 0; j < c; j++) totals[j] += from[at + j];
  for (let j = 0; j < c; j++) to[j] = accumulate ? to[j] + totals[j] : totals[j];
}

/** See `Kernels.sumSquares`. */
export function sumSquares(y: View, x: View, accumulate: Flag): void {
  const check = new Arguments('sumSquares', { floats: { y, x } });
  check.shape('y', 1);
  check.flag('accumulate', accumulate);
  const from = floats(x);
  const to = floats(y);
  let total = 0;
  for (let i = 0; i < from.length; i++) total += from[i] * from[i];
  to[0] = accumulate ? to[0] + total : total;
}

/** See `Kernels.argmaxRows`. */
export function argmaxRows(y: View, x: View): void {
  const check = new Arguments('argmaxRows', { floats: { x }, integers: { y } });
  const [n, c] = check.rank('x', 2);
  check.shape('y', n);
  if (c === 0) check.fail('x must have at least one column');
  const from = floats(x);
  const to = ints(y);
  for (let i = 0, at = 0; i < n; i++, at += c) {
    let best = 0;
    let greatest = from[at];
    for (let j = 1; j < c && !Number.isNaN(greatest); j++) {
      const value = from[at + j];
      if (value > greatest || Number.isNaN(value)) {
        best = j;
        greatest = value;
      }
    }
    to[i] = best;
  }
}
