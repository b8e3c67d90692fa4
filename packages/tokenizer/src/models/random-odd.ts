/** An odd 32-bit integer, drawn anew: a multiplier for hashes that nobody can prepare texts against. */
export function randomOdd(): number {
  return ((Math.random() * 0x100000000) | 1) >> 0;
}
