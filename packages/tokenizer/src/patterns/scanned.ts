import type { JsonObject } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';

/** A regular expression whose matches a scanner finds that was written for it. */
export class ScannedPattern {
  readonly source: string;
  /** Appends the bounds of all matches, which cover the range without gaps. */
  readonly scan: (text: string, from: number, to: number, bounds: IntList) => void;

  constructor(source: string, scan: (text: string, from: number, to: number, bounds: IntList) => void) {
    this.source = source;
    this.scan = scan;
  }

  /** See `Pattern.findAll`. */
  findAll(text: string, from: number, to: number, out: IntList): void {
    this.scan(text, from, to, out);
  }

  toJSON(): JsonObject {
    return { Regex: this.source };
  }
}
