import { TokenizerError } from '../errors.js';

/**
 * A text may grow to `MOST_TIMES` its length and `MOST_OF_ANY` units: a sequence that doubles it a few dozen times must end in an
 * error before it ends in all memory.
 */
const MOST_TIMES = 64;
const MOST_OF_ANY = 1 << 16;

/**
 * A text on its way through normalizers and pre-tokenizers, which remembers for each of its UTF-16 units the range of the
 * original text it came from. Identity costs nothing: only changed texts hold alignments.
 */
export class AlignedText {
  readonly text: string;
  /** False where nobody will ask for offsets; alignments are then not kept. */
  readonly tracked: boolean;
  /** Where the stretch that was normalized begins in the original. */
  readonly origin: number;
  /**
   * How many units at the beginning stand for nothing in the original: what a normalizer put there without a character to
   * take it from. They are 0 but for `Replace` where it matches nothing at the beginning, and `Prepend` of nothing.
   */
  readonly lead: number;
  /** About how long the text may become. */
  readonly most: number;
  readonly #alignment: Alignment | undefined;

  private constructor(
    text: string,
    tracked: boolean,
    origin: number,
    lead: number,
    after?: AlignedText,
    alignment?: Alignment,
  ) {
    this.text = text;
    this.most = after?.most ?? MOST_OF_ANY + MOST_TIMES * text.length;
    this.tracked = tracked;
    this.origin = origin;
    this.lead = lead;
    this.#alignment = alignment;
  }

  /** `origin`: where `text` begins in the original. */
  static of(text: string, origin = 0): AlignedText {
    return new AlignedText(text, true, origin, 0);
  }

  static untracked(text: string): AlignedText {
    return new AlignedText(text, false, 0, 0);
  }

  /** The successor of `source`, as AlignedBuilder writes it. */
  static after(source: AlignedText, text: string, lead: number, alignment: Alignment | undefined): AlignedText {
    return new AlignedText(text, source.tracked, source.origin, lead, source, alignment);
  }

  /** Where unit `i` begins in the original. */
  start(i: number): number {
    return this.#alignment === undefined ? this.origin + i : this.#alignment.starts[i];
  }

  /** Where unit `i` ends in the original. */
  end(i: number): number {
    return this.#alignment === undefined ? this.origin + i + 1 : this.#alignment.ends[i];
  }

  /** The same alignment under a text of the same length, unit for unit. */
  relabel(text: string): AlignedText {
    return new AlignedText(text, this.tracked, this.origin, this.lead, this, this.#alignment);
  }

  /** Writes the alignments of the units `from` to `to` into `into`, from `at` on. */
  copyAlignment(from: number, to: number, into: Alignment, at: number): void {
    if (this.#alignment !== undefined) {
      into.starts.set(this.#alignment.starts.subarray(from, to), at);
      into.ends.set(this.#alignment.ends.subarray(from, to), at);
      return;
    }
    const { starts, ends } = into;
    for (let i = from, k = at, start = this.origin + from; i < to; i++, k++) {
      starts[k] = start++;
      ends[k] = start;
    }
  }
}

/** Start and end in the original of every unit. */
export interface Alignment {
  starts: Int32Array;
  ends: Int32Array;
}

/** The string of `units`. */
export function stringOf(units: Uint16Array): string {
  const parts: string[] = [];
  for (let i = 0; i < units.length; i += 8192) {
    parts.push(String.fromCharCode.apply(null, units.subarray(i, i + 8192) as unknown as number[]));
  }
  return parts.join('');
}

/** Writes the successor of an `AlignedText`, saying for everything it writes which units of the source it stands for. */
export class AlignedBuilder {
  readonly #source: AlignedText;
  readonly #tracked: boolean;
  readonly #sourceLead: number;
  #units: Uint16Array;
  #alignment: Alignment;
  #length = 0;
  #lead = 0;

  /** `expected`: about how many units will be written. */
  constructor(source: AlignedText, expected = source.text.length) {
    const capacity = expected + 16;
    this.#source = source;
    this.#tracked = source.tracked;
    this.#sourceLead = source.lead;
    this.#units = new Uint16Array(capacity);
    const kept = source.tracked ? capacity : 0;
    this.#alignment = { starts: new Int32Array(kept), ends: new Int32Array(kept) };
  }

  /** Units written so far. */
  get length(): number {
    return this.#length;
  }

  /** Writes one unit that stands for the source's units `from` to `to` (at least one). */
  unit(code: number, from: number, to: number): void {
    const i = this.#push(code);
    if (to <= this.#sourceLead && i === this.#lead) this.#lead++;
    if (!this.#tracked) return;
    this.#alignment.starts[i] = this.#source.start(from);
    this.#alignment.ends[i] = this.#source.end(to - 1);
  }

  /** Writes the character `code`, which stands for the source's units `from` to `to`. */
  point(code: number, from: number, to: number): void {
    if (code <= 0xffff) {
      this.unit(code, from, to);
      return;
    }
    this.unit(0xd800 + ((code - 0x10000) >> 10), from, to);
    this.unit(0xdc00 + (code & 0x3ff), from, to);
  }

  /** Writes all of `text`, standing for the source's units `from` to `to`. */
  put(text: string, from: number, to: number): void {
    for (let i = 0; i < text.length; i++) this.unit(text.charCodeAt(i), from, to);
  }

  /** Writes `text`, which stands for nothing: its range is empty and lies where the source's stretch of the original begins. */
  putNowhere(text: string): void {
    for (let k = 0; k < text.length; k++) {
      const i = this.#push(text.charCodeAt(k));
      if (i === this.#lead) this.#lead++;
      if (!this.#tracked) continue;
      this.#alignment.starts[i] = this.#source.origin;
      this.#alignment.ends[i] = this.#source.origin;
    }
  }

  /** Copies the source's units `from` to `to`. */
  copy(from: number, to: number): void {
    const at = this.#length;
    this.#length += to - from;
    while (this.#length > this.#units.length) this.#grow();
    const { text, lead } = this.#source;
    for (let i = from, k = at; i < to; i++, k++) this.#units[k] = text.charCodeAt(i);
    if (at === this.#lead && from < lead) this.#lead += Math.min(to, lead) - from;
    if (this.#tracked) this.#source.copyAlignment(from, to, this.#alignment, at);
  }

  finish(): AlignedText {
    const n = this.#length;
    const text = stringOf(this.#units.subarray(0, n));
    const { starts, ends } = this.#alignment;
    // Little room behind the end is kept, rather than copying all before it.
    const end = n * 2 > starts.length ? 'subarray' : 'slice';
    const alignment = this.#tracked ? { starts: starts[end](0, n), ends: ends[end](0, n) } : undefined;
    return AlignedText.after(this.#source, text, this.#lead, alignment);
  }

  #push(code: number): number {
    if (this.#length === this.#units.length) this.#grow();
    this.#units[this.#length] = code;
    return this.#length++;
  }

  #grow(): void {
    if (this.#units.length > this.#source.most) {
      const message = `Normalizers and pre-tokenizers make more than ${this.#source.most} units of this text; they would make ever more.`;
      throw new TokenizerError('TOKENIZER_TEXT_TOO_LONG', message);
    }
    const capacity = this.#units.length * 2;
    const units = new Uint16Array(capacity);
    units.set(this.#units);
    this.#units = units;
    if (!this.#tracked) return;
    const { starts, ends } = this.#alignment;
    this.#alignment = { starts: new Int32Array(capacity), ends: new Int32Array(capacity) };
    this.#alignment.starts.set(starts);
    this.#alignment.ends.set(ends);
  }
}
