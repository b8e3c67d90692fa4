/** Texts up to this many units share one buffer; longer ones get one of their own, which is then forgotten. */
const KEPT = 1 << 18;
/** Behind the text: one byte that no UTF-8 has, which ends every scan, and room for reads of whole words past the end. */
const BEHIND = 32;

/** What stands behind the text's last byte. */
export const END_BYTE = 0xff;

/** The UTF-8 form of one text at a time; lone surrogates are written as U+FFFD. */
export class Utf8Buffer {
  source = '';
  bytes = new Uint8Array(0);
  /** Over the same memory, for reads of four bytes at once. */
  view = new DataView(this.bytes.buffer);
  /** Bytes of the text. */
  length = 0;
  /** Whether every character is one byte, so that bytes and UTF-16 units are the same. */
  ascii = true;
  readonly #encoder = new TextEncoder();

  load(text: string): void {
    this.source = text;
    const needed = text.length * 3 + BEHIND;
    if (this.bytes.length < needed || this.bytes.length > KEPT * 3 + BEHIND) {
      this.bytes = new Uint8Array(
        text.length > KEPT ? needed : Math.max(needed, Math.min(2 * needed, KEPT * 3 + BEHIND)),
      );
      this.view = new DataView(this.bytes.buffer);
    }
    this.length = this.#encoder.encodeInto(text, this.bytes).written;
    this.ascii = this.length === text.length;
    this.bytes[this.length] = END_BYTE;
  }
}

/** The character of several bytes at `i`. */
export function codeAt(bytes: Uint8Array, i: number): number {
  const lead = bytes[i];
  const second = bytes[i + 1] & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = bytes[i + 2] & 0x3f;
  if (lead < 0xf0) return ((lead & 0xf) << 12) | (second << 6) | third;
  return ((lead & 7) << 18) | (second << 12) | (third << 6) | (bytes[i + 3] & 0x3f);
}
