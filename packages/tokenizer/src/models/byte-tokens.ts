import type { Vocabulary } from './vocabulary.js';

/** The token that stands for `byte` where single bytes are tokens: `<0x0A>`. */
export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}

/** Ids of the byte tokens, by byte; -1 where the vocabulary lacks one. */
export function byteTokenIds(vocabulary: Vocabulary): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => vocabulary.id(byteToken(byte)) ?? -1);
}
