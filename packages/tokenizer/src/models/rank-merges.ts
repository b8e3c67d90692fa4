import { IntList } from '../text/int-list.js';
import type { MergePair } from './bpe.js';
import { BpeMerges } from './bpe-merges.js';

/**
 * What tiktoken makes of a token's own bytes before the last step: two neighbours are merged where their bytes together
 * are a token, the lowest rank first, leftmost of equals. Undefined where this does not end in the token.
 */
function lastPair(token: string, ranks: ReadonlyMap<string, number>): MergePair | undefined {
  const parts = [...token];
  while (parts.length > 2) {
    let best = -1;
    let bestRank = Infinity;
    for (let i = 0; i + 1 < parts.length; i++) {
      const rank = ranks.get(parts[i] + parts[i + 1]) ?? Infinity;
      if (rank < bestRank) [best, bestRank] = [i, rank];
    }
    if (best < 0) return undefined;
    parts.splice(best, 2, parts[best] + parts[best + 1]);
  }
  return parts.length === 2 ? [parts[0], parts[1]] : undefined;
}

/** The same for all tokens at once, from the lowest rank; undefined where some token is made of ones of higher rank. */
function pairsInOrder(ranks: ReadonlyMap<string, number>): MergePair[] | undefined {
  const tokens = new Map([...ranks].map(([token, rank]) => [rank, token]));
  const table = new BpeMerges(ranks.size);
  const symbols = { ids: new IntList(), ends: new IntList() };
  const pairs: MergePair[] = [];
  for (const [token, rank] of ranks) {
    if (token.length < 2) continue;
    symbols.ids.length = 0;
    symbols.ends.length = 0;
    for (let i = 0; i < token.length; i++) {
      symbols.ids.push(ranks.get(token[i])!);
      symbols.ends.push(i + 1);
    }
    table.apply(symbols);
    if (symbols.ids.length === 2) {
      const [left, right] = symbols.ids.data;
      table.add(left, right, rank, rank);
      pairs.push([tokens.get(left)!, tokens.get(right)!]);
    } else if (lastPair(token, ranks) !== undefined) {
      return undefined;
    }
  }
  return pairs;
}

/**
 * The merges that say the same as ranks: one for each token that its own bytes are merged to. Within the span that becomes
 * a token nothing from outside has been merged, so its last step is the same in every text. Tokens that are never merged
 * (only whole pieces become them) have none.
 * @param ranks tokens in the alphabet of bytes, every byte among them, in the order of their ranks
 */
export function mergesOfRanks(ranks: ReadonlyMap<string, number>): MergePair[] {
  const pairs = pairsInOrder(ranks);
  if (pairs !== undefined) return pairs;
  return [...ranks.keys()].flatMap((token) => {
    const pair = token.length < 2 ? undefined : lastPair(token, ranks);
    return pair === undefined ? [] : [pair];
  });
}
