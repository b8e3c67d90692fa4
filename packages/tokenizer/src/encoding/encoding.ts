import { type Columns, concatColumns, sliceColumns } from './columns.js';

export type Span = readonly [start: number, end: number];

/** What a text became. Typed arrays hold one value per token; the rest is computed when first asked for. */
export class Encoding {
  readonly ids: Int32Array;
  readonly typeIds: Int32Array;
  /** 1 for tokens, 0 for padding. */
  readonly attentionMask: Uint8Array;
  /** 1 for tokens that a template or padding put in. */
  readonly specialTokensMask: Uint8Array;
  /** What truncation cut off, piece by piece, each made like this encoding. */
  readonly overflowing: readonly Encoding[];
  /** @internal */
  readonly columns: Columns;
  /** @internal */
  readonly tokenOf: (id: number) => string | undefined;
  #tokens: string[] | undefined;
  #offsets: Span[] | undefined;

  /** @internal */
  constructor(columns: Columns, tokenOf: (id: number) => string | undefined, overflowing: readonly Encoding[] = []) {
    this.columns = columns;
    this.tokenOf = tokenOf;
    this.overflowing = overflowing;
    this.ids = columns.ids;
    this.typeIds = columns.typeIds;
    this.attentionMask = columns.attentionMask;
    this.specialTokensMask = columns.specialTokensMask;
  }

  /** Number of tokens. */
  get length(): number {
    return this.ids.length;
  }

  get tokens(): readonly string[] {
    const { surfaces } = this.columns;
    this.#tokens ??= Array.from(this.ids, (id, i) => surfaces.get(i) ?? this.tokenOf(id) ?? '');
    return this.#tokens;
  }

  /**
   * Start and end of each token in its own text, in UTF-16 units: `text.slice(...offsets[i])`. Special tokens and padding
   * have [0, 0]. The offsets of the pair refer to the pair.
   */
  get offsets(): readonly Span[] {
    this.#offsets ??= Array.from(this.ids, (_, i) => this.#span(i));
    return this.#offsets;
  }

  /** Which word of its sequence each token belongs to; null for special tokens and padding. */
  get wordIds(): (number | null)[] {
    return Array.from(this.columns.words, (word) => (word < 0 ? null : word));
  }

  /** 0 for tokens of the text, 1 for those of the pair, null for special tokens and padding. */
  get sequenceIds(): (number | null)[] {
    return Array.from(this.columns.sequences, (sequence) => (sequence < 0 ? null : sequence));
  }

  /** The token that holds the unit `position` of the text (or of the pair: `sequence` 1). */
  charToToken(position: number, sequence = 0): number | undefined {
    const { spans, sequences } = this.columns;
    for (let i = 0; i < this.length; i++) {
      if (sequences[i] === sequence && position >= spans[2 * i] && position < spans[2 * i + 1]) return i;
    }
    return undefined;
  }

  /** The word that holds the unit `position`. */
  charToWord(position: number, sequence = 0): number | undefined {
    const token = this.charToToken(position, sequence);
    return token === undefined ? undefined : this.tokenToWord(token);
  }

  /** Offsets of a token in its sequence; undefined for special tokens and padding. */
  tokenToChars(token: number): Span | undefined {
    return this.tokenToSequence(token) === undefined ? undefined : this.#span(token);
  }

  tokenToWord(token: number): number | undefined {
    const word = this.columns.words[token];
    return word === undefined || word < 0 ? undefined : word;
  }

  tokenToSequence(token: number): number | undefined {
    const sequence = this.columns.sequences[token];
    return sequence === undefined || sequence < 0 ? undefined : sequence;
  }

  /** First token of a word, and the one behind its last. */
  wordToTokens(word: number, sequence = 0): Span | undefined {
    const { words, sequences } = this.columns;
    let first = -1;
    let last = -1;
    for (let i = 0; i < this.length; i++) {
      if (words[i] !== word || sequences[i] !== sequence) continue;
      if (first < 0) first = i;
      last = i;
    }
    return first < 0 ? undefined : [first, last + 1];
  }

  /** Offsets of a whole word. */
  wordToChars(word: number, sequence = 0): Span | undefined {
    const range = this.wordToTokens(word, sequence);
    return range && [this.columns.spans[2 * range[0]], this.columns.spans[2 * range[1] - 1]];
  }

  /** @internal The same with other columns. */
  with(columns: Columns, overflowing: readonly Encoding[] = this.overflowing): Encoding {
    return new Encoding(columns, this.tokenOf, overflowing);
  }

  /** @internal Tokens `from` to `to`, without overflow. */
  slice(from: number, to: number): Encoding {
    return this.with(sliceColumns(this.columns, from, to), []);
  }

  /**
   * @internal One encoding after the other. Every overflowing part of one is combined with the others and with their
   * overflowing parts.
   */
  static concat(parts: readonly Encoding[]): Encoding {
    const [first, ...rest] = parts;
    if (parts.every((part) => part.overflowing.length === 0)) {
      return first.with(concatColumns(parts.map((part) => part.columns)), []);
    }
    return rest.reduce((left, right) => {
      const join = (a: Encoding, b: Encoding) => a.with(concatColumns([a.columns, b.columns]), []);
      const overflowing = left.overflowing.flatMap((a) => [right, ...right.overflowing].map((b) => join(a, b)));
      for (const b of right.overflowing) overflowing.push(join(left, b));
      return left.with(concatColumns([left.columns, right.columns]), overflowing);
    }, first);
  }

  #span(i: number): Span {
    return [this.columns.spans[2 * i], this.columns.spans[2 * i + 1]];
  }
}
