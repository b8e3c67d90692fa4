import type { TokenSink } from '../models/model.js';
import type { WordPiece } from '../models/wordpiece.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert.js';
import { Pieces } from '../pre-tokenizers/pre-tokenizer.js';
import { AlignedText } from '../text/aligned-text.js';
import { IntList } from '../text/int-list.js';
import { combiningPlace, normalFlags } from '../unicode/normal.js';
import { FastEncoder, widthOf } from './fast-encoder.js';
import { notLetters } from './letters.js';
import { codeAt, END_BYTE, type Utf8Buffer } from './utf8-buffer.js';
import type { EncodeWord } from './word-encoder.js';
import { RULES_BERT, type ScanPlan } from './word-scanner.js';

/** A form that is no unit: of a character that has to be normalized together with its neighbours, of one that becomes nothing. */
const TOGETHER = -1;
const NOTHING = -2;
/** `SEVERAL - place`: a form of several units, of which the pool has the number at `place` and behind it them all. */
const SEVERAL = -3;

/** Part of a word: normalized, it is characters of words, or nothing. */
const WORD = 1;
/** Divides words and is dropped. */
const SPACE = 2;
/** A word by itself. */
const ALONE = 4;
/** The first byte of a character of several bytes. */
const LEAD = 64;
const END = 128;

/**
 * BERT's normalizer, pre-tokenizer and WordPiece at once. Words are found, and remembered, as they stand in the text: all
 * that normalizing does is done to one character at a time, so that a word becomes the same whatever stands beside it.
 * What a character becomes is asked of the normalizer and the pre-tokenizer themselves, when it is first met.
 */
export function bertEncoder(model: WordPiece, normalizer: Normalizer | undefined): FastEncoder {
  const words = new BertWords(model, normalizer);
  return new FastEncoder(
    (text, bounds) => words.scan(text, bounds),
    (bytes, from, to, sink) => words.encode(bytes, from, to, sink),
    false,
    words.plan,
  );
}

class BertWords {
  readonly #model: WordPiece;
  readonly #normalizer: Normalizer | undefined;
  readonly #preTokenizer = new BertPreTokenizer();
  /** Kind of each code point; 0 while unknown. */
  readonly #kinds = new Uint8Array(0x110000);
  readonly #byteKinds = new Uint8Array(256).fill(LEAD);
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** What the normalizer makes of a byte, where that is one unit and the byte is a word or a part of one; else 0. */
  readonly #asciiForms = new Uint16Array(256);
  #units = new Uint16Array(64);
  /** By unit: where the character it comes from begins and ends in the word. */
  #origins = new Int32Array(128);
  /** What the normalizer makes of a character by itself, by code point: a unit, or one of the above; 0 while unknown. */
  #forms = new Int32Array(0);
  /** The same beyond U+FFFF. */
  readonly #rareForms = new Map<number, number>();
  readonly #pool = new IntList();

