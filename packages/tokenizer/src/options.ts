import { TokenizerError } from './errors.js';

/** Levenshtein distance, for "did you mean". */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

/** The member of `known` that is spelt most like `name`. */
export function nearest(name: string, known: readonly string[]): string {
  const lower = name.toLowerCase();
  const far = (candidate: string) => distance(lower, candidate.toLowerCase());
  return known.reduce((best, candidate) => (far(candidate) < far(best) ? candidate : best));
}

/**
 * Refuses options that nobody would read.
 * @throws TokenizerError `TOKENIZER_OPTION_UNKNOWN`, naming the option and the nearest known one.
 */
export function checkOptions(options: object | undefined, known: readonly string[], where: string): void {
  if (options !== undefined && (typeof options !== 'object' || options === null)) {
    throw new TokenizerError(
      'TOKENIZER_OPTION_INVALID',
      `${where}: options must be an object, not ${describe(options)}.`,
    );
  }
  for (const name of Object.keys(options ?? {})) {
    if (known.includes(name)) continue;
    const message = `${where}: unknown option "${name}"; did you mean "${nearest(name, known)}"? Known: ${known.join(', ')}.`;
    throw new TokenizerError('TOKENIZER_OPTION_UNKNOWN', message);
  }
}

/** @throws TokenizerError `TOKENIZER_OPTION_INVALID` unless `value` is an integer of at least `least`, at most `most`. */
export function checkInteger(value: number, least: number, what: string, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new TokenizerError('TOKENIZER_OPTION_INVALID', `${what} must be an integer ${range}, not ${describe(value)}.`);
}

/** @throws TokenizerError `TOKENIZER_OPTION_INVALID` unless `value` is one of `allowed`. */
export function checkChoice<T extends string>(value: T, allowed: readonly T[], what: string): T {
  if (allowed.includes(value)) return value;
  throw new TokenizerError('TOKENIZER_OPTION_INVALID', `${what} must be one of ${allowed.join(', ')}, not "${value}".`);
}

/** @throws TokenizerError `TOKENIZER_OPTION_INVALID` unless `value` is true or false. */
export function checkFlag(value: unknown, what: string): asserts value is boolean {
  if (typeof value === 'boolean') return;
  throw new TokenizerError('TOKENIZER_OPTION_INVALID', `${what} must be true or false, not ${describe(value)}.`);
}

/** @throws TokenizerError `TOKENIZER_INPUT_INVALID` unless `value` is a string. */
export function checkText(value: unknown, what: string): asserts value is string {
  if (typeof value !== 'string') throw invalidInput(what, 'a string', value);
}

/** @throws TokenizerError `TOKENIZER_INPUT_INVALID` unless `value` is an array. */
export function checkList(value: unknown, what: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw invalidInput(what, 'an array', value);
}

/** @throws TokenizerError `TOKENIZER_INPUT_INVALID` unless `value` is an array of strings. */
export function checkTexts(value: unknown, what: string): asserts value is readonly string[] {
  checkList(value, what);
  for (let i = 0; i < value.length; i++) checkText(value[i], `${what}, number ${i}`);
}

export function invalidInput(what: string, wanted: string, value: unknown): TokenizerError {
  return new TokenizerError('TOKENIZER_INPUT_INVALID', `${what}: expected ${wanted}, not ${describe(value)}.`);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return `the string ${JSON.stringify(value)}`;
  return typeof value === 'object' || typeof value === 'function'
    ? `an ${typeof value}`.replace('an f', 'a f')
    : `the ${typeof value} ${String(value)}`;
}
