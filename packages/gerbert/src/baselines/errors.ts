import { unknownOption } from '../tales/options.js';

/** The same property on the errors of every package, so that none is imported to recognise another's. */
const mark: unique symbol = Symbol.for('gerbert.error') as never;

/** What went wrong, as a stable string to switch on. */
export type BaselineErrorCode = 'BASELINE_OPTION_UNKNOWN' | 'BASELINE_ARGUMENT_INVALID' | 'BASELINE_TOKEN_OUT_OF_RANGE';

/** Every error that the baselines throw on purpose (an abort rejects with the signal's reason instead). */
export class BaselineError extends Error {
  readonly code: BaselineErrorCode;
  readonly [mark] = true;

  constructor(code: BaselineErrorCode, message: string) {
    super(message);
    this.name = 'BaselineError';
    this.code = code;
  }
}

/** @throws BaselineError `BASELINE_OPTION_UNKNOWN` when `options` has a name that is not `known`. */
export function checkOptions(options: object, known: readonly string[], where: string): void {
  const why = unknownOption(options, known, where);
  if (why !== undefined) throw new BaselineError('BASELINE_OPTION_UNKNOWN', why);
}

/** @throws BaselineError `BASELINE_ARGUMENT_INVALID` unless `value` is an integer from `least` to `most`. */
export function checkInteger(value: number, { least, most }: { least: number; most: number }, what: string): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const message = `${what} must be an integer from ${least} to ${most}, not ${value}.`;
  throw new BaselineError('BASELINE_ARGUMENT_INVALID', message);
}

/** @throws BaselineError `BASELINE_TOKEN_OUT_OF_RANGE`, naming the position, unless every token is in [0, vocabSize). */
export function checkTokens(tokens: ArrayLike<number>, vocabSize: number, what: string): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token >= 0 && token < vocabSize && Number.isInteger(token)) continue;
    const message = `${what}[${i}] is ${token}, outside the vocabulary of ${vocabSize} tokens (0 to ${vocabSize - 1}).`;
    throw new BaselineError('BASELINE_TOKEN_OUT_OF_RANGE', message);
  }
}
