import { Fields, type Json, type JsonObject, malformed } from '../json/fields.js';
import { checkChoice, checkInteger, checkOptions } from '../options.js';
import { concatColumns, uniformColumns } from './columns.js';
import type { Encoding } from './encoding.js';
import { type Direction, readDirection, writeDirection } from './truncation.js';

export interface PaddingOptions {
  /** Tokens to pad to, or the longest of the batch. */
  length?: number | 'longest';
  /** The side where padding goes. */
  direction?: Direction;
  /** Round the length up to a multiple of this. */
  multipleOf?: number;
  /** Where left out: those of the pad token, which must then be known to the tokenizer. */
  id?: number;
  typeId?: number;
  token?: string;
}

/** `multipleOf` 0 means any length. */
export type Padding = Required<PaddingOptions>;

/** `idOf` finds the pad token's id where the options give none. */
export function checkPadding(options: PaddingOptions, idOf: (token: string) => number): Padding {
  checkOptions(options, ['length', 'direction', 'multipleOf', 'id', 'typeId', 'token'], 'padding');
  const { length = 'longest', direction = 'right', multipleOf = 0, typeId = 0, token = '[PAD]' } = options;
  return {
    length: length === 'longest' ? length : checkInteger(length, 0, 'padding.length'),
    direction: checkChoice(direction, ['left', 'right'], 'padding.direction'),
    multipleOf: checkInteger(multipleOf, 0, 'padding.multipleOf'),
    id: checkInteger(options.id ?? idOf(token), 0, 'padding.id'),
    typeId: checkInteger(typeId, 0, 'padding.typeId'),
    token,
  };
}

export function readPadding(json: Json | undefined): Padding | undefined {
  if (json == null) return undefined;
  const fields = new Fields(json, 'padding');
  const strategy = fields.get('strategy');
  const fixed = strategy === 'BatchLongest' ? undefined : new Fields(strategy, 'padding.strategy');
  const padding: Padding = {
    length: fixed === undefined ? 'longest' : fixed.count('Fixed'),
    direction: readDirection(fields),
    multipleOf: fields.optional('pad_to_multiple_of', fields.count) ?? 0,
    id: fields.count('pad_id'),
    typeId: fields.count('pad_type_id'),
    token: fields.string('pad_token'),
  };
  if (padding.multipleOf === 0 && fields.get('pad_to_multiple_of') === 0) {
    throw malformed('padding.pad_to_multiple_of', 'expected null or a positive integer');
  }
  fixed?.done();
  fields.done();
  return padding;
}

export function writePadding(padding: Padding): JsonObject {
  return {
    strategy: padding.length === 'longest' ? 'BatchLongest' : { Fixed: padding.length },
    direction: writeDirection(padding.direction),
    pad_to_multiple_of: padding.multipleOf === 0 ? null : padding.multipleOf,
    pad_id: padding.id,
    pad_type_id: padding.typeId,
    pad_token: padding.token,
  };
}

function padOne(encoding: Encoding, length: number, padding: Padding): Encoding {
  const overflowing = encoding.overflowing.map((part) => padOne(part, length, padding));
  const missing = length - encoding.length;
  if (missing <= 0) return encoding.with(encoding.columns, overflowing);
  const pad = uniformColumns(new Int32Array(missing).fill(padding.id), padding.typeId, 0);
  const surfaces = new Map(Array.from({ length: missing }, (_, i) => [i, padding.token]));
  const filled = { ...pad, surfaces };
  const parts = padding.direction === 'right' ? [encoding.columns, filled] : [filled, encoding.columns];
  return encoding.with(concatColumns(parts), overflowing);
}

/** Pads all encodings of a batch, and what overflowed of them, to one length; those that are longer stay. */
export function pad(encodings: Encoding[], padding: Padding): Encoding[] {
  let length =
    padding.length === 'longest' ? encodings.reduce((most, e) => Math.max(most, e.length), 0) : padding.length;
  if (padding.multipleOf > 0) length = Math.ceil(length / padding.multipleOf) * padding.multipleOf;
  return encodings.map((encoding) => padOne(encoding, length, padding));
}
