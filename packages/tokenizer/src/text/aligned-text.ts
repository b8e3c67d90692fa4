/**
 * A text on its way through normalizers and pre-tokenizers, which remembers for each of its UTF-16 units the range of the
 * original text it came from. Identity costs nothing: only changed texts hold alignments.
 */
export class AlignedText {
  readonly text: string;
  /** False where nobody will ask for offsets; alignments are then not kept. */
  readonly tracked: boolean;
  readonly #base: number;
  readonly #starts: Int32Array | undefined;
  readonly #ends: Int32Array | undefined;

  private constructor(
    text: string,
    tracked: boolean,
    base: number,
    alignment?: { starts: Int32Array; ends: Int32Array },
  ) {
    this.text = text;
    this.tracked = tracked;
    this.#base = base;
    this.#starts = alignment?.starts;
    this.#ends = alignment?.ends;
  }

  /** `base`: where `text` begins in the original. */
  static of(text: string, base = 0): AlignedText {
    return new AlignedText(text, true, base);
  }

  static untracked(text: string): AlignedText {
    return new AlignedText(text, false, 0);
  }

  static aligned(text: string, starts: Int32Array, ends: Int32Array): AlignedText {
    return new AlignedText(text, true, 0, { starts, ends });
  }

  /** Where unit `i` begins in the original. */
  start(i: number): number {
    return this.#starts === undefined ? this.#base + i : this.#starts[i];
  }

  /** Where unit `i` ends in the original. */
  end(i: number): number {
    return this.#ends === undefined ? this.#base + i + 1 : this.#ends[i];
  }

  /** The same alignment under a text of the same length, unit for unit. */
  relabel(text: string): AlignedText {
    if (this.#starts === undefined) return new AlignedText(text, this.tracked, this.#base);
    return new AlignedText(text, this.tracked, 0, { starts: this.#starts, ends: this.#ends! });
  }
}

/** Writes the successor of an `AlignedText`. */
export class AlignedBuilder {
  readonly #source: AlignedText;
  #units: Uint16Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #length = 0;

  constructor(source: AlignedText) {
    const capacity = source.text.length + 16;
    this.#source = source;
    this.#units = new Uint16Array(capacity);
    this.#starts = new Int32Array(source.tracked ? capacity : 0);
    this.#ends = new Int32Array(source.tracked ? capacity : 0);
  }

  /** Units written so far. */
  get length(): number {
    return this.#length;
  }

  /** Writes one unit that stands for the source's units `from` to `to`. */
  unit(code: number, from: number, to: number): void {
    if (this.#length === this.#units.length) this.#grow();
    const i = this.#length++;
    this.#units[i] = code;
    if (!this.#source.tracked) return;
    this.#starts[i] = this.#source.start(from);
    this.#ends[i] = this.#source.end(to - 1);
  }

  /** Writes all of `text`, standing for the source's units `from` to `to`. */
  put(text: string, from: number, to: number): void {
    for (let i = 0; i < text.length; i++) this.unit(text.charCodeAt(i), from, to);
  }

  /** Copies the source's units `from` to `to`. */
  copy(from: number, to: number): void {
    for (let i = from; i < to; i++) this.unit(this.#source.text.charCodeAt(i), i, i + 1);
  }

  finish(): AlignedText {
    const parts: string[] = [];
    for (let i = 0; i < this.#length; i += 8192) {
      const units = this.#units.subarray(i, Math.min(i + 8192, this.#length));
      parts.push(String.fromCharCode.apply(null, units as unknown as number[]));
    }
    const text = parts.join('');
    if (!this.#source.tracked) return AlignedText.untracked(text);
    return AlignedText.aligned(text, this.#starts.slice(0, this.#length), this.#ends.slice(0, this.#length));
  }

  #grow(): void {
    const capacity = this.#units.length * 2;
    const units = new Uint16Array(capacity);
    units.set(this.#units);
    this.#units = units;
    if (!this.#source.tracked) return;
    const starts = new Int32Array(capacity);
    starts.set(this.#starts);
    this.#starts = starts;
    const ends = new Int32Array(capacity);
    ends.set(this.#ends);
    this.#ends = ends;
  }
}
