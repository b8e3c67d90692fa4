import type { TokenStore } from './token-store.js';

export type MergePair = readonly [left: string, right: string];

/** Merges by the ids of their tokens, as they are read from a file without making strings. */
export class MergeList {
  readonly tokens: TokenStore;
  /** Whether the file had a merge as one line rather than as a pair. */
  readonly lines: boolean;
  /** Left, right and what they make without a prefix (-1: no token), for each merge. */
  readonly ids: Int32Array;

  constructor(tokens: TokenStore, lines: boolean, ids: Int32Array) {
    this.tokens = tokens;
    this.lines = lines;
    this.ids = ids;
  }

  get length(): number {
    return this.ids.length / 3;
  }

  pairs(): MergePair[] {
    const token = (at: number): string => this.tokens.token(this.ids[at])!;
    return Array.from({ length: this.length }, (_, i) => [token(3 * i), token(3 * i + 1)]);
  }
}
