/** Levenshtein distance, for "did you mean". */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

/** Why `options` cannot be taken, or nothing: names an option that nobody would read and the nearest known one. */
export function unknownOption(options: object, known: readonly string[], where: string): string | undefined {
  const name = Object.keys(options).find((key) => !known.includes(key));
  if (name === undefined) return undefined;
  const far = (candidate: string) => distance(name.toLowerCase(), candidate.toLowerCase());
  const nearest = known.reduce((best, candidate) => (far(candidate) < far(best) ? candidate : best));
  return `${where}: unknown option "${name}"; did you mean "${nearest}"? Known: ${known.join(', ')}.`;
}
