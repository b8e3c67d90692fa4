/**
 * Eight bits, one for each of the bytes from `i`, lowest first: 0 where it is an ASCII letter. Looks at four bytes at once.
 */
export function notLetters(view: DataView, i: number): number {
  const low = Math.imul(notLetter(view.getInt32(i, true)) >>> 7, GATHER) >>> 28;
  const high = Math.imul(notLetter(view.getInt32(i + 4, true)) >>> 7, GATHER) >>> 28;
  return low | (high << 4);
}

/** Moves the lowest bits of four bytes into the highest four bits, in order. */
const GATHER = 0x10204080;

/** The highest bit of every byte that is no ASCII letter. */
function notLetter(four: number): number {
  const lower = (four | 0x20202020) & 0x7f7f7f7f;
  // Seven-bit sums do not carry: the highest bit tells `a` or above, and above `z`.
  return ~((lower + 0x1f1f1f1f) & ~(lower + 0x05050505) & ~four) & 0x80808080;
}
