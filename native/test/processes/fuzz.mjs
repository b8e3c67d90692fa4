// node fuzz.mjs <addon> <seed> <calls> <isa>: calls kernels with blocks of hostile numbers, and prints how many were refused and by which codes. That it
// ends at all is the point: nothing may crash. Under an address sanitizer it also shows reads and writes out of bounds.
import { openAddon } from './calls.mjs';

const [path, seed, count, isa] = process.argv.slice(2);
const { addon, array } = openAddon(path, isa, 2);
const mark = Symbol.for('gerbert.error');

let state = BigInt(seed) * 2654435761n + 1n;
const below = (limit) => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number(state >> 33n) % limit;
};
const pick = (list) => list[below(list.length)];

const hostile = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  -0,
  0.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 32,
  2 ** 52,
  2 ** 53,
  2 ** 62,
  2 ** 63,
  2 ** 64,
  -(2 ** 31) - 1,
  2 ** 20,
  1048577,
  -2,
  1e9,
];
const small = [0, 1, 2, 3, 4, 5, 7, 8, 16, 17, 33, 64];
// Memory of many sizes; of i32 ones, some hold small numbers, some anything.
const memories = small.map((size) => array([size * size], () => pick([0, 1, 2, 0.5, -1, Number.NaN, 1e30]), 'f32'));
for (let i = 0; i < 8; i++)
  memories.push(array([64], () => pick([0, 0, 1, 1, 2, 3, 4, 5, -1, 2 ** 31 - 1, -(2 ** 31)]), 'i32'));
for (let i = 0; i < 8; i++) memories.push(array([40], () => below(3), 'i32'));
const stale = array([4]);
addon.release(stale.handle);
const handles = [...memories.map(({ handle }) => handle), stale.handle, stale.handle + 2 ** 20, 2 ** 20 - 1, 1e6];

/** A view, mostly of a shape that might do; now and then one number of it is hostile. */
function writeView(at, dims) {
  const { block } = addon;
  block[at] = below(8) === 0 ? -1 : below(20) === 0 ? pick(handles) : pick(memories).handle;
  block[at + 1] = below(4) ? 0 : pick(small);
  block[at + 2] = below(6) ? pick([1, 1, 1, 4]) : below(9);
  block[at + 3] = below(10) ? dims.length : below(6);
  for (let i = 0; i < 4; i++) block[at + 4 + i] = below(12) ? (dims[i] ?? 1) : pick(small);
  if (below(15) === 0) block[at + below(8)] = pick(hostile);
}

const codes = {};
let passed = 0;
for (let i = 0; i < Number(count); i++) {
  const number = below(addon.kernels.length);
  const { name, signature } = addon.kernels[number];
  const [n, c] = [pick(small), pick(small)];
  const dims = [[n, c], [n, c], [n], [c], [n, n], [below(4), 5], [n, 2], [1], [below(3), n, c]];
  let at = 1;
  for (const letter of signature.match(/v\??|n/g)) {
    if (letter === 'n') {
      addon.block[at++] = below(12) ? pick([0, 0, 1, 1, 2, 0.5, 4]) : pick(hostile);
    } else {
      writeView(at, below(3) ? dims[0] : pick(dims));
      at += 8;
    }
  }
  addon.block[0] = below(200) ? number : pick([...hostile, addon.kernels.length]);
  try {
    addon.call();
    passed++;
  } catch (error) {
    if (!(error instanceof Error) || error[mark] !== true || error.message === '') throw new Error(`${name}: ${error}`);
    codes[error.code] = (codes[error.code] ?? 0) + 1;
  }
}
console.log(JSON.stringify({ passed, codes }));
