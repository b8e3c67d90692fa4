import { joinRanges, NO_RANGES, type Ranges, rangeOf, sequenceAt, shiftRanges, withRange } from './ranges.js';
import { countRows, gather, type Segment, sliceSegments, spread, wholeRun } from './segment.js';
import { TextRun, type TokenSource } from './token-run.js';

export type Span = readonly [start: number, end: number];
type TokenOf = (id: number) => string | undefined;

/** An encoding as plain data. */
export interface EncodingColumns {
  ids: number[];
  tokens: readonly string[];
  typeIds: number[];
  attentionMask: number[];
  specialTokensMask: number[];
  offsets: readonly Span[];
  wordIds: (number | null)[];
  sequenceIds: (number | null)[];
  overflowing: EncodingColumns[];
}

/** Columns that were asked for. */
class Columns {
  ids: Int32Array | undefined = undefined;
  typeIds: Int32Array | undefined = undefined;
  attentionMask: Uint8Array | undefined = undefined;
  specialTokensMask: Uint8Array | undefined = undefined;
  spans: Int32Array | undefined = undefined;
  codePointSpans: Int32Array | undefined = undefined;
  words: Int32Array | undefined = undefined;
  sequences: Int32Array | undefined = undefined;
  tokens: readonly string[] | undefined = undefined;
  offsets: readonly Span[] | undefined = undefined;
  codePointOffsets: readonly Span[] | undefined = undefined;
  overflowing: readonly Encoding[] | undefined = undefined;
}

const NONE: readonly Encoding[] = [];

/**
 * What a text became. Every column is computed when it is first asked for and then kept; typed arrays hold one value per
 * token (`spans` two) and are shared: copy one before writing to it.
 */
export class Encoding {
  /** Number of tokens. */
  readonly length: number;
  /** @internal */
  readonly segments: readonly Segment[];
  /** @internal */
  readonly ranges: Ranges;
  /** @internal */
  readonly tokenOf: TokenOf;
  readonly #overflow: (() => readonly Encoding[]) | undefined;
  /** Most encodings are on the way to others: these are asked for nothing. */
  #columns: Columns | undefined;

  /** @internal */
  constructor(
    segments: readonly Segment[],
    tokenOf: TokenOf,
    ranges: Ranges = NO_RANGES,
    overflow?: () => readonly Encoding[],
  ) {
    this.segments = segments;
    this.length = countRows(segments);
    this.tokenOf = tokenOf;
    this.ranges = ranges;
    this.#overflow = overflow;
  }

  /** @internal The tokens of a text (`typeId` 0) or of a pair (1). `tokenOf`: the token of an id. */
  static fromTokens(source: TokenSource, typeId: number, tokenOf: TokenOf): Encoding {
    return new Encoding([wholeRun(new TextRun(source), typeId, 1, 0)], tokenOf);
  }

  get ids(): Int32Array {
    const columns = this.#asked();
    columns.ids ??= gather(this.segments, (run) => run.ids, 0);
    return columns.ids;
  }

  get typeIds(): Int32Array {
    const columns = this.#asked();
    columns.typeIds ??= spread(this.segments, new Int32Array(this.length), (segment) => segment.typeId);
    return columns.typeIds;
  }

  /** 1 for tokens, 0 for padding. */
  get attentionMask(): Uint8Array {
    const columns = this.#asked();
    columns.attentionMask ??= spread(this.segments, new Uint8Array(this.length), (segment) => segment.attention);
    return columns.attentionMask;
  }

  /** 1 for tokens that a template or padding put in. */
  get specialTokensMask(): Uint8Array {
    const columns = this.#asked();
    columns.specialTokensMask ??= spread(this.segments, new Uint8Array(this.length), (segment) => segment.special);
    return columns.specialTokensMask;
  }

  /** Start and end of each token, one after the other: `offsets` as a typed array. */
  get spans(): Int32Array {
    const columns = this.#asked();
    columns.spans ??= gather(this.segments, (run, into) => run.spans(into), 0, 2);
    return columns.spans;
  }

  /** `codePointOffsets` as a typed array. */
  get codePointSpans(): Int32Array {
    const columns = this.#asked();
    columns.codePointSpans ??= gather(this.segments, (run) => run.codePointSpans(), 0, 2);
    return columns.codePointSpans;
  }

