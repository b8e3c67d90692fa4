import { closest } from 'fastest-levenshtein';
import { colorsFor, type Output, say } from './terminal.js';

/** The exit codes of the command. */
export const exitCodes = {
  done: 0,
  /** Something went wrong on the way. */
  failed: 1,
  /** What was asked for cannot be done; nothing was begun. */
  usage: 2,
  interrupted: 130,
  /** As of a program that a closed pipe has ended. */
  pipeClosed: 141,
  terminated: 143,
} as const;

/** The same property on the errors of every package, so that none is imported to recognise another's. */
const mark: unique symbol = Symbol.for('gerbert.error') as never;

/** A command line that cannot be followed: `OPTION_INVALID`, or `OUT_UNWRITABLE`. */
export class UsageError extends Error {
  readonly code: 'OPTION_INVALID' | 'OUT_UNWRITABLE';
  readonly [mark] = true;

  constructor(code: UsageError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UsageError';
    this.code = code;
  }
}

/** Codes that say: other words on the command line, or in the environment, would have worked. */
const usageCodes = /(^|_)OPTION_|^CORPUS_|^OUT_UNWRITABLE$|^DEVICE_UNKNOWN$|^TOKENIZER_FILE_MISSING$/;

/** `Did you mean "…"?`, with the known name that is spelt most like `name`. */
export function didYouMean(name: string, known: readonly string[]): string {
  return `Did you mean "${closest(name, [...known])}"?`;
}

/** Says on `stderr` what went wrong: in one line where it is known what, else with the stack. Returns the exit code. */
export async function reportError(error: unknown, stderr: Output): Promise<number> {
  // Only now, since loading it takes longer than all of `gerbert --help`.
  const { isGerbertError } = await import('@gerbert/tensor');
  const { red } = colorsFor(stderr);
  if (isGerbertError(error)) {
    await say(stderr, `${red(`error [${error.code}]:`)} ${error.message}\n`);
    return usageCodes.test(error.code) ? exitCodes.usage : exitCodes.failed;
  }
  await say(stderr, `${red('error:')} ${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.failed;
}
