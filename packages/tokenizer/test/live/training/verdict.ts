import type { Json, JsonObject } from '../../../src/index.js';

/** What a comparison came to: undefined where all is well. */
export type Verdict = string | undefined;

/** Tokens in the order of their ids. */
export function tokensOf(model: JsonObject): string[] {
  if (Array.isArray(model.vocab)) return model.vocab.map((entry) => (entry as Json[])[0] as string);
  return Object.entries(model.vocab as Record<string, number>)
    .sort(([, a], [, b]) => a - b)
    .map(([token]) => token);
}

function difference(a: readonly string[], b: readonly string[]): string[] {
  const other = new Set(b);
  return a.filter((token) => !other.has(token));
}

/** Ids, tokens and merges, all of them. */
export function exact(ours: JsonObject, theirs: JsonObject): Verdict {
  const [a, b] = [ours, theirs].map((model) => new Map(Object.entries(model.vocab as Record<string, number>)));
  for (const [token, id] of b) {
    if (a.get(token) !== id) return `${JSON.stringify(token)} has the id ${id}, here ${a.get(token)}`;
  }
  if (a.size !== b.size) return `${b.size} tokens, here ${a.size}`;
  const [x, y] = [ours.merges ?? [], theirs.merges ?? []] as [Json[], Json[]];
  const at = Math.max(x.length, y.length);
  for (let i = 0; i < at; i++) {
    const [p, q] = [JSON.stringify(x[i]), JSON.stringify(y[i])];
    if (p !== q) return `merge ${i} is ${q}, here ${p}`;
  }
  return undefined;
}

/** How many tokens two runs do not share. */
function distance(a: JsonObject, b: JsonObject): number {
  const [x, y] = [tokensOf(a), tokensOf(b)];
  return difference(x, y).length + difference(y, x).length;
}

/**
 * Where the library's runs differ among themselves: as many tokens, and no further from its runs than they are from one
 * another, up to what chance does with so few runs.
 */
export function within(ours: JsonObject, runs: readonly JsonObject[]): Verdict {
  const sizes = runs.map((run) => tokensOf(run).length);
  const size = tokensOf(ours).length;
  if (size < Math.min(...sizes) || size > Math.max(...sizes)) return `${sizes.join(', ')} tokens, here ${size}`;
  const among = Math.max(...runs.flatMap((a) => runs.map((b) => distance(a, b))));
  const nearest = Math.min(...runs.map((run) => distance(ours, run)));
  return nearest <= among ? undefined : `runs differ in up to ${among} tokens, here in at least ${nearest}`;
}

/** Scores of Unigram, token by token; characters that had none may have changed their small differences. */
export function scores(ours: JsonObject, theirs: JsonObject): Verdict {
  const a = new Map(ours.vocab as [string, number][]);
  const b = new Map(theirs.vocab as [string, number][]);
  const characters = [...b.keys()].filter((token) => [...token].length === 1).length;
  for (const [token, score] of b) {
    const mine = a.get(token);
    // An infinite score, of a corpus without words, is written as null.
    if (mine === undefined || (score !== null && Math.abs(mine - score) > 1e-6 + 1e-4 * characters)) {
      return `${JSON.stringify(token)} has the score ${score}, here ${mine}`;
    }
  }
  if (ours.unk_id !== theirs.unk_id) return `unk_id is ${theirs.unk_id}, here ${ours.unk_id}`;
  return a.size === b.size ? undefined : `${b.size} tokens, here ${a.size}`;
}