  /** `wordIds` as a typed array, -1 for null. */
  get words(): Int32Array {
    const columns = this.#asked();
    columns.words ??= gather(this.segments, (run, into) => run.words(into), -1);
    return columns.words;
  }

  /** `sequenceIds` as a typed array, -1 for null. */
  get sequences(): Int32Array {
    const columns = this.#asked();
    columns.sequences ??= this.#findSequences();
    return columns.sequences;
  }

  get tokens(): readonly string[] {
    const columns = this.#asked();
    columns.tokens ??= this.#findTokens();
    return columns.tokens;
  }

  /**
   * Start and end of each token in its own text, in UTF-16 units: `text.slice(...offsets[i])`. Special tokens and padding
   * have [0, 0]. The offsets of the pair refer to the pair, those of words that were given one by one to the word.
   */
  get offsets(): readonly Span[] {
    const columns = this.#asked();
    columns.offsets ??= pairs(this.spans);
    return columns.offsets;
  }

  /** The same in code points, as Python counts. */
  get codePointOffsets(): readonly Span[] {
    const columns = this.#asked();
    columns.codePointOffsets ??= pairs(this.codePointSpans);
    return columns.codePointOffsets;
  }

  /** Which word of its sequence each token belongs to; null for special tokens and padding. */
  get wordIds(): (number | null)[] {
    return Array.from(this.words, orNull);
  }

  /**
   * 0 for tokens of the text, 1 for those of the pair, null for special tokens and padding. (Where there is one sequence
   * and no post-processor, padding counts to it.)
   */
  get sequenceIds(): (number | null)[] {
    return Array.from(this.sequences, orNull);
  }

  /** Number of sequences: 1, or 2 with a pair. */
  get sequenceCount(): number {
    return this.ranges.length === 0 ? 1 : this.ranges.length / 3;
  }

  /**
   * What truncation cut off, part by part, each made like this encoding. With a pair of which both were cut: every part of
   * one with every part of the other; each such part has an `overflowing` of its own.
   */
  get overflowing(): readonly Encoding[] {
    const columns = this.#asked();
    columns.overflowing ??= this.#overflow?.() ?? NONE;
    return columns.overflowing;
  }

  /** The token that holds the unit `position` of the text (or of the pair: `sequence` 1). */
  charToToken(position: number, sequence = 0): number | undefined {
    const { spans } = this;
    const [from, to] = rangeOf(this.ranges, sequence, this.length);
    for (let i = from; i < to; i++) if (position >= spans[2 * i] && position < spans[2 * i + 1]) return i;
    return undefined;
  }

  /** The word that holds the unit `position`. */
  charToWord(position: number, sequence = 0): number | undefined {
    const token = this.charToToken(position, sequence);
    return token === undefined ? undefined : this.tokenToWord(token);
  }

  /** Offsets of a token in its sequence; undefined for special tokens and padding. */
  tokenToChars(token: number): Span | undefined {
    if (token >= this.length || this.tokenToSequence(token) === undefined) return undefined;
    return [this.spans[2 * token], this.spans[2 * token + 1]];
  }

  tokenToWord(token: number): number | undefined {
    const word = this.words[token];
    return word === undefined || word < 0 || this.tokenToSequence(token) === undefined ? undefined : word;
  }

  tokenToSequence(token: number): number | undefined {
    if (!(token >= 0 && token < this.length)) return undefined;
    return this.ranges.length === 0 ? 0 : sequenceAt(this.ranges, token);
  }

  /** First token of a word, and the one behind its last. */
  wordToTokens(word: number, sequence = 0): Span | undefined {
    const { words } = this;
    const [from, to] = rangeOf(this.ranges, sequence, this.length);
    let first = -1;
    let last = -1;
    for (let i = from; i < to && words[i] <= word; i++) {
      if (words[i] !== word || word < 0) continue;
      if (first < 0) first = i;
      last = i;
    }
    return first < 0 ? undefined : [first, last + 1];
  }

  /** Offsets of a whole word. */
  wordToChars(word: number, sequence = 0): Span | undefined {
    const range = this.wordToTokens(word, sequence);
    return range && [this.spans[2 * range[0]], this.spans[2 * range[1] - 1]];
  }

