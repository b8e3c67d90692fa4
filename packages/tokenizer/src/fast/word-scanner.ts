import type { Utf8Buffer } from './utf8-buffer.js';
import type { WordEncoder, WordTokens } from './word-encoder.js';

/**
 * Finds the words of UTF-8 text and takes the tokens of those that a table holds: what `scanGpt2Bytes` or `bertEncoder` and
 * `WordEncoder` do one after the other, at once and in another language, over the same memory. It keeps nothing between
 * calls, and stops at whatever it does not know; the table is filled by those who call it.
 *
 * The state is an `Int32Array` of `SCAN_STATES`, the places below. Entries and pool are a `WordTable`'s. Kinds are one byte
 * for every code point: `CLASSES` for the rules of GPT-2; for BERT's, the kinds of bert-words.ts, 0 where not known yet.
 */
export interface WordScanner {
  /**
   * Goes on at `state[SCAN_POSITION]`, and writes tokens after the first `state[SCAN_TOKENS]`. `records` is given where
   * places are asked for: it is written to after the first `state[SCAN_WORDS]` words, as `WordPlaces` reads it. Behind the text, bytes have one 0xff and 31 others.
   * @returns `SCAN_DONE`; `SCAN_WORD` after a word that is not in the table or too long for it, which is at `SCAN_FROM` to
   * `SCAN_TO` and begins at the unit `SCAN_WORD_UNIT`; `SCAN_KIND` where the kind of the character at `SCAN_FROM` is 0;
   * `SCAN_POOLED`, where places are asked for, after a word that begins at `SCAN_WORD_UNIT`, whose entry at `SCAN_FROM` holds
   * only the place of its tokens.
   * @throws an error with a `code` where the arrays do not fit each other
   */
  scanWords(
    state: Int32Array,
    bytes: Uint8Array,
    kinds: Uint8Array,
    entries: Int32Array,
    pool: Int32Array,
    ids: Int32Array,
    records?: Int32Array,
  ): number;
}

/** `RULES_GPT2` or `RULES_BERT`. */
export const SCAN_RULES = 0;
/** Bytes of the text. */
export const SCAN_LENGTH = 1;
/** The table's `shift`, and from the next place on its five multipliers. */
export const SCAN_SHIFT = 2;
export const SCAN_MULTIPLIERS = 3;
/** Where to go on, in bytes. */
export const SCAN_POSITION = 8;
/** Tokens so far. */
export const SCAN_TOKENS = 9;
/** Words so far. Only where places are asked for, as all that follows of units. */
export const SCAN_WORDS = 10;
/** UTF-16 units before the position. */
export const SCAN_UNIT = 11;
export const SCAN_FROM = 12;
export const SCAN_TO = 13;
export const SCAN_WORD_UNIT = 14;
export const SCAN_STATES = 15;

export const RULES_GPT2 = 0;
export const RULES_BERT = 1;

export const SCAN_DONE = 0;
export const SCAN_WORD = 1;
export const SCAN_KIND = 2;
export const SCAN_POOLED = 3;

/** How the words of a tokenizer are found, for scanners. */
export interface ScanPlan {
  readonly rules: number;
  readonly kinds: Uint8Array;
  /** Bytes to a UTF-16 unit above which most words are too long for the table: two passes are faster than as many calls. */
  readonly densest: number;
  /** Finds out the kind of a character, and writes it into `kinds`. */
  learn?(code: number): void;
}

/** The tokens of all words of a text, to `out`; false where two passes are better. `tracked`: with places. */
export type EncodeScanned = (text: Utf8Buffer, tracked: boolean, out: WordTokens) => boolean;

/**
 * What makes encoders over a scanner: nothing, until `useWordScanner` has put it here. Kept apart from it, so that bundles
 * that do not call that go without.
 */
export const scanning: { encoderOf?: (plan: ScanPlan, words: WordEncoder) => EncodeScanned | undefined } = {};
