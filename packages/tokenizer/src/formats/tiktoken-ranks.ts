import { TokenizerError } from '../errors.js';
import type { MergePair } from '../models/bpe.js';
import { mergesOfRanks } from '../models/rank-merges.js';
import { byteCharacterCode, byteOfCharacter } from '../text/byte-alphabet.js';

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
 * @param tokens tokens and ids of a byte-level model that has all bytes, in the order of their ids, without special tokens
 * @param ignoreMerges whether a piece that is a token is that token in any case, as it is for tiktoken
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where ranks do not say the same as the merges
 */
export function writeTiktokenRanks(
  tokens: Iterable<readonly [token: string, id: number]>,
  merges: readonly MergePair[],
  ignoreMerges: boolean,
): string {
  const ids = new Map(tokens);
  const lines = [...ids].map(([token, id]) => `${toBase64(token)} ${id}\n`);
  const implied = mergesOfRanks(ids);
  const different = implied.findIndex(([left, right], i) => merges[i]?.[0] !== left || merges[i][1] !== right);
  if (different >= 0 || implied.length !== merges.length) {
    const at = different >= 0 ? different : implied.length;
    throw impossible(`merge ${at} is not the one that ranks imply, ${JSON.stringify(implied[at] ?? null)}`);
  }
  const whole = [...ids.keys()].filter((token) => token.length > 1).length;
  if (whole !== merges.length && !ignoreMerges) {
    throw impossible(`${whole} tokens of several bytes come from ${merges.length} merges`);
  }
  return lines.join('');
}

function broken(line: number, what: string): TokenizerError {
  return new TokenizerError('TOKENIZER_FILE_MALFORMED', `ranks, line ${line}: ${what}.`);
}

/** The value of a base64 digit, or -1. */
function sextet(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  if (code >= 0x61 && code <= 0x7a) return code - 0x47;
  if (code >= 0x30 && code <= 0x39) return code + 4;
  if (code === 0x2b) return 62;
  return code === 0x2f ? 63 : -1;
}

/** The token that the base64 digits from `from` to `to` stand for, in the alphabet of bytes; undefined where they are none. */
function fromBase64(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (to === from || (to - from) % 4 !== 0) return undefined;
  let end = to;
  while (end > to - 2 && bytes[end - 1] === 0x3d) end--;
  let token = '';
  let bits = 0;
  let held = 0;
  for (let i = from; i < end; i++) {
    const value = sextet(bytes[i]);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    token += String.fromCharCode(byteCharacterCode((bits >> held) & 0xff));
  }
  return token;
}

/** The number that the digits from `from` to `to` write; -1 where they write none that an id can be. */
function readRank(bytes: Uint8Array, from: number, to: number): number {
  let rank = to > from && to - from <= 10 ? 0 : -1;
  for (let i = from; i < to && rank >= 0; i++) {
    const digit = bytes[i] - 0x30;
    rank = digit >= 0 && digit <= 9 ? rank * 10 + digit : -1;
  }
  return rank <= 0x7fffffff ? rank : -1;
}

/**
 * Reads a file of tiktoken ranks: tokens in the alphabet of bytes, in the order of their ranks. Empty lines are nothing.
 * @throws TokenizerError `TOKENIZER_FILE_MALFORMED` with the number of the line that is no token and rank, or that repeats
 * one; or where a byte has no token
 */
export function readTiktokenRanks(content: Uint8Array | string): Map<string, number> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const ranks = new Map<string, number>();
  const lineOf = new Map<number, number>();
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const next = newline < 0 ? bytes.length : newline + 1;
    let end = newline < 0 ? bytes.length : newline;
    if (end > start && bytes[end - 1] === 0x0d) end--;
    if (end > start) {
      const space = bytes.subarray(start, end).indexOf(0x20);
      const token = space < 0 ? undefined : fromBase64(bytes, start, start + space);
      const rank = space < 0 ? -1 : readRank(bytes, start + space + 1, end);
      if (token === undefined || rank < 0) throw broken(line, 'expected a token in base64, a space and a rank');
      if (ranks.has(token)) throw broken(line, `the token is the one of line ${lineOf.get(ranks.get(token)!)}`);
      if (lineOf.has(rank)) throw broken(line, `the rank ${rank} is that of line ${lineOf.get(rank)}`);
      ranks.set(token, rank);
      lineOf.set(rank, line);
    }
    start = next;
  }
  for (let byte = 0; byte < 256; byte++) {
    if (ranks.has(String.fromCharCode(byteCharacterCode(byte)))) continue;
    throw new TokenizerError('TOKENIZER_FILE_MALFORMED', `ranks: no token is the byte ${byte}; every byte needs one.`);
  }
  return new Map([...ranks].sort(([, a], [, b]) => a - b));
}
