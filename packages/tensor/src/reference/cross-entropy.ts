import type { View } from '../backend.js';
import { Arguments, type Floats, floats, ints } from './arguments.js';
import { greatest as greatestOf } from './softmax.js';

/** See `Kernels.crossEntropy`. */
export function crossEntropy(
  loss: View,
  lse: View,
  greatest: View | null,
  logits: View,
  targets: View,
  ignore: number,
  first: number,
  classes: number,
): void {
  const given = { floats: { loss, lse, greatest, logits }, integers: { targets }, optional: ['greatest'] };
  const check = new Arguments('crossEntropy', given);
  const [n, w] = check.rank('logits', 2);
  for (const name of ['loss', 'lse', 'greatest', 'targets']) check.shape(name, n);
  checkSlice(check, first, w, classes);
  if (greatest === null && w < classes) check.fail('greatest is required where there is more than one slice');
  const target = ints(targets);
  checkTargets(check, target, classes, ignore);
  const from = floats(logits);
  const losses = floats(loss);
  const totals = floats(lse);
  const maxima = greatest && floats(greatest);
  const last = first + w === classes;
  for (let i = 0, at = 0; i < n; i++, at += w) {
    if (target[i] === ignore) {
      losses[i] = 0;
      totals[i] = 0;
      continue;
    }
    const before = first === 0 ? nothing : { max: maxima![i], total: totals[i] };
    const { max, total } = addExponentials(before, from, at, w);
    const column = target[i] - first;
    let picked = first === 0 ? 0 : losses[i];
    if (column >= 0 && column < w) picked = from[at + column];
    if (maxima !== null) maxima[i] = max;
    const result = last ? max + Math.log(total) : total;
    totals[i] = result;
    losses[i] = last ? result - picked : picked;
  }
}

/** Σ exp(x − max) of numbers of which the greatest is max. */
interface Exponentials {
  readonly max: number;
  readonly total: number;
}

const nothing: Exponentials = { max: Number.NEGATIVE_INFINITY, total: 0 };

/** The same of some numbers more. As long as all are −∞ the total stays 0, where −∞ − −∞ would make it NaN. */
function addExponentials(before: Exponentials, x: Floats, at: number, size: number): Exponentials {
  const here = greatestOf(x, at, size);
  const max = Math.max(before.max, here);
  if (max === Number.NEGATIVE_INFINITY) return nothing;
  let total = before.total * Math.exp(before.max - max);
  for (let j = 0; j < size; j++) total += Math.exp(x[at + j] - max);
  return { max, total };
}

/** See `Kernels.crossEntropyBackward`. */
export function crossEntropyBackward(
  dlogits: View,
  dloss: View,
  logits: View,
  lse: View,
  targets: View,
  ignore: number,
  first: number,
  classes: number,
): void {
  const check = new Arguments('crossEntropyBackward', {
    floats: { dlogits, dloss, logits, lse },
    integers: { targets },
  });
  const [n, w] = check.rank('logits', 2);
  check.shape('dlogits', n, w);
  for (const name of ['dloss', 'lse', 'targets']) check.shape(name, n);
  checkSlice(check, first, w, classes);
  const target = ints(targets);
  checkTargets(check, target, classes, ignore);
  const to = floats(dlogits);
  const upstream = floats(dloss);
  const from = floats(logits);
  const lses = floats(lse);
  for (let i = 0, at = 0; i < n; i++, at += w) {
    if (target[i] === ignore) {
      for (let j = 0; j < w; j++) to[at + j] = 0;
      continue;
    }
    const d = upstream[i];
    const l = lses[i];
    const column = target[i] - first;
    for (let j = 0; j < w; j++) {
      const probability = Math.exp(from[at + j] - l);
      to[at + j] = (j === column ? probability - 1 : probability) * d;
    }
  }
}

/** Checks that columns first … first + w − 1 are a slice of `classes` that is not empty. */
function checkSlice(check: Arguments, first: number, w: number, classes: number): void {
  check.whole('classes', classes, 0, 2 ** 31);
  check.whole('first', first, 0, 2 ** 31);
  if (first + w > classes || (w === 0 && classes > 0)) {
    check.fail(`columns ${first} … ${first + w} must be some of the ${classes} classes`);
  }
}

function checkTargets(check: Arguments, targets: Int32Array, classes: number, ignore: number): void {
  check.whole('ignore', ignore, -(2 ** 31), 2 ** 31);
  for (let i = 0; i < targets.length; i++) {
    const t = targets[i];
    if (t !== ignore && (t < 0 || t >= classes))
      check.fail(`targets[${i}] = ${t} must be in [0, ${classes}) or ${ignore}, which is ignored`);
  }
}
