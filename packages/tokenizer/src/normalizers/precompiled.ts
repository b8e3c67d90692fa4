import { type Fields, type JsonObject, malformed } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { fromBase64 } from '../text/base64.js';
import { Transform } from '../text/transform.js';
import { GraphemeScanner } from '../unicode/graphemes.js';
import { CharsMap } from './chars-map.js';
import type { Normalizer } from './normalizer.js';

/** Longer clusters (in UTF-8) are looked up character by character. */
const LONGEST_CLUSTER = 5;

function utf8Length(text: string, from: number, to: number): number {
  let bytes = 0;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    // Half of a surrogate pair is half of four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}

function count(text: string, from: number, to: number): number {
  let points = 0;
  for (let i = from; i < to; points++) i += text.codePointAt(i)! > 0xffff ? 2 : 1;
  return points;
}

/** Writes what Precompiled replaces, with the library's reckoning of which character stands for which. */
class Rewriting {
  readonly #source: string;
  readonly #out: Transform;
  /** The character written last, which still may come to stand for more; -1 at the beginning. */
  #code = -1;
  #change = 0;
  /** All before this is written. */
  #kept = 0;

  constructor(source: AlignedText) {
    this.#source = source.text;
    this.#out = new Transform(source);
  }

  /** Writes `text` for the units `from` to `to`. */
  replace(from: number, to: number, text: string): void {
    this.#keep(from);
    this.#kept = to;
    const old = count(this.#source, from, to);
    let written = 0;
    for (const character of text) this.#write(character.codePointAt(0)!, written++ < old ? 0 : 1);
    // What was removed goes to the character before. At the beginning there is none, and all that follows stands for what is
    // before its place. That is the library's way, and so is that a new character before a removed one takes its place.
    if (written < old && this.#code >= 0) this.#change += written - old;
  }

  finish(): AlignedText {
    this.#keep(this.#source.length);
    this.#flush();
    return this.#out.finish();
  }

  #keep(to: number): void {
    if (to <= this.#kept) return;
    this.#flush();
    const unit = this.#source.charCodeAt(to - 1);
    const last = unit >= 0xdc00 && unit <= 0xdfff ? to - 2 : to - 1;
    this.#out.keep(this.#kept, last);
    this.#code = this.#source.codePointAt(last)!;
    this.#change = 0;
  }

  #write(code: number, change: number): void {
    this.#flush();
    this.#code = code;
    this.#change = change;
  }

  #flush(): void {
    if (this.#code >= 0) this.#out.write(this.#code, this.#change);
    this.#code = -1;
  }
}

/**
 * SentencePiece's compiled normalization rules, applied as the Rust library does: to grapheme clusters of at most five bytes,
 * of which the shortest entry that they begin with replaces the whole, and else to characters.
 */
export class PrecompiledNormalizer implements Normalizer {
  readonly #base64: string;
  readonly #map: CharsMap;
  readonly #graphemes = new GraphemeScanner();
  /** 1 for every code unit that is known to stay by itself. */
  readonly #stays = new Uint8Array(0x10000);
  /** What becomes of single characters: of those met so far. */
  readonly #known = new Map<number, string | undefined>();

  constructor(base64: string, where = 'normalizer.precompiled_charsmap') {
    const bytes = fromBase64(base64);
    if (bytes === undefined) throw malformed(where, 'expected base64, padded and without white space');
    this.#base64 = base64;
    this.#map = new CharsMap(bytes, where);
  }

  static read(fields: Fields): PrecompiledNormalizer {
    return new PrecompiledNormalizer(fields.string('precompiled_charsmap'), `${fields.where}.precompiled_charsmap`);
  }

  normalize(text: AlignedText): AlignedText {
    const source = text.text;
    let out: Rewriting | undefined;
    const replace = (from: number, to: number, by: string | undefined): boolean => {
      if (by === undefined) return false;
      out ??= new Rewriting(text);
      out.replace(from, to, by);
      return true;
    };
    for (let i = this.#firstChange(source, 0); i < source.length; i = this.#firstChange(source, i)) {
      const start = i;
      i = this.#clusterEnd(source, start);
      const code = source.codePointAt(start)!;
      if (i - start === (code > 0xffff ? 2 : 1)) {
        replace(start, i, this.#single(source, start, i));
        continue;
      }
      if (utf8Length(source, start, i) <= LONGEST_CLUSTER && replace(start, i, this.#map.find(source, start, i)))
        continue;
      for (let k = start; k < i; ) {
        const next = k + (source.codePointAt(k)! > 0xffff ? 2 : 1);
        replace(k, next, this.#single(source, k, next));
        k = next;
      }
    }
    return out === undefined ? text : out.finish();
  }

  toJSON(): JsonObject {
    return { type: 'Precompiled', precompiled_charsmap: this.#base64 };
  }

  /** Skips what is known to stay and cannot be in a cluster with others. */
  #firstChange(text: string, from: number): number {
    const stays = this.#stays;
    let i = from;
    let unit = text.charCodeAt(i);
    while (stays[unit] === 1) {
      const next = text.charCodeAt(i + 1);
      if (!this.#graphemes.alone(unit, next)) return i;
      unit = next;
      i++;
    }
    return i;
  }

  #clusterEnd(text: string, i: number): number {
    const alone = this.#graphemes.alone(text.charCodeAt(i), text.charCodeAt(i + 1));
    return alone ? i + 1 : this.#graphemes.end(text, i);
  }

  #single(text: string, from: number, to: number): string | undefined {
    const code = text.codePointAt(from)!;
    let by = this.#known.get(code);
    if (by === undefined && !this.#known.has(code)) {
      by = this.#map.find(text, from, to);
      this.#known.set(code, by);
      if (by === undefined && code <= 0xffff) this.#stays[code] = 1;
    }
    return by;
  }
}
