import { TokenizerError } from '../errors.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export function malformed(where: string, what: string): TokenizerError {
  return new TokenizerError('TOKENIZER_JSON_MALFORMED', `${where}: ${what}`);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for a part of tokenizer.json that this package cannot run: it is named, never skipped. */
export function unsupported(where: string, what: string, supported: Iterable<string>): TokenizerError {
  const list = [...supported].join(', ');
  return new TokenizerError(
    'TOKENIZER_COMPONENT_UNSUPPORTED',
    `${where}: ${what} is not supported; supported: ${list}.`,
  );
}

let refusing = false;

/**
 * Runs `work`, in which a field that nobody reads is refused: in what a person writes by hand it is a slip. Files, in which
 * such fields stand as well, are read without; there they mean nothing, as to the Rust library, and are kept.
 */
export function strictly<T>(work: () => T): T {
  const before = refusing;
  refusing = true;
  try {
    return work();
  } finally {
    refusing = before;
  }
}

/**
 * One JSON object being read: typed access to its own fields, and what was never asked for.
 * All readers throw `TOKENIZER_JSON_MALFORMED` with the path of the field.
 */
export class Fields {
  readonly where: string;
  readonly #object: JsonObject;
  readonly #read = new Set<string>();

  constructor(value: unknown, where: string) {
    if (!isObject(value)) throw malformed(where, 'expected an object');
    this.#object = value;
    this.where = where;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#object, key);
  }

  /** The raw field; `undefined` where absent. */
  get(key: string): Json | undefined {
    this.#read.add(key);
    return this.has(key) ? this.#object[key] : undefined;
  }

  string(key: string, fallback?: string): string {
    const value = this.get(key) ?? fallback;
    if (typeof value !== 'string') throw malformed(`${this.where}.${key}`, 'expected a string');
    return value;
  }

  boolean(key: string, fallback?: boolean): boolean {
    const value = this.get(key) ?? fallback;
    if (typeof value !== 'boolean') throw malformed(`${this.where}.${key}`, 'expected true or false');
    return value;
  }

  /** A non-negative integer. */
  count(key: string, fallback?: number): number {
    const value = this.get(key) ?? fallback;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw malformed(`${this.where}.${key}`, 'expected a non-negative integer');
    }
    return value;
  }

  list(key: string): Json[] {
    const value = this.get(key);
    if (!Array.isArray(value)) throw malformed(`${this.where}.${key}`, 'expected an array');
    return value;
  }

  /** `undefined` where the field is absent or null. */
  optional<T>(key: string, read: (key: string) => T): T | undefined {
    return this.get(key) == null ? undefined : read.call(this, key);
  }

  /** Call last. @throws TokenizerError `TOKENIZER_COMPONENT_UNSUPPORTED` inside `strictly`, where there is a rest */
  done(): void {
    if (refusing) this.refuseRest();
  }

  /** @throws TokenizerError `TOKENIZER_COMPONENT_UNSUPPORTED` where a field was never asked for */
  refuseRest(): void {
    const [key] = Object.keys(this.rest());
    if (key !== undefined) throw unsupported(this.where, `the field "${key}"`, this.#read);
  }

  /** The fields that were never asked for. */
  rest(): JsonObject {
    return Object.fromEntries(Object.entries(this.#object).filter(([key]) => !this.#read.has(key)));
  }
}
