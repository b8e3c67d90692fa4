import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GerbertError } from '@gerbert/tensor';

/** A `config.json`, read key by key with checks. Every error has code `CONFIG_MALFORMED` and names the file and the key. */
export class ConfigFile {
  readonly path: string;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(path: string, json: string) {
    this.path = path;
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (cause) {
      throw new GerbertError('CONFIG_MALFORMED', `${path} is not JSON: ${(cause as Error).message}`, { cause });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new GerbertError('CONFIG_MALFORMED', `${path} does not hold a JSON object.`);
    }
    this.#values = new Map(Object.entries(value));
  }

  /** Reads `config.json` in a checkpoint directory. Throws `FILE_UNREADABLE`. */
  static async read(directory: string): Promise<ConfigFile> {
    const path = join(directory, 'config.json');
    try {
      return new ConfigFile(path, await readFile(path, 'utf8'));
    } catch (cause) {
      if (cause instanceof GerbertError) throw cause;
      throw new GerbertError('FILE_UNREADABLE', `Cannot read ${path}: ${(cause as Error).message}`, { cause });
    }
  }

  has(key: string): boolean {
    return this.#values.has(key) && this.#values.get(key) !== null;
  }

  /** A whole number ≥ `least`. */
  count(key: string, fallback?: number, least = 1): number {
    return this.#take(key, fallback, `a whole number, at least ${least}`, (v): v is number => {
      return Number.isSafeInteger(v) && (v as number) >= least;
    });
  }

  /** A finite number ≥ 0. */
  number(key: string, fallback?: number): number {
    return this.#take(key, fallback, 'a finite number, at least 0', (v): v is number => {
      return typeof v === 'number' && Number.isFinite(v) && v >= 0;
    });
  }

  /** A number in [0, 1). */
  probability(key: string, fallback: number): number {
    return this.#take(key, fallback, 'a number in [0, 1)', (v): v is number => {
      return typeof v === 'number' && v >= 0 && v < 1;
    });
  }

  /** Refuses a width that cannot be split into that many heads. */
  expectHeads(width: { key: string; value: number }, heads: { key: string; value: number }): void {
    if (width.value % heads.value === 0) return;
    throw new GerbertError(
      'CONFIG_MALFORMED',
      `${this.path}: ${width.key} is ${width.value}, which cannot be split into ${heads.value} heads (${heads.key}).`,
    );
  }

  /** One of the strings given, translated. */
  choice<T>(key: string, fallback: string, choices: ReadonlyMap<string, T>): T {
    const known = (v: unknown): v is string => typeof v === 'string' && choices.has(v);
    return choices.get(this.#take(key, fallback, `one of ${[...choices.keys()].join(', ')}`, known))!;
  }

  /** Refuses a checkpoint whose `key` asks for something other than `only` (absent counts as `only`). */
  expect(key: string, only: unknown): void {
    if (this.has(key) && this.#values.get(key) !== only) {
      const value = JSON.stringify(this.#values.get(key));
      throw new GerbertError(
        'CONFIG_UNSUPPORTED',
        `${this.path}: ${key} is ${value}; only ${JSON.stringify(only)} is supported.`,
      );
    }
  }

  /** `id2label` as a list, or undefined. */
  labels(): string[] | undefined {
    if (!this.has('id2label')) return undefined;
    const what = 'an object of strings under the keys "0", "1", … without gaps';
    const map = this.#take('id2label', undefined, what, (v): v is Record<string, string> => {
      if (typeof v !== 'object' || v === null || Array.isArray(v)) return false;
      const named = new Map(Object.entries(v));
      return Array.from({ length: named.size }, (_, id) => named.get(String(id))).every((l) => typeof l === 'string');
    });
    return Object.keys(map).map((_, id) => map[id]!);
  }

  #take<T>(key: string, fallback: T | undefined, what: string, fits: (value: unknown) => value is T): T {
    const value = this.has(key) ? this.#values.get(key) : fallback;
    if (value === undefined)
      throw new GerbertError('CONFIG_MALFORMED', `${this.path} has no ${key}: it needs ${what}.`);
    if (!fits(value)) {
      throw new GerbertError(
        'CONFIG_MALFORMED',
        `${this.path}: ${key} is ${JSON.stringify(value)}, but must be ${what}.`,
      );
    }
    return value;
  }
}
