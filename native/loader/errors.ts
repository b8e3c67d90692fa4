const gerbertError: unique symbol = Symbol.for('gerbert.error');

/** An error with a stable `code`, known as one of Gerbert's by a shared symbol instead of its class. */
export class NativeError extends Error {
  readonly code: string;
  readonly [gerbertError] = true;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'NativeError';
    this.code = code;
  }
}
