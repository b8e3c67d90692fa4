import { didYouMean } from '../errors.js';
import { LineError } from './lines.js';

/** @throws LineError `LINE_NOT_JSON` */
export function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (text.trim() === '') throw new LineError('LINE_NOT_JSON', 'The line is blank; expected JSON.', { cause });
    throw new LineError('LINE_NOT_JSON', `The line is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The fields of an object.
 *
 * @param known the names it may have
 * @param what what is expected in its place, for messages
 * @throws LineError `LINE_INVALID` for anything but an object, and for a field nobody would read
 */
export function fieldsOf(value: unknown, known: readonly string[], what: string): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LineError('LINE_INVALID', `Expected ${what}, found ${kindOf(value)}.`);
  }
  const fields = new Map(Object.entries(value));
  for (const name of fields.keys()) {
    if (known.includes(name)) continue;
    throw new LineError('LINE_INVALID', `There is no "${name}". ${didYouMean(name, known)}`);
  }
  return fields;
}

/** A field that may be left out; null is the same as leaving it out. @throws LineError `LINE_INVALID` */
export function optional<T>(fields: ReadonlyMap<string, unknown>, name: string, read: Reader<T>): T | undefined {
  const value = fields.get(name) ?? undefined;
  return value === undefined ? undefined : read(value, name);
}

type Reader<T> = (value: unknown, name: string) => T;

export const string: Reader<string> = (value, name) => {
  if (typeof value === 'string') return value;
  throw new LineError('LINE_INVALID', `"${name}" must be a string, not ${kindOf(value)}.`);
};

export const boolean: Reader<boolean> = (value, name) => {
  if (typeof value === 'boolean') return value;
  throw new LineError('LINE_INVALID', `"${name}" must be true or false, not ${kindOf(value)}.`);
};

/** What a value is, in words; short, whatever the value. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return 'a string';
  return Array.isArray(value) ? 'an array' : 'an object';
}
