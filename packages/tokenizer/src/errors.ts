/** What went wrong, as a stable string to switch on. */
export type TokenizerErrorCode =
  | 'TOKENIZER_FILE_MISSING'
  | 'TOKENIZER_FILE_MALFORMED'
  | 'TOKENIZER_JSON_MALFORMED'
  | 'TOKENIZER_COMPONENT_UNSUPPORTED'
  | 'TOKENIZER_PATTERN_UNSUPPORTED'
  | 'TOKENIZER_OPTION_UNKNOWN'
  | 'TOKENIZER_OPTION_INVALID'
  | 'TOKENIZER_NORMALIZATION_IMPOSSIBLE'
  | 'TOKENIZER_INPUT_INVALID'
  | 'TOKENIZER_POOL_CLOSED'
  | 'TOKENIZER_WORKER_LOST'
  | 'TOKENIZER_TEXT_TOO_LONG'
  | 'TOKENIZER_UNK_MISSING'
  | 'TOKENIZER_DECODING_IMPOSSIBLE'
  | 'TOKENIZER_TRUNCATION_IMPOSSIBLE';

const GERBERT_ERROR: unique symbol = Symbol.for('gerbert.error');

/** Every error this package throws on purpose. Recognise it by `code` (an abort rejects with the signal's reason instead). */
export class TokenizerError extends Error {
  /** A field rather than an assignment, which throws where `Error.prototype` is frozen. */
  override readonly name = 'TokenizerError';
  readonly code: TokenizerErrorCode;
  readonly [GERBERT_ERROR] = true;

  constructor(code: TokenizerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
