// node functions.mjs <addon> <isa> <function>: prints the function's values over its whole range, and at ∞, −∞, NaN, 0 and −0.
import { openAddon, random } from './calls.mjs';

const [path, isa, name] = process.argv.slice(2);
const { array, run } = openAddon(path, isa, 1);

/** Points near 0 as well as far away, on both sides, down to where exp leaves the subnormal numbers. */
const next = random(1);
const points = Array.from({ length: 20000 }, (_, i) => Math.fround(next() * [110, 20, 5, 1, 1e-3, 1e-20][i % 6]));
points.push(88.7, 88.73, 89, -87.3, -87.4, -103, -103.9, -104, -110, 0.625, -0.625, 1e30, -1e30, 14.9, -14.9);
const special = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0];
const xs = [...points.map(Math.fround), ...special];

function values() {
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
