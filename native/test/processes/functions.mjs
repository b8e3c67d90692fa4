// node functions.mjs <addon> <isa> <function>: prints the function's values over its whole range, and at ∞, −∞, NaN, 0 and −0.
import { openAddon, random } from './calls.mjs';

const [path, isa, name] = process.argv.slice(2);
const { array, run } = openAddon(path, isa, 1);

/** Points near 0 as well as far away, on both sides, down to where exp leaves the subnormal numbers. */
const next = random(1);
function everywhere() {
  const all = Array.from({ length: 20000 }, (_, i) => Math.fround(next() * [150, 20, 5, 1, 1e-3, 1e-20][i % 6]));
  all.push(88.7, 88.73, 89, -87.3, -87.4, -103, -103.9, -104, -110, 0.625, -0.625, 1e30, -1e30, 14.9, -14.9, 5.5, -5.5);
  return all;
}
/** Of the logarithm, whole numbers alone. */
const points = name === 'log' ? Array.from({ length: 3000 }, (_, i) => i + 1) : everywhere();
const special = name === 'log' ? [] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0];
const xs = [...points.map(Math.fround), ...special];

/** Through attention's gradient to the values: one query of 1 and log Σ exp = 0 make of key x the probability 2^x, where the scale is log 2. */
function powersOfTwo() {
  const n = xs.length;
  const [q, y, lse] = [array([1, 1], () => 1), array([1, 1]), array([1, 1])];
  const [k, v, dk, dv] = [array([n, 1], (i) => xs[i]), array([n, 1]), array([n, 1]), array([n, 1])];
  const spans = array([1, 5], (i) => [0, 1, 0, n, 0][i], 'i32');
  run('attentionBackward', array([1, 1]), dk, dv, q, y, lse, q, k, v, spans, 0, 0, 0, 1, 1, Math.LN2, 0, 0, 0, 0, 0, 0);
  return [...dv.values];
}

/** Through attention's log Σ exp: that of n scores of 0. */
function logarithms() {
  const n = points.length;
  const [q, y, lse] = [array([n, 1]), array([n, 1]), array([n, 1])];
  const k = array([n, 1]);
  const spans = array([n, 5], (i) => [Math.floor(i / 5), 1, 0, points[Math.floor(i / 5)], 0][i % 5], 'i32');
  run('attention', y, lse, q, k, k, spans, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
  return [...lse.values];
}

function values() {
  if (name === 'exp2') return powersOfTwo();
  if (name === 'log') return logarithms();
  const x = array([1, xs.length + 1], (i) => xs[i] ?? 0);
  const y = array([1, xs.length + 1]);
  if (name === 'exp') {
    // The softmax less the target, which is the last column, with log Σ exp = 0.
    run(
      'crossEntropyBackward',
      y,
      array([1], () => 1),
      x,
      array([1]),
      array([1], () => xs.length, 'i32'),
      -1,
      0,
      xs.length + 1,
    );
  } else {
    run('activation', y, x, ['none', 'gelu', 'geluTanh', 'relu', 'tanh', 'sigmoid', 'silu'].indexOf(name));
  }
  return [...y.values];
}

const y = values();
const show = (value) => (value === Number.POSITIVE_INFINITY ? '∞' : value + 0);
const finite = points.map((_, i) => i).filter((i) => Number.isFinite(y[i]));
console.log(
  JSON.stringify({
    x: finite.map((i) => xs[i]),
    y: finite.map((i) => y[i]),
    special: y.slice(points.length, xs.length).map(show),
  }),
);
