import type { Flag, View } from '../backend.js';
import { Arguments, floats, ints } from './arguments.js';

/** See `Kernels.gatherRows`. */
export function gatherRows(y: View, x: View, index: View, accumulate: Flag): void {
  const check = new Arguments('gatherRows', { floats: { y, x }, integers: { index } });
  const [n] = check.rank('index', 1);
  const [v, c] = check.rank('x', 2);
  check.shape('y', n, c);
  check.flag('accumulate', accumulate);
  const at = ints(index);
  check.indices('index', at, v);
  const from = floats(x);
  const to = floats(y);
  for (let i = 0; i < n; i++) {
    const source = at[i] * c;
    const target = i * c;
    if (accumulate) for (let j = 0; j < c; j++) to[target + j] += from[source + j];
    else for (let j = 0; j < c; j++) to[target + j] = from[source + j];
  }
}

/** See `Kernels.scatterAddRows`. */
export function scatterAddRows(y: View, x: View, index: View): void {
  const check = new Arguments('scatterAddRows', { floats: { y, x }, integers: { index } });
  const [n] = check.rank('index', 1);
  const [v, c] = check.rank('y', 2);
  check.shape('x', n, c);
  const at = ints(index);
  check.indices('index', at, v);
  const from = floats(x);
  const to = floats(y);
  for (let i = 0; i < n; i++) {
    const target = at[i] * c;
    const source = i * c;
    for (let j = 0; j < c; j++) to[target + j] += from[source + j];
  }
}

/** See `Kernels.writeRows`. */
export function writeRows(y: View, x: View, index: View | null, yAt: number, xAt: number, width: number): void {
  const check = new Arguments('writeRows', { floats: { y, x }, integers: { index }, optional: ['index'] });
  const [n, cx] = check.rank('x', 2);
  const [v, cy] = check.rank('y', 2);
  check.shape('index', n);
  check.whole('width', width, 0, Math.min(cx, cy) + 1);
  check.whole('yAt', yAt, 0, cy - width + 1);
  check.whole('xAt', xAt, 0, cx - width + 1);
  if (index === null && n > v) check.fail('y must have at least as many rows as x');
  const at = index === null ? null : ints(index);
  if (at !== null) check.indices('index', at, v);
  const from = floats(x);
  const to = floats(y);
  for (let i = 0; i < n; i++) {
    const target = (at === null ? i : at[i]) * cy + yAt;
    const source = i * cx + xAt;
    for (let j = 0; j < width; j++) to[target + j] = from[source + j];
  }
}
