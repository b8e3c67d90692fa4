import type { AlignedBuilder, AlignedText } from './aligned-text.js';

function build(): { toCode: Uint16Array; toByte: Int16Array } {
  const toCode = new Uint16Array(256);
  const toByte = new Int16Array(512).fill(-1);
  let moved = 0;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    const code = printable ? byte : 256 + moved++;
    toCode[byte] = code;
    toByte[code] = byte;
  }
  return { toCode, toByte };
}

const { toCode, toByte } = /* @__PURE__ */ build();

/**
 * GPT-2's alphabet of bytes: the character that stands for `byte` (space is Ġ, newline Ċ). Printable bytes stand for
 * themselves, the others for U+0100 onwards, in order.
 */
export function byteCharacterCode(byte: number): number {
  return toCode[byte];
}

/** The byte that the character with this code stands for; -1 where it is not of the alphabet. */
export function byteOfCharacter(code: number): number {
  return code < 512 ? toByte[code] : -1;
}

/** The 256 characters of the alphabet, by byte. */
export function byteAlphabet(): string[] {
  return Array.from(toCode, (code) => String.fromCharCode(code));
}

/** Calls `emit` with each byte of the UTF-8 form of `code`; a surrogate counts as U+FFFD. */
export function forUtf8(code: number, emit: (byte: number) => void): void {
  const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  if (point < 0x80) {
    emit(point);
  } else if (point < 0x800) {
    emit(0xc0 | (point >> 6));
    emit(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    emit(0xe0 | (point >> 12));
    emit(0x80 | ((point >> 6) & 0x3f));
    emit(0x80 | (point & 0x3f));
  } else {
    emit(0xf0 | (point >> 18));
    emit(0x80 | ((point >> 12) & 0x3f));
    emit(0x80 | ((point >> 6) & 0x3f));
    emit(0x80 | (point & 0x3f));
  }
}

/** Writes the units `from` to `to` of `source` in the byte alphabet; every byte is aligned with its whole character. */
export function putBytes(out: AlignedBuilder, source: AlignedText, from: number, to: number): void {
  for (let i = from; i < to; ) {
    const code = source.text.codePointAt(i)!;
    const next = code > 0xffff ? i + 2 : i + 1;
    const at = i;
    if (code < 0x80) out.unit(toCode[code], at, next);
    else forUtf8(code, (byte) => out.unit(toCode[byte], at, next));
    i = next;
  }
}
