import { checkFlag, checkOptions } from '../options.js';
import { checkPadding, type Padding, type PaddingOptions } from './padding.js';
import { checkTruncation, type TruncationOptions } from './truncation.js';

/** What every way of encoding takes. */
export interface EncodingOptions {
  /** Whether the post-processor puts its special tokens in; true by default. */
  addSpecialTokens?: boolean;
  /** Whether special tokens that are written in a text are plain text there; false by default. */
  encodeSpecialTokens?: boolean;
  /** null: none, even where the tokenizer has a default. */
  truncation?: TruncationOptions | null;
  /** null: none, even where the tokenizer has a default. */
  padding?: PaddingOptions | null;
}

export interface EncodeOptions extends EncodingOptions {
  /** A second text. */
  pair?: string;
}

export interface EncodeWordsOptions extends EncodingOptions {
  /** A second text, as words. */
  pairWords?: readonly string[];
}

export interface EncodeIdsOptions {
  /** Whether special tokens that are written in the text are plain text there; false by default. */
  encodeSpecialTokens?: boolean;
}

export interface DecodeOptions {
  /** Leave special tokens out; true by default. */
  skipSpecialTokens?: boolean;
}

/** Options that were looked through. */
export interface EncodingPlan {
  readonly addSpecialTokens: boolean;
  readonly encodeSpecialTokens: boolean;
  readonly truncation: Required<TruncationOptions> | undefined;
  readonly padding: Padding | undefined;
}

/** What a tokenizer does where options do not say. */
export interface EncodingDefaults {
  readonly truncation: Required<TruncationOptions> | undefined;
  readonly padding: Padding | undefined;
  /** Finds the id of a pad token that is given by its name. */
  padId(token: string): number;
}

const SHARED = ['addSpecialTokens', 'encodeSpecialTokens', 'truncation', 'padding'];

/**
 * @param own the name of the option that `options` has beyond those of `EncodingOptions`
 * @throws TokenizerError `TOKENIZER_OPTION_UNKNOWN` or `TOKENIZER_OPTION_INVALID`
 */
export function planEncoding(options: EncodingOptions, own: string, defaults: EncodingDefaults): EncodingPlan {
  checkOptions(options, [own, ...SHARED], 'encode');
  const { addSpecialTokens = true, encodeSpecialTokens = false, truncation, padding } = options;
  checkFlag(addSpecialTokens, 'addSpecialTokens');
  checkFlag(encodeSpecialTokens, 'encodeSpecialTokens');
  const given = truncation === undefined ? defaults.truncation : (truncation ?? undefined);
  return {
    addSpecialTokens,
    encodeSpecialTokens,
    truncation: given && checkTruncation(given),
    padding: readPad(padding, defaults),
  };
}

function readPad(padding: PaddingOptions | null | undefined, defaults: EncodingDefaults): Padding | undefined {
  if (padding === undefined) return defaults.padding;
  return padding === null ? undefined : checkPadding(padding, (token) => defaults.padId(token));
}

/** Whether special tokens are plain text. @throws TokenizerError as `planEncoding` */
export function readIdsOptions(options: EncodeIdsOptions): boolean {
  checkOptions(options, ['encodeSpecialTokens'], 'encodeIds');
  const { encodeSpecialTokens = false } = options;
  checkFlag(encodeSpecialTokens, 'encodeSpecialTokens');
  return encodeSpecialTokens;
}

/** Whether `decode` leaves special tokens out. @throws TokenizerError as `planEncoding` */
export function skipsSpecialTokens(options: DecodeOptions): boolean {
  checkOptions(options, ['skipSpecialTokens'], 'decode');
  const { skipSpecialTokens = true } = options;
  checkFlag(skipSpecialTokens, 'skipSpecialTokens');
  return skipSpecialTokens;
}
