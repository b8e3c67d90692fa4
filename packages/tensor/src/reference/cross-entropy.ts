import type { View } from '../backend.js';
import { Arguments, floats, ints } from './arguments.js';
import { logSumExp } from './softmax.js';

/** See `Kernels.crossEntropy`. */
export function crossEntropy(loss: View, lse: View, logits: View, targets: View, ignore: number): void {
  const check = new Arguments('crossEntropy', { floats: { loss, lse, logits }, integers: { targets } });
  const [n, v] = check.rank('logits', 2);
  for (const name of ['loss', 'lse', 'targets']) check.shape(name, n);
  const target = ints(targets);
  checkTargets(check, target, v, ignore);
  const from = floats(logits);
  const losses = floats(loss);
  const lses = floats(lse);
  for (let i = 0; i < n; i++) {
    const ignored = target[i] === ignore;
    const total = ignored ? 0 : logSumExp(from, i * v, v);
    lses[i] = total;
    losses[i] = ignored ? 0 : total - from[i * v + target[i]];
  }
}

/** See `Kernels.crossEntropyBackward`. */
export function crossEntropyBackward(
  dlogits: View,
  dloss: View,
  logits: View,
  lse: View,
  targets: View,
  ignore: number,
): void {
  const check = new Arguments('crossEntropyBackward', {
    floats: { dlogits, dloss, logits, lse },
    integers: { targets },
  });
  const [n, v] = check.rank('logits', 2);
  check.shape('dlogits', n, v);
  for (const name of ['dloss', 'lse', 'targets']) check.shape(name, n);
  const target = ints(targets);
  checkTargets(check, target, v, ignore);
  const to = floats(dlogits);
  const upstream = floats(dloss);
  const from = floats(logits);
  const lses = floats(lse);
  for (let i = 0, at = 0; i < n; i++, at += v) {
    if (target[i] === ignore) {
      for (let j = 0; j < v; j++) to[at + j] = 0;
      continue;
    }
    const d = upstream[i];
    const l = lses[i];
    for (let j = 0; j < v; j++) {
      const probability = Math.exp(from[at + j] - l);
      to[at + j] = (j === target[i] ? probability - 1 : probability) * d;
    }
  }
}

function checkTargets(check: Arguments, targets: Int32Array, v: number, ignore: number): void {
  check.whole('ignore', ignore, -(2 ** 31), 2 ** 31);
  for (let i = 0; i < targets.length; i++) {
    const t = targets[i];
    if (t !== ignore && (t < 0 || t >= v))
      check.fail(`targets[${i}] = ${t} must be in [0, ${v}) or ${ignore}, which is ignored`);
  }
}
