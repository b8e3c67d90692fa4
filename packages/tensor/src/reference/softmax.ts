import type { Flag, View } from '../backend.js';
import { Arguments, type Floats, floats } from './arguments.js';
import { scratch } from './scratch.js';

/** See `Kernels.softmax`. */
export function softmax(y: View, x: View, log: Flag): void {
  const check = new Arguments('softmax', { floats: { y, x } });
  const [n, c] = check.rank('x', 2);
  check.shape('y', n, c);
  check.flag('log', log);
  const to = floats(y);
  const from = floats(x);
  const e = scratch('softmax', c);
  for (let i = 0, at = 0; i < n; i++, at += c) {
    const max = greatest(from, at, c);
    if (max === Number.NEGATIVE_INFINITY) {
      for (let j = 0; j < c; j++) to[at + j] = log ? max : 0;
      continue;
    }
    let total = 0;
    for (let j = 0; j < c; j++) {
      const value = Math.exp(from[at + j] - max);
      e[j] = value;
      total += value;
    }
    if (log) {
      const shift = Math.log(total);
      for (let j = 0; j < c; j++) to[at + j] = from[at + j] - max - shift;
    } else for (let j = 0; j < c; j++) to[at + j] = e[j] / total;
  }
}

/** The greatest of size elements; NaN if one is NaN, −∞ if there is none. */
export function greatest(x: Floats, at: number, size: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < size; j++) {
    const value = x[at + j];
    if (Number.isNaN(value)) return value;
    if (value > max) max = value;
  }
  return max;
}

/** See `Kernels.softmaxBackward`: dx = y · (dy − Σ dy · y), or dy − exp(y) · Σ dy when log. */
export function softmaxBackward(dx: View, dy: View, y: View, log: Flag): void {
  const check = new Arguments('softmaxBackward', { floats: { dx, dy, y } });
  const [n, c] = check.rank('y', 2);
  check.shape('dx', n, c);
  check.shape('dy', n, c);
  check.flag('log', log);
  const to = floats(dx);
  const upstream = floats(dy);
  const output = floats(y);
  for (let i = 0, at = 0; i < n; i++, at += c) {
    let total = 0;
    if (log) {
      for (let j = 0; j < c; j++) total += upstream[at + j];
      for (let j = 0; j < c; j++) to[at + j] = upstream[at + j] - Math.exp(output[at + j]) * total;
    } else {
      for (let j = 0; j < c; j++) total += upstream[at + j] * output[at + j];
      for (let j = 0; j < c; j++) to[at + j] = output[at + j] * (upstream[at + j] - total);
    }
  }
}