  constructor(model: WordPiece, normalizer: Normalizer | undefined) {
    this.#model = model;
    this.#normalizer = normalizer;
    for (let byte = 0; byte < 0x80; byte++) {
      this.#byteKinds[byte] = this.#kind(byte);
      const { text } = this.#divide(AlignedText.untracked(String.fromCharCode(byte))).normal;
      const part = (this.#byteKinds[byte] & (WORD | ALONE)) !== 0;
      if (part && text.length === 1) this.#asciiForms[byte] = text.charCodeAt(0);
    }
    this.#byteKinds[END_BYTE] = END;
  }

  scan({ bytes, view, length }: Utf8Buffer, bounds: Int32Array): number {
    const kinds = this.#byteKinds;
    let count = 0;
    for (let i = 0; i < length; ) {
      let kind = kinds[bytes[i]];
      if (kind === SPACE) {
        i++;
        continue;
      }
      let at = i;
      const others = notLetters(view, i);
      if ((others & 1) === 0) {
        at += others === 0 ? 8 : 31 - Math.clz32(others & -others);
        kind = WORD;
      } else if (kind === ALONE) {
        at++;
      } else if (kind === LEAD) {
        kind = this.#kind(codeAt(bytes, i));
        at += widthOf(bytes[i]);
      }
      if (kind === WORD && (kinds[bytes[at]] & (WORD | LEAD)) !== 0) at = this.#wordEnd(bytes, at);
      if (kind !== SPACE) {
        bounds[2 * count] = i;
        bounds[2 * count + 1] = at;
        count++;
      }
      i = at;
    }
    return count;
  }

  get plan(): ScanPlan {
    return { rules: RULES_BERT, kinds: this.#kinds, densest: 3, learn: (code) => this.#kind(code) };
  }

  /** The tokens of a word as it stands in the text. */
  readonly encode: EncodeWord = (bytes, from, to, sink) => {
    if (this.#encodeAscii(bytes, from, to, sink) || this.#encodeByForms(bytes, from, to, sink)) return;
    const word = this.#decoder.decode(bytes.subarray(from, to));
    const { normal, bounds } = this.#divide(AlignedText.of(word));
    for (let i = 0; i < bounds.length; i += 2) {
      this.#model.tokenize(normal.text, bounds.data[i], bounds.data[i + 1], sink);
    }
    const { ids, starts, ends } = sink;
    for (let i = 0; i < ids.length; i++) {
      starts.data[i] = normal.start(starts.data[i]);
      ends.data[i] = normal.end(ends.data[i] - 1);
    }
  };

  /** The same for words of which every byte becomes one unit; false where the word has others. */
  #encodeAscii(bytes: Uint8Array, from: number, to: number, sink: TokenSink): boolean {
    const length = to - from;
    if (this.#units.length < length) this.#units = new Uint16Array(2 * length);
    const units = this.#units;
    for (let i = 0; i < length; i++) {
      const unit = this.#asciiForms[bytes[from + i]];
      if (unit === 0) return false;
      units[i] = unit;
    }
    this.#model.tokenizeUnits(units, length, sink);
    return true;
  }

  /** The same for words of characters that are normalized each by itself. */
  #encodeByForms(bytes: Uint8Array, from: number, to: number, sink: TokenSink): boolean {
    if (this.#origins.length < 2 * (to - from)) this.#origins = new Int32Array(2 * this.#units.length);
    const [units, origins, pool] = [this.#units, this.#origins, this.#pool];
    let length = 0;
    let start = 0;
    for (let i = from; i < to; i += widthOf(bytes[i])) {
      const form = this.#form(bytes[i] < 0x80 ? bytes[i] : codeAt(bytes, i));
      if (form === TOGETHER) return false;
      const end = start + (bytes[i] < 0xf0 ? 1 : 2);
      const place = SEVERAL - form;
      const count = form > 0 ? 1 : form === NOTHING ? 0 : pool.data[place];
      for (let k = 1; k <= count; k++, length++) {
        units[length] = form > 0 ? form : pool.data[place + k];
        origins[2 * length] = start;
        origins[2 * length + 1] = end;
      }
      start = end;
    }
    if (length === 0) return true;
    this.#model.tokenizeUnits(units, length, sink);
    const { ids, starts, ends } = sink;
    for (let i = 0; i < ids.length; i++) {
      starts.data[i] = origins[2 * starts.data[i]];
      ends.data[i] = origins[2 * ends.data[i] - 1];
    }
    return true;
  }

  #form(code: number): number {
    if (this.#forms.length === 0) this.#forms = new Int32Array(0x10000);
    const known = code > 0xffff ? (this.#rareForms.get(code) ?? 0) : this.#forms[code];
    if (known !== 0) return known;
    const form = this.#findForm(String.fromCodePoint(code));
    if (code > 0xffff) this.#rareForms.set(code, form);
    else this.#forms[code] = form;
    return form;
  }

  #findForm(character: string): number {
    const { normal, bounds } = this.#divide(AlignedText.untracked(character));
    if (bounds.length === 0) return normal.text === '' ? NOTHING : TOGETHER;
    const form = normal.text.slice(bounds.data[0], bounds.data[1]);
    // Marks that stay may change places with their neighbours.
    const marks = [...form].some((part) => combiningPlace(normalFlags()[part.codePointAt(0)!]) !== 0);
    // Longer ones may need more room than the word has bytes.
    const long = form.length > (character > '\x7f' ? 2 : 1);
    if (bounds.length > 2 || long || marks || form === '\0') return TOGETHER;
    if (form.length === 1) return form.charCodeAt(0);
    const place = this.#pool.length;
    this.#pool.push(form.length);
    for (let i = 0; i < form.length; i++) this.#pool.push(form.charCodeAt(i));
    return SEVERAL - place;
  }

  #divide(text: AlignedText): { normal: AlignedText; bounds: Pieces['bounds'] } {
    const normal = this.#normalizer?.normalize(text) ?? text;
    const divided = this.#preTokenizer.split(Pieces.whole(normal));
    return { normal: divided.text, bounds: divided.bounds };
  }

  #wordEnd(bytes: Uint8Array, i: number): number {
    for (;;) {
      const kind = this.#byteKinds[bytes[i]];
      if (kind === WORD) i++;
      else if (kind === LEAD && this.#kind(codeAt(bytes, i)) === WORD) i += widthOf(bytes[i]);
      else return i;
    }
  }

  #kind(code: number): number {
    const known = this.#kinds[code];
    if (known !== 0) return known;
    const kind = this.#findKind(String.fromCodePoint(code));
    this.#kinds[code] = kind;
    return kind;
  }

  /** No character becomes more than one of these. */
  #findKind(character: string): number {
    const { normal, bounds } = this.#divide(AlignedText.untracked(character));
    if (normal.text === '') return WORD;
    if (bounds.length === 0) return SPACE;
    const amongLetters = this.#preTokenizer.split(Pieces.whole(AlignedText.untracked(`a${normal.text}a`)));
    return amongLetters.count === 1 ? WORD : ALONE;
  }
}
