import { invalidPattern, type Source, unsupportedPattern } from './syntax.js';

/** How many ends of intervals all classes of a pattern may have together, counted as often as they are worked on. */
const MAX_CLASS_WORK = 4_000_000;

/** Reads the code points of a pattern one after the other. */
export class PatternReader {
  readonly source: Source;
  readonly #text: string;
  at = 0;
  #classWork = 0;

  constructor(source: Source) {
    this.source = source;
    this.#text = source.pattern;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  /** The code point that comes next; -1 at the end. */
  peek(): number {
    return this.done ? -1 : this.#text.codePointAt(this.at)!;
  }

  /** Whether `text` comes next. */
  sees(text: string): boolean {
    return this.#text.startsWith(text, this.at);
  }

  /** Whether `text` comes later on. */
  seesLater(text: string): boolean {
    return this.#text.indexOf(text, this.at) >= 0;
  }

  /** Skips `text` where it comes next. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  /** Takes the next code point. `missing`: what the error says at the end. */
  next(missing: string): number {
    if (this.done) throw this.invalid(missing);
    const code = this.peek();
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  /** The digits in `base` that come next, at most `most` of them, as they stand. */
  digits(base: 8 | 10 | 16, most: number): string {
    const start = this.at;
    while (this.at - start < most && !this.done && digitValue(this.#text.charCodeAt(this.at)) < base) this.at++;
    return this.#text.slice(start, this.at);
  }

  /** The text from `start` to here. */
  since(start: number): string {
    return this.#text.slice(start, this.at);
  }

  /** Position of `text` from here on; -1 where it does not come. */
  find(text: string): number {
    return this.#text.indexOf(text, this.at);
  }

  /** Says that a class of `size` ends of intervals is about to be worked on. */
  spend(size: number): void {
    this.#classWork += size;
    if (this.#classWork > MAX_CLASS_WORK) throw this.unsupported('a pattern with so many large classes');
  }

  invalid(what: string, at = this.at): Error {
    return invalidPattern(this.source, at, what);
  }

  unsupported(what: string, at = this.at): Error {
    return unsupportedPattern(this.source, at, what);
  }
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 99;
}