  /** All columns as plain arrays: what to spread or to send, since the columns of this object are getters. */
  toJSON(): EncodingColumns {
    return {
      ids: Array.from(this.ids),
      tokens: this.tokens,
      typeIds: Array.from(this.typeIds),
      attentionMask: Array.from(this.attentionMask),
      specialTokensMask: Array.from(this.specialTokensMask),
      offsets: this.offsets,
      wordIds: this.wordIds,
      sequenceIds: this.sequenceIds,
      overflowing: this.overflowing.map((part) => part.toJSON()),
    };
  }

  /** What `console.log` shows in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.toJSON();
  }

  /** @internal Whether truncation cut something off; asking computes nothing. */
  get overflows(): boolean {
    return this.#overflow !== undefined;
  }

  /** @internal The same with other segments; `overflow` keeps its own by default. */
  with(segments: readonly Segment[], ranges = this.ranges, overflow = this.#overflow): Encoding {
    return new Encoding(segments, this.tokenOf, ranges, overflow);
  }

  /** @internal `change` applied to this and to all that overflowed of it. */
  withAll(change: (encoding: Encoding) => Encoding): Encoding {
    const changed = change(this);
    if (!this.overflows) return changed;
    return changed.with(changed.segments, changed.ranges, this.#overflow && (() => this.overflowing.map(change)));
  }

  /** @internal All tokens under one type id; what overflowed keeps its own. */
  withTypeId(typeId: number): Encoding {
    if (this.segments.every((segment) => segment.typeId === typeId)) return this;
    return this.with(this.segments.map((segment) => ({ ...segment, typeId })));
  }

  /** @internal All tokens as those of one sequence. */
  withSequence(sequence: number): Encoding {
    return this.with(this.segments, withRange(this.ranges, sequence, 0, this.length));
  }

  /** @internal Tokens `from` to `to`, without ranges and overflow. */
  slice(from: number, to: number): Encoding {
    return new Encoding(sliceSegments(this.segments, from, to), this.tokenOf);
  }

  /** @internal `padding` before or behind the tokens. What overflowed is given by `overflow`. */
  padded(padding: Segment, left: boolean, overflow: (() => readonly Encoding[]) | undefined): Encoding {
    if (!left) return this.with([...this.segments, padding], this.ranges, overflow);
    return this.with([padding, ...this.segments], shiftRanges(this.ranges, padding.to - padding.from), overflow);
  }

  /**
   * @internal One encoding after the other. Every overflowing part of one is combined with the others and with their
   * overflowing parts, as the Rust library does.
   */
  static merge(parts: readonly Encoding[], tokenOf: TokenOf): Encoding {
    if (parts.length === 1) return parts[0];
    if (parts.some((part) => part.overflows)) return parts.reduce(mergeTwo);
    const segments: Segment[] = [];
    let ranges = NO_RANGES;
    let length = 0;
    for (const part of parts) {
      for (const segment of part.segments) segments.push(segment);
      ranges = joinRanges(ranges, part.ranges, length);
      length += part.length;
    }
    return new Encoding(segments, tokenOf, ranges);
  }

  #asked(): Columns {
    this.#columns ??= new Columns();
    return this.#columns;
  }

  #findTokens(): string[] {
    const tokens: string[] = [];
    for (const { run, from, to } of this.segments) {
      for (let i = from; i < to; i++) tokens.push(run.surface(i) ?? this.tokenOf(run.ids[i]) ?? '');
    }
    return tokens;
  }

  #findSequences(): Int32Array {
    const sequences = new Int32Array(this.length).fill(-1);
    for (let sequence = 0; sequence < this.sequenceCount; sequence++) {
      const [from, to] = rangeOf(this.ranges, sequence, this.length);
      sequences.fill(sequence, from, to);
    }
    return sequences;
  }
}

function mergeTwo(left: Encoding, right: Encoding): Encoding {
  const segments = [...left.segments, ...right.segments];
  const ranges = joinRanges(left.ranges, right.ranges, left.length);
  if (!left.overflows && !right.overflows) return left.with(segments, ranges);
  return left.with(segments, ranges, () => {
    const parts: Encoding[] = [];
    for (const part of left.overflowing) {
      parts.push(mergeTwo(part, right));
      for (const other of right.overflowing) parts.push(mergeTwo(part, other));
    }
    for (const other of right.overflowing) parts.push(mergeTwo(left, other));
    return parts;
  });
}

function pairs(spans: Int32Array): Span[] {
  const out: Span[] = new Array(spans.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = [spans[2 * i], spans[2 * i + 1]];
  return out;
}

function orNull(value: number): number | null {
  return value < 0 ? null : value;
}
