import { malformed } from '../json/fields.js';
import { forUtf8 } from '../text/byte-alphabet.js';

/**
 * SentencePiece's compiled map from byte strings to texts: length of the trie in bytes (32 bits, little-endian), the trie, and
 * the texts in UTF-8, each ended by a NUL. The trie is a double array as Darts-clone packs it: a unit of 32 bits holds its
 * label (bits 0 to 7, and 31 where it is a leaf), whether a leaf hangs on it (bit 8), and where its children are (the rest).
 */
export class CharsMap {
  readonly #units: Uint32Array;
  readonly #texts: Uint8Array;
  readonly #where: string;
  readonly #decoded = new Map<number, string>();

  /** @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where `bytes` end too soon or hold no UTF-8. */
  constructor(bytes: Uint8Array, where: string) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = bytes.length < 4 ? 0 : view.getUint32(0, true) >>> 2;
    if (count === 0) throw malformed(where, 'the map is empty');
    const end = 4 + 4 * count;
    if (end > bytes.length) {
      throw malformed(where, `the trie should have ${4 * count} bytes and the whole map has ${bytes.length}`);
    }
    this.#where = where;
    this.#units = new Uint32Array(count);
    for (let i = 0; i < count; i++) this.#units[i] = view.getUint32(4 + 4 * i, true);
    this.#texts = bytes.subarray(end);
    this.#decode(0, this.#texts.length);
  }

  /**
   * What the shortest entry becomes that the units `from` to `to` of `text` begin with (SentencePiece would take the longest;
   * the Rust library does not). Undefined where there is none.
   * @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where the trie leads out of itself or to no text.
   */
  find(text: string, from: number, to: number): string | undefined {
    let node = this.#children(0, this.#unit(0));
    /** Value of the entry, -1 where none has been met, -2 where none can be. */
    let value = -1;
    const step = (byte: number): void => {
      if (value !== -1) return;
      node ^= byte;
      const unit = this.#unit(node);
      if (byte === 0 || (unit & 0x800000ff) !== byte) {
        value = -2;
        return;
      }
      node = this.#children(node, unit);
      if ((unit & 0x100) !== 0) value = this.#unit(node) & 0x7fffffff;
    };
    for (let i = from; i < to && value === -1; ) {
      const code = text.codePointAt(i)!;
      if (code === 0) break;
      forUtf8(code, step);
      i += code > 0xffff ? 2 : 1;
    }
    return value < 0 ? undefined : this.#text(value);
  }

  #unit(i: number): number {
    if (i >= this.#units.length) throw malformed(this.#where, `the trie refers to unit ${i} of ${this.#units.length}`);
    return this.#units[i];
  }

  #children(node: number, unit: number): number {
    return (node ^ ((unit >>> 10) << ((unit & 0x200) >>> 6))) >>> 0;
  }

  #text(at: number): string {
    let text = this.#decoded.get(at);
    if (text === undefined) {
      if (at > this.#texts.length) {
        throw malformed(this.#where, `an entry's text is at ${at} of ${this.#texts.length} bytes`);
      }
      const nul = this.#texts.indexOf(0, at);
      text = this.#decode(at, nul < 0 ? this.#texts.length : nul);
      this.#decoded.set(at, text);
    }
    return text;
  }

  #decode(from: number, to: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#texts.subarray(from, to));
    } catch {
      throw malformed(this.#where, `the texts are not UTF-8 between bytes ${from} and ${to}`);
    }
  }
}
