import { unknownOption } from './options.js';

/** What went wrong, as a stable string to switch on. */
export type TalesErrorCode = 'TALES_OPTION_UNKNOWN' | 'TALES_OPTION_INVALID';

/** The same property on the errors of every package, so that none is imported to recognise another's. */
const mark: unique symbol = Symbol.for('gerbert.error') as never;

/** Every error that the tales throw on purpose. */
export class TalesError extends Error {
  readonly code: TalesErrorCode;
  readonly [mark] = true;

  constructor(code: TalesErrorCode, message: string) {
    super(message);
    this.name = 'TalesError';
    this.code = code;
  }
}

/** @throws TalesError `TALES_OPTION_UNKNOWN` when `options` has a name that is not `known`. */
export function checkOptions(options: object, known: readonly string[], where: string): void {
  const why = unknownOption(options, known, where);
  if (why !== undefined) throw new TalesError('TALES_OPTION_UNKNOWN', why);
}

/** @throws TalesError `TALES_OPTION_INVALID` unless `value` is a whole number in [0, 2⁵³). */
export function checkWhole(value: number, what: string): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new TalesError('TALES_OPTION_INVALID', `${what} must be a whole number from 0 to 2^53 − 1, not ${value}.`);
}

/** @throws TalesError `TALES_OPTION_INVALID` unless `value` is one of `allowed`. */
export function checkChoice(value: string, allowed: readonly string[], what: string): void {
  if (allowed.includes(value)) return;
  throw new TalesError('TALES_OPTION_INVALID', `${what} must be one of ${allowed.join(', ')}, not "${value}".`);
}
