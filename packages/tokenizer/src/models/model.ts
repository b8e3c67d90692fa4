import type { JsonObject } from '../json/fields.js';
import { IntList } from '../text/int-list.js';
import type { Vocabulary } from './vocabulary.js';

/** Where a model puts its tokens: three columns. */
export class TokenSink {
  readonly ids = new IntList();
  /** Units of the text the model was given. */
  readonly starts = new IntList();
  readonly ends = new IntList();
  /** Rows of tokens that show themselves, although the model's `surfaceId` is theirs. */
  readonly themselves = new Set<number>();

  clear(): void {
    if (this.themselves.size > 0) this.themselves.clear();
    this.ids.length = 0;
    this.starts.length = 0;
    this.ends.length = 0;
  }

  /** Keeps the first `count` tokens. */
  truncate(count: number): void {
    this.ids.length = count;
    this.starts.length = count;
    this.ends.length = count;
  }

  /** Makes room for `more` tokens behind the present ones. */
  reserve(more: number): void {
    this.ids.reserve(more);
    this.starts.reserve(more);
    this.ends.reserve(more);
  }

  push(id: number, start: number, end: number): void {
    this.ids.push(id);
    this.starts.push(start);
    this.ends.push(end);
  }
}

/** Turns one piece at a time into tokens of its vocabulary. */
export interface Model {
  readonly vocabulary: Vocabulary;
  /** Tokens with this id show the text they stand for, not the token of the vocabulary. */
  readonly surfaceId?: number | undefined;
  /** Appends the tokens of `text` between the units `from` and `to` (not empty). */
  tokenize(text: string, from: number, to: number, sink: TokenSink): void;
  /** The component as tokenizer.json writes it. */
  toJSON(): JsonObject;
}
