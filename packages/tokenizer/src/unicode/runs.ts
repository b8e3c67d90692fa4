/**
 * A table of one byte for every code point, from runs as scripts/make-unicode-tables.py writes them: gap since the last
 * run's end, length and value of each, in base 36. Memory of code points that have no run is never touched.
 */
export function tableOfRuns(runs: string): Uint8Array {
  const table = new Uint8Array(0x110000);
  const words = runs.split(' ');
  let at = 0;
  for (let i = 0; i < words.length; i += 3) {
    const from = at + Number.parseInt(words[i], 36);
    at = from + Number.parseInt(words[i + 1], 36);
    table.fill(Number.parseInt(words[i + 2], 36), from, at);
  }
  return table;
}
