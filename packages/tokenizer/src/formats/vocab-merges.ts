import { TokenizerError } from '../errors.js';
import { isObject } from '../json/fields.js';
import type { MergePair } from '../models/bpe.js';

function malformed(message: string, cause?: unknown): TokenizerError {
  return new TokenizerError('TOKENIZER_FILE_MALFORMED', message, { cause });
}

/**
 * The ids of a vocab.json (or encoder.json) by token.
 * @throws TokenizerError `TOKENIZER_FILE_MALFORMED`
 */
export function parseVocabJson(text: string): Map<string, number> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw malformed((cause as Error).message, cause);
  }
  if (!isObject(json)) throw malformed('expected an object of token ids');
  const ids = new Map<string, number>();
  for (const [token, id] of Object.entries(json)) {
    if (!Number.isSafeInteger(id)) {
      throw malformed(`the id of "${token}" is ${JSON.stringify(id)}, not an integer`);
    }
    ids.set(token, id as number);
  }
  return ids;
}

/**
 * The merges of a merges.txt (or vocab.bpe): two tokens a line, after a line `#version`.
 * @throws TokenizerError `TOKENIZER_FILE_MALFORMED`, naming the line
 */
export function parseMerges(text: string): MergePair[] {
  const merges: MergePair[] = [];
  text.split('\n').forEach((given, i) => {
    const line = given.endsWith('\r') ? given.slice(0, -1) : given;
    if (line === '' || line.startsWith('#version')) return;
    const parts = line.split(' ');
    if (parts.length !== 2) throw malformed(`line ${i + 1}: expected two tokens, found ${JSON.stringify(line)}`);
    merges.push([parts[0], parts[1]]);
  });
  return merges;
}

/** A merges.txt. @throws TokenizerError `TOKENIZER_OPTION_INVALID` where a merge could not be read back */
export function writeMerges(merges: readonly MergePair[]): string {
  const lines = merges.map(([left, right]) => {
    if (![left, right].some((token) => token === '' || token.includes(' ') || token.includes('\n')))
      return `${left} ${right}\n`;
    const message = `merges.txt cannot hold the merge of ${JSON.stringify(left)} and ${JSON.stringify(right)}; save as tokenizer.json.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  });
  return `#version: 0.2\n${lines.join('')}`;
}
