import type { Encoding } from '../encoding/encoding.js';
import { type Segment, wholeRun } from '../encoding/segment.js';
import { FixedRun } from '../encoding/token-run.js';
import { type Fields, malformed } from '../json/fields.js';

export type TokenAndId = readonly [token: string, id: number];

export function readTokenAndId(fields: Fields, key: string): TokenAndId {
  const value = fields.list(key);
  if (value.length !== 2 || typeof value[0] !== 'string') {
    throw malformed(`${fields.where}.${key}`, 'expected a token and its id');
  }
  return [value[0], checkId(value[1], `${fields.where}.${key}`)];
}

/** @throws TokenizerError `TOKENIZER_JSON_MALFORMED` unless `id` is a token id: an integer of 0 to 2³¹ - 1. */
export function checkId(id: unknown, where: string): number {
  if (Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) <= 0x7fffffff) return id as number;
  throw malformed(where, `expected a token id from 0 to ${0x7fffffff}, found ${JSON.stringify(id)}`);
}

/** Special tokens as rows of an encoding. */
export function specialSegment(tokens: readonly TokenAndId[], typeId: number): Segment {
  const ids = Int32Array.from(tokens, ([, id]) => id);
  const texts = tokens.map(([token]) => token);
  return wholeRun(new FixedRun(ids, texts), typeId, 1, 1);
}

/** Special tokens around an encoding and around all that overflowed of it; the inner tokens are then its sequence. */
export function wrap(
  encoding: Encoding,
  sequence: number,
  before: Segment | undefined,
  after: Segment | undefined,
): Encoding {
  return encoding.withAll((part) => {
    const inner = part.segments.map((segment): Segment => ({ ...segment, special: 0, attention: 1 }));
    const segments = [...(before ? [before] : []), ...inner, ...(after ? [after] : [])];
    const from = before ? before.to : 0;
    return part.with(segments, [sequence, from, from + part.length]);
  });
}
