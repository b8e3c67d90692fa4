// node words.mjs <addon> <seed> <calls>: has hostile texts scanned with hostile tables, and prints how many were refused and by which codes. That it ends
// at all is the point: nothing may crash. Under an address sanitizer it also shows reads and writes out of bounds.
import { createRequire } from 'node:module';

const [path, seed, count] = process.argv.slice(2);
const { scanWords } = createRequire(import.meta.url)(path);

let state = BigInt(seed) * 2654435761n + 1n;
const below = (limit) => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number(state >> 33n) % limit;
};
const pick = (list) => list[below(list.length)];

const hostile = [-1, 0, 1, 2, 31, 32, 33, 255, 1 << 30, (1 << 30) - 1, 2 ** 31 - 1, -(2 ** 31), 1 << 20];
const bytes = [
  0x20, 0x27, 0x61, 0x7a, 0x41, 0x2e, 0x0a, 0x80, 0xbf, 0xc3, 0xa9, 0xe4, 0xba, 0xac, 0xf0, 0x9f, 0xf7, 0xff,
];
const kinds = new Uint8Array(0x110000);
for (let i = 0; i < 0x110000; i++) kinds[i] = pick([0, 1, 1, 1, 2, 4, 4, 64, 128, 255]);

const codes = {};
let passed = 0;
for (let call = 0; call < Number(count); call++) {
  const length = below(60);
  const room = length + 4 - (below(6) ? 0 : below(5));
  // Memory of exactly these sizes, so that a sanitizer sees the ends.
  const text = Uint8Array.from({ length: length + 32 - (below(12) ? 0 : 1) }, () =>
    pick(below(2) ? [0x61, 0x20] : bytes),
  );
  const entries = new Int32Array(8 * pick([1, 2, 4, 8, 8, 8, 8, 16, 16, 3]));
  for (let at = 0; at < entries.length; at += 8) {
    // Words that the text may have, mostly.
    entries[at] = pick([0x61, 0x61, 0x6161, 0x6120, 0x20, 0x616120]);
    entries[at + 4] = below(8) ? pick([1, 2, 3]) | (pick([1, 2, 3]) << 5) : below(2) ? 0 : pick(hostile);
    if (below(4) === 0) entries[at + 4] |= 1 << 30;
    entries[at + 5] = below(6) ? below(10) : pick(hostile);
  }
  const numbers = new Int32Array(15 - (below(40) ? 0 : 1));
  const given = [
    below(2),
    length,
    32 - Math.log2(entries.length / 8),
    1,
    0,
    0,
    0,
    0x9e3779b1 | 0,
    below(length + 1),
    below(3),
    below(3),
    below(9),
  ];
  given.forEach((value, i) => {
    numbers[i] = below(60) ? value : pick(hostile);
  });
  const args = [numbers, text, kinds, entries, new Int32Array(40), new Int32Array(room)];
  if (below(2))
    args.push(
      new Int32Array(2 * room + (below(8) ? 0 : 1)),
      new Int32Array(room - (room > 0 && below(8) === 0 ? 1 : 0)),
    );
  kinds[0x20] = pick([1, 2, 4, 4, 4]);
  try {
    scanWords(...args);
    passed++;
  } catch (error) {
    codes[error.code] = (codes[error.code] ?? 0) + 1;
  }
}
console.log(JSON.stringify({ passed, codes }));
