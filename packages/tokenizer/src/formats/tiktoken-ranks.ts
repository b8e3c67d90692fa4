import { TokenizerError } from '../errors.js';
import type { MergePair } from '../models/bpe.js';
import { byteOfCharacter } from '../text/byte-alphabet.js';

function impossible(what: string): TokenizerError {
  return new TokenizerError(
    'TOKENIZER_OPTION_INVALID',
    `A file of tiktoken ranks cannot hold this tokenizer: ${what}.`,
  );
}

function toBase64(token: string): string {
  const bytes = Array.from(token, (character) => byteOfCharacter(character.charCodeAt(0)));
  if (bytes.includes(-1))
    throw impossible(`the token ${JSON.stringify(token)} is not written in the alphabet of bytes`);
  return btoa(String.fromCharCode(...bytes));
}

/**
 * A file of tiktoken ranks: a line for each token, its bytes in base64 and its rank, which is also its id.
 * @param tokens tokens and ids of a byte-level model, in the order of their ids, without special tokens
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where ranks do not say all that the merges say: every token of two bytes
 * and more must come from exactly one merge, and later merges must have higher ids
 */
export function writeTiktokenRanks(
  tokens: Iterable<readonly [token: string, id: number]>,
  merges: readonly MergePair[],
): string {
  const ids = new Map(tokens);
  let last = -1;
  for (const pair of merges) {
    const token = pair.join('');
    const id = ids.get(token) ?? -1;
    if (id <= last) throw impossible(`the merge that makes ${JSON.stringify(token)} is out of the order of ids`);
    last = id;
  }
  const whole = [...ids.keys()].filter((token) => token.length > 1).length;
  if (whole !== merges.length) throw impossible(`${whole} tokens of several bytes come from ${merges.length} merges`);
  return [...ids].map(([token, id]) => `${toBase64(token)} ${id}\n`).join('');
}
