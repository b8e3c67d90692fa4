const mark: unique symbol = Symbol.for('gerbert.error') as never;

/** An error a program can tell apart: `code` is stable, the message says what was wrong, where, and what to do. */
export class GerbertError extends Error {
  readonly code: string;
  /** The same property on the errors of every package, so that none is imported to recognise another's. */
  readonly [mark] = true;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GerbertError';
    this.code = code;
  }
}

/** Whether `e` is an error of any Gerbert package: told by its symbol, not by its class, of which a process may hold several copies. */
export function isGerbertError(e: unknown): e is Error & { readonly code: string } {
  return typeof e === 'object' && e !== null && (e as { [mark]?: unknown })[mark] === true;
}
