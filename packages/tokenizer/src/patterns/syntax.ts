import { TokenizerError } from '../errors.js';
import { malformed } from '../json/fields.js';
import type { CharSet } from './char-set.js';

/**
 * What holds or does not at a position, whatever is matched there. `lineEnd`: the text ends, or a line feed comes;
 * `lastLineEnd`: only one that ends the text.
 */
export type Anchor = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'lastLineEnd' | 'word' | 'notWord' | 'searchStart';

/** A regular expression as a tree. Groups that only group are not in it. */
export type Node =
  | { kind: 'empty' }
  | { kind: 'set'; set: CharSet }
  /** One character of a string, without regard to case: next to others it may fold together with them. */
  | { kind: 'caseless'; code: number }
  | { kind: 'sequence'; items: Node[] }
  | { kind: 'choice'; items: Node[] }
  /** `max` may be Infinity. */
  | { kind: 'repeat'; body: Node; min: number; max: number; greedy: boolean }
  /** What captures elsewhere; here it only keeps what is within apart from what is around it. */
  | { kind: 'group'; body: Node }
  /** No way back into it once it has matched. */
  | { kind: 'atomic'; body: Node }
  | { kind: 'look'; behind: boolean; negative: boolean; body: Node }
  | { kind: 'anchor'; anchor: Anchor };

export const EMPTY: Node = { kind: 'empty' };

/** The part of a pattern that an error is about. */
export interface Source {
  readonly pattern: string;
  /** Path of the pattern in tokenizer.json. */
  readonly where: string;
}

/** The error for a pattern that is none. `at`: the position in it, in UTF-16 units. */
export function invalidPattern({ pattern, where }: Source, at: number, what: string): TokenizerError {
  return malformed(where, `${what} at position ${at} of the pattern ${quoted(pattern)}`);
}

/** The error for a pattern that asks for more than this engine does. */
export function unsupportedPattern({ pattern, where }: Source, at: number, what: string): TokenizerError {
  return new TokenizerError(
    'TOKENIZER_PATTERN_UNSUPPORTED',
    `${where}: ${what} (position ${at} of the pattern ${quoted(pattern)}): not supported, for it cannot be matched in linear time or has not been needed yet.`,
  );
}

function quoted(pattern: string): string {
  return JSON.stringify(pattern.length > 200 ? `${pattern.slice(0, 200)}…` : pattern);
}
