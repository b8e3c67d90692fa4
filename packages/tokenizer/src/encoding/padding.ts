import { Fields, type Json, type JsonObject, malformed } from '../json/fields.js';
import { checkChoice, checkInteger, checkOptions, checkText } from '../options.js';
import type { Encoding } from './encoding.js';
import { type Segment, wholeRun } from './segment.js';
import { FixedRun } from './token-run.js';
import { type Direction, readDirection, writeDirection } from './truncation.js';

export interface PaddingOptions {
  /** Tokens to pad to, or the longest of the batch. */
  length?: number | 'longest';
  /** The side where padding goes. */
  direction?: Direction;
  /** Round the length up to a multiple of this. */
  multipleOf?: number | null;
  /** Where left out: those of the pad token, which must then be known to the tokenizer. */
  id?: number;
  typeId?: number;
  token?: string;
}

/** `multipleOf` null or 0 means any length. */
export type Padding = Required<Omit<PaddingOptions, 'multipleOf'>> & { multipleOf: number | null };

/** Ids are signed integers of 32 bits here. */
const HIGHEST_ID = 0x7fffffff;
/** More than any model takes; what asks for more is a mistake, and would take all memory. */
const LONGEST = 1 << 24;

function upTo(most: number, fields: Fields, key: string): number {
  const value = fields.count(key);
  if (value > most) throw malformed(`${fields.where}.${key}`, `expected at most ${most}, found ${value}`);
  return value;
}

/** `idOf` finds the pad token's id where the options give none. */
export function checkPadding(options: PaddingOptions, idOf: (token: string) => number): Padding {
  checkOptions(options, ['length', 'direction', 'multipleOf', 'id', 'typeId', 'token'], 'padding');
  const { length = 'longest', direction = 'right', multipleOf = null, typeId = 0, token = '[PAD]' } = options;
  checkText(token, 'padding.token');
  return {
    length: length === 'longest' ? length : checkInteger(length, 0, 'padding.length', LONGEST),
    direction: checkChoice(direction, ['left', 'right'], 'padding.direction'),
    multipleOf: multipleOf === null ? null : checkInteger(multipleOf, 0, 'padding.multipleOf', LONGEST),
    id: checkInteger(options.id ?? idOf(token), 0, 'padding.id', HIGHEST_ID),
    typeId: checkInteger(typeId, 0, 'padding.typeId', HIGHEST_ID),
    token,
  };
}

export function readPadding(json: Json | undefined): Padding | undefined {
  if (json == null) return undefined;
  const fields = new Fields(json, 'padding');
  const strategy = fields.get('strategy');
  const fixed = strategy === 'BatchLongest' ? undefined : new Fields(strategy, 'padding.strategy');
  const padding: Padding = {
    length: fixed === undefined ? 'longest' : upTo(LONGEST, fixed, 'Fixed'),
    direction: readDirection(fields),
    multipleOf: fields.get('pad_to_multiple_of') == null ? null : upTo(LONGEST, fields, 'pad_to_multiple_of'),
    id: upTo(HIGHEST_ID, fields, 'pad_id'),
    typeId: upTo(HIGHEST_ID, fields, 'pad_type_id'),
    token: fields.string('pad_token'),
  };
  fixed?.done();
  fields.done();
  return padding;
}

export function writePadding(padding: Padding): JsonObject {
  return {
    strategy: padding.length === 'longest' ? 'BatchLongest' : { Fixed: padding.length },
    direction: writeDirection(padding.direction),
    pad_to_multiple_of: padding.multipleOf,
    pad_id: padding.id,
    pad_type_id: padding.typeId,
    pad_token: padding.token,
  };
}

function padOne(encoding: Encoding, length: number, padding: Padding): Encoding {
  const missing = length - encoding.length;
  const overflow = encoding.overflows
    ? () => encoding.overflowing.map((part) => padOne(part, length, padding))
    : undefined;
  if (missing <= 0) return overflow === undefined ? encoding : encoding.with(encoding.segments, undefined, overflow);
  return encoding.padded(padSegment(missing, padding), padding.direction === 'left', overflow);
}

function padSegment(length: number, { id, typeId, token }: Padding): Segment {
  return wholeRun(new FixedRun(new Int32Array(length).fill(id), token), typeId, 0, 1);
}

/** Pads all encodings of a batch, and what overflowed of them, to one length; those that are longer stay. */
export function pad(encodings: Encoding[], padding: Padding): Encoding[] {
  let length =
    padding.length === 'longest' ? encodings.reduce((most, e) => Math.max(most, e.length), 0) : padding.length;
  if (padding.multipleOf) length = Math.ceil(length / padding.multipleOf) * padding.multipleOf;
  return encodings.map((encoding) => padOne(encoding, length, padding));
}
