import type { CharSet } from './char-set.js';
import type { Anchor } from './syntax.js';

/** What a state of a program does. */
export const CHAR = 0; // takes one code point of set `a`, then goes to `b`
export const SPLIT = 1; // tries `a`, and `b` where that fails
export const ENTER = 2; // goes to `a`, the beginning of an atomic group
export const LOOK = 3; // goes to `b` where the program at `a` matches from here
export const NOT_LOOK = 4; // goes to `b` where it does not
export const CONDITION = 5; // goes to `b` where condition `a` holds
export const ACCEPT = 6;
export const FAIL = 7;

/** What a position is asked for; look-behinds follow, two each: holds, does not. */
export const AT_START = 0;
export const AT_END = 1;
export const AT_LINE_START = 2;
export const AT_WORD_BOUNDARY = 3;
export const NOT_AT_WORD_BOUNDARY = 4;
export const FIRST_LOOK_BEHIND = 5;

/** The ways in which a look-behind may match: anchors and sets (by number), first to last. */
export type LookBehind = readonly (readonly (number | Anchor)[])[];

/** A compiled pattern: states, and what they refer to. Each comes after those that it goes to at the same position. */
export interface Program {
  readonly operations: Uint8Array;
  /** Where runs of states begin that do the same, at the same level and with the same set; and the number of states. */
  readonly runs: Int32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** How many atomic groups are around each state. */
  readonly levels: Uint8Array;
  readonly start: number;
  /** Where a search begins that starts at the position itself (`\G` holds); often `start`. */
  readonly searchStart: number;
  readonly sets: readonly CharSet[];
  readonly lookBehinds: readonly LookBehind[];
  /** The set of word characters; -1 where no condition asks for it. */
  readonly wordSet: number;
  /** Whether conditions ask for the start of the text, or of a line. */
  readonly usesStart: boolean;
}
