import type { JsonObject } from '../../src/index.js';

/** A token to add after loading, with the fields of tokenizer.json. */
export interface AddedSpec {
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
  special: boolean;
}

/** One thing to do with a tokenizer; `again`: ids after saving and loading. `special`: add special tokens; `skip`: leave them out. */
export type Run =
  | { kind: 'encode'; text: string; pair?: string; special: boolean }
  | { kind: 'batch'; texts: string[]; special: boolean }
  | { kind: 'decode'; ids: number[]; skip: boolean }
  | { kind: 'stream'; ids: number[]; skip: boolean }
  | { kind: 'again'; text: string }
  | { kind: 'json' };

/** A tokenizer, and what to do with it. */
export interface Case {
  config: JsonObject;
  added: AddedSpec[];
  runs: Run[];
}

/** All there is to an encoding; offsets in UTF-16 units, one number after the other. */
export interface Described {
  ids: number[];
  tokens: string[];
  typeIds: number[];
  attentionMask: number[];
  specialTokensMask: number[];
  wordIds: (number | null)[];
  sequenceIds: (number | null)[];
  offsets: number[];
  /** What the offsets are as well, where that is not certain. */
  otherwise?: number[];
  overflowing: Described[];
}

/** Oracle's encodings, texts and JSON; or that it raised something. */
export type Result = { value: unknown } | { error: string };

/** What a library made of a case. `error`: it did not load. */
export type Outcome = { value: { added: number[]; results: Result[] } } | { error: string };
