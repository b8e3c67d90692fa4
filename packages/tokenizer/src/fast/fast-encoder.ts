import { Utf8Buffer } from './utf8-buffer.js';
import { type EncodeWord, WordEncoder, WordTokens } from './word-encoder.js';
import { type EncodeScanned, type ScanPlan, scanning } from './word-scanner.js';

/**
 * Writes start and end of every word of `text`, in bytes, into `bounds`, which has room for one word a byte. Returns their
 * number.
 */
export type ScanWords = (text: Utf8Buffer, bounds: Int32Array) => number;

/** Text to tokens in two passes over its UTF-8 form: words, then their tokens. What it gives, the general way gives too. */
export class FastEncoder {
  readonly #tokens = new WordTokens();
  readonly #text = new Utf8Buffer();
  readonly #scan: ScanWords;
  readonly #words: WordEncoder;
  readonly #prefixSpace: boolean;
  /** Does both passes at once, where there is a scanner that can. */
  readonly #scanned: EncodeScanned | undefined;
  #bounds = new Int32Array(0);
  #units = new Int32Array(0);

  /**
   * @param prefixSpace put a space before a text that does not begin with one
   * @param plan the same as `scan`, for a scanner
   */
  constructor(scan: ScanWords, encodeWord: EncodeWord, prefixSpace = false, plan?: ScanPlan) {
    this.#scan = scan;
    this.#prefixSpace = prefixSpace;
    this.#words = new WordEncoder(encodeWord);
    this.#scanned = plan && scanning.encoderOf?.(plan, this.#words);
  }

  /** The tokens of `text`, until the next call. `tracked`: with places. */
  encode(text: string, tracked: boolean): WordTokens {
    const utf8 = this.#text;
    const prefixed = this.#prefixSpace && text !== '' && text.charCodeAt(0) !== 0x20;
    utf8.load(prefixed ? ` ${text}` : text);
    if (this.#scanned?.(utf8, tracked, this.#tokens) !== true) this.#encodeInTwoPasses(utf8, tracked);
    if (prefixed) this.#tokens.prefixed = text.codePointAt(0)! > 0xffff ? 2 : 1;
    return this.#tokens;
  }

  #encodeInTwoPasses(utf8: Utf8Buffer, tracked: boolean): void {
    if (this.#bounds.length < 2 * utf8.length + 2) {
      this.#bounds = new Int32Array(3 * utf8.length + 2);
      this.#units = new Int32Array(0);
    }
    const bounds = this.#bounds;
    const count = this.#scan(utf8, bounds);
    const units = tracked && !utf8.ascii ? this.#unitsOf(count) : undefined;
    this.#words.encode(utf8, bounds, count, units, tracked, this.#tokens);
  }

  /** Where each word begins, in UTF-16 units. */
  #unitsOf(count: number): Int32Array {
    if (this.#units.length < count) this.#units = new Int32Array(this.#bounds.length >> 1);
    const { bytes, view } = this.#text;
    const bounds = this.#bounds;
    const units = this.#units;
    // Bytes less units of all before `next`, the next character of several bytes (or the text's end).
    let more = 0;
    let next = notAscii(view, 0);
    for (let word = 0; word < count; word++) {
      const start = bounds[2 * word];
      while (next < start) {
        const width = widthOf(bytes[next]);
        more += width - unitsOfByte(bytes[next]);
        next = notAscii(view, next + width);
      }
      units[word] = start - more;
    }
    return units;
  }
}

/** The first byte from `at` on that is not ASCII. There is one behind the text. */
function notAscii(view: DataView, at: number): number {
  let i = at;
  let high = view.getInt32(i, true) & 0x80808080;
  while (high === 0) {
    i += 4;
    high = view.getInt32(i, true) & 0x80808080;
  }
  return i + ((31 - Math.clz32(high & -high)) >> 3);
}

/** UTF-16 units of a character, counted at its first byte: two where it has four bytes, none at its other bytes. */
export function unitsOfByte(byte: number): number {
  return byte < 0x80 ? 1 : byte < 0xc0 ? 0 : byte < 0xf0 ? 1 : 2;
}

/** Bytes of the character that `lead` begins. */
export function widthOf(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
