import { astral, codePointTable } from './code-points.js';

/** A column, or what computes it when it is first asked for. */
export type Lazy<T> = T | (() => T);

/** The same for numbers, which may be written into an array that is given (all zeros, and as long as they are). */
export type LazyColumn = Int32Array | ((into?: Int32Array) => Int32Array);

/** Tokens of one text, as a tokenizer's pipeline gives them to `Encoding.fromTokens`. */
export interface TokenSource {
  readonly ids: Int32Array;
  /** Start and end of each token, in UTF-16 units of `text`. */
  readonly spans: LazyColumn;
  /** Word of each token. */
  readonly words: LazyColumn;
  /** The text that `spans` refer to. */
  readonly text: string;
  /** Tokens whose text is not that of their id (added tokens together with white space they took), by row. */
  readonly surfaces?: Lazy<ReadonlyMap<number, string>>;
}

/**
 * Tokens that stand for one text, or for none as special tokens and padding do. Encodings are put together from stretches
 * of runs; whatever a run has is computed once for all of them.
 */
export interface TokenRun {
  readonly ids: Int32Array;
  /** What the spans refer to. */
  readonly text?: string;
  /**
   * Start and end of each token in UTF-16 units; undefined: all are 0, 0. `into`: they may be written there instead, once, by
   * runs that would have to make an array.
   */
  spans(into?: Int32Array): Int32Array | undefined;
  /** The same in code points. */
  codePointSpans(): Int32Array | undefined;
  /** Undefined: no token belongs to a word. `into`: likewise. */
  words(into?: Int32Array): Int32Array | undefined;
  /** The text of the token in `row`, where it is not that of its id. */
  surface(row: number): string | undefined;
}

function force<T>(value: Lazy<T>): T {
  return typeof value === 'function' ? (value as () => T)() : value;
}

export class TextRun implements TokenRun {
  readonly ids: Int32Array;
  readonly text: string;
  #spans: LazyColumn;
  #words: LazyColumn;
  #surfaces: Lazy<ReadonlyMap<number, string>> | undefined;
  #codePointSpans: Int32Array | undefined;

  constructor(source: TokenSource) {
    this.ids = source.ids;
    this.text = source.text;
    this.#spans = source.spans;
    this.#words = source.words;
    this.#surfaces = source.surfaces;
  }

  spans(into?: Int32Array): Int32Array {
    if (typeof this.#spans !== 'function') return this.#spans;
    if (into !== undefined) return this.#spans(into);
    this.#spans = this.#spans();
    return this.#spans;
  }

  codePointSpans(): Int32Array {
    this.#codePointSpans ??= this.#toCodePoints();
    return this.#codePointSpans;
  }

  words(into?: Int32Array): Int32Array {
    if (typeof this.#words !== 'function') return this.#words;
    if (into !== undefined) return this.#words(into);
    this.#words = this.#words();
    return this.#words;
  }

  surface(row: number): string | undefined {
    if (this.#surfaces === undefined) return undefined;
    this.#surfaces = force(this.#surfaces);
    return this.#surfaces.get(row);
  }

  #toCodePoints(): Int32Array {
    const spans = this.spans();
    if (!astral(this.text)) return spans;
    const table = codePointTable(this.text);
    return spans.map((unit) => table[unit]);
  }
}

/** Tokens of no text. `tokens`: the text of each, or of all. */
export class FixedRun implements TokenRun {
  readonly ids: Int32Array;
  readonly #tokens: readonly string[] | string;

  constructor(ids: Int32Array, tokens: readonly string[] | string) {
    this.ids = ids;
    this.#tokens = tokens;
  }

  spans(): undefined {
    return undefined;
  }

  codePointSpans(): undefined {
    return undefined;
  }

  words(): undefined {
    return undefined;
  }

  surface(row: number): string {
    return typeof this.#tokens === 'string' ? this.#tokens : this.#tokens[row];
  }
}

/** A run whose every token belongs to one word, as a word that was given by itself does. */
export class OneWordRun implements TokenRun {
  readonly ids: Int32Array;
  readonly text: string | undefined;
  readonly #run: TokenRun;
  readonly #word: number;

  constructor(run: TokenRun, word: number) {
    this.ids = run.ids;
    this.text = run.text;
    this.#run = run;
    this.#word = word;
  }

  spans(): Int32Array | undefined {
    return this.#run.spans();
  }

  codePointSpans(): Int32Array | undefined {
    return this.#run.codePointSpans();
  }

  words(): Int32Array {
    return new Int32Array(this.ids.length).fill(this.#word);
  }

  surface(row: number): string | undefined {
    return this.#run.surface(row);
  }
}
