import { TokenizerError } from '../errors.js';
import { Fields, type Json, type JsonObject, malformed } from '../json/fields.js';
import { checkChoice, checkInteger, checkOptions } from '../options.js';
import type { Encoding } from './encoding.js';

export type TruncationStrategy = 'longest_first' | 'only_first' | 'only_second';
export type Direction = 'left' | 'right';

export interface TruncationOptions {
  /** Most tokens of the whole encoding, special tokens included. */
  maxLength: number;
  /** Which of text and pair is cut (`longest_first`: the longer, then both alike). */
  strategy?: TruncationStrategy;
  /** How many tokens each overflowing part repeats of the one before. */
  stride?: number;
  /** The side that is cut off. */
  direction?: Direction;
}

const STRATEGIES = new Map<string, TruncationStrategy>([
  ['LongestFirst', 'longest_first'],
  ['OnlyFirst', 'only_first'],
  ['OnlySecond', 'only_second'],
]);

const DIRECTIONS = new Map<string, Direction>([
  ['Left', 'left'],
  ['Right', 'right'],
]);

/** The key that stands for `value`. */
export function keyOf<T>(map: ReadonlyMap<string, T>, value: T): string {
  return [...map].find(([, v]) => v === value)![0];
}

/** The value under a name of tokenizer.json. */
export function choose<T>(map: ReadonlyMap<string, T>, name: string, where: string): T {
  const value = map.get(name);
  if (value === undefined) throw malformed(where, `expected one of ${[...map.keys()].join(', ')}, found "${name}"`);
  return value;
}

export function readDirection(fields: Fields): Direction {
  return choose(DIRECTIONS, fields.string('direction', 'Right'), `${fields.where}.direction`);
}

export function writeDirection(direction: Direction): string {
  return keyOf(DIRECTIONS, direction);
}

export function checkTruncation(options: TruncationOptions): Required<TruncationOptions> {
  checkOptions(options, ['maxLength', 'strategy', 'stride', 'direction'], 'truncation');
  const { maxLength, strategy = 'longest_first', stride = 0, direction = 'right' } = options;
  return {
    maxLength: checkInteger(maxLength, 0, 'truncation.maxLength'),
    strategy: checkChoice(strategy, [...STRATEGIES.values()], 'truncation.strategy'),
    stride: checkInteger(stride, 0, 'truncation.stride'),
    direction: checkChoice(direction, [...DIRECTIONS.values()], 'truncation.direction'),
  };
}

export function readTruncation(json: Json | undefined): Required<TruncationOptions> | undefined {
  if (json == null) return undefined;
  const fields = new Fields(json, 'truncation');
  const options = {
    direction: readDirection(fields),
    maxLength: fields.count('max_length'),
    strategy: choose(STRATEGIES, fields.string('strategy'), 'truncation.strategy'),
    stride: fields.count('stride'),
  };
  fields.done();
  return options;
}

export function writeTruncation(options: Required<TruncationOptions>): JsonObject {
  return {
    direction: writeDirection(options.direction),
    max_length: options.maxLength,
    strategy: keyOf(STRATEGIES, options.strategy),
    stride: options.stride,
  };
}

/**
 * How many tokens of the texts fit with `added` special tokens.
 * @throws TokenizerError `TOKENIZER_TRUNCATION_IMPOSSIBLE` where not even these do, or parts could not overlap as asked
 */
export function room({ maxLength, stride }: Required<TruncationOptions>, added: number): number {
  const most = maxLength - added;
  if (most < 0) {
    const message = `truncation.maxLength ${maxLength} leaves no room for the ${added} special tokens.`;
    throw new TokenizerError('TOKENIZER_TRUNCATION_IMPOSSIBLE', message);
  }
  if (most > 0 && stride >= most) throw strideTooLong(stride, most);
  return most;
}

function strideTooLong(stride: number, most: number): TokenizerError {
  const message = `truncation.stride ${stride} must be smaller than the ${most} tokens that are left of maxLength after special tokens.`;
  return new TokenizerError('TOKENIZER_TRUNCATION_IMPOSSIBLE', message);
}

/** Cuts to `most` tokens; the rest overflows in parts of at most `most` tokens that repeat `stride` of them. */
function cut(encoding: Encoding, most: number, stride: number, direction: Direction): Encoding {
  const n = encoding.length;
  if (most >= n) return encoding;
  if (most === 0) return encoding.slice(0, 0).with([], undefined, () => [encoding]);
  if (stride >= most) throw strideTooLong(stride, most);
  const part = (at: number): Encoding => {
    if (direction === 'right') return encoding.slice(at, Math.min(n, at + most));
    return encoding.slice(Math.max(0, n - at - most), n - at);
  };
  const first = part(0);
  return first.with(first.segments, undefined, () => {
    const rest: Encoding[] = [];
    for (let at = most - stride; at + stride < n; at += most - stride) rest.push(part(at));
    return rest;
  });
}

/** How long text and pair may be so that together they fit: the shorter is spared as far as possible. */
function share(first: number, second: number, most: number): [number, number] {
  const shorter = Math.min(first, second);
  let low = shorter;
  let high = shorter > most ? shorter : Math.max(shorter, most - shorter);
  if (low + high > most) {
    low = Math.floor(most / 2);
    high = low + (most % 2);
  }
  return first > second ? [high, low] : [low, high];
}

/**
 * Cuts one or two encodings to `most` tokens together.
 * @throws TokenizerError `TOKENIZER_TRUNCATION_IMPOSSIBLE` where the sequence to cut is absent or too short.
 */
export function truncate(encodings: Encoding[], most: number, options: Required<TruncationOptions>): Encoding[] {
  const { strategy, stride, direction } = options;
  const lengths = encodings.map((encoding) => encoding.length);
  const excess = lengths.reduce((a, b) => a + b, 0) - most;
  if (excess <= 0) return encodings;
  if (most === 0) return encodings.map((encoding) => cut(encoding, 0, stride, direction));
  if (strategy === 'longest_first') {
    const targets = encodings.length === 1 ? [most] : share(lengths[0], lengths[1], most);
    return encodings.map((encoding, i) => cut(encoding, targets[i], stride, direction));
  }
  const which = strategy === 'only_first' ? 0 : 1;
  if (which >= encodings.length) {
    const message = 'truncation.strategy is only_second, but there is no pair; give one or use only_first.';
    throw new TokenizerError('TOKENIZER_TRUNCATION_IMPOSSIBLE', message);
  }
  if (lengths[which] <= excess) {
    const message = `truncation: ${excess} tokens too many, and the sequence to cut (${strategy}) has only ${lengths[which]}.`;
    throw new TokenizerError('TOKENIZER_TRUNCATION_IMPOSSIBLE', message);
  }
  return encodings.map((encoding, i) =>
    i === which ? cut(encoding, lengths[i] - excess, stride, direction) : encoding,
  );
}
