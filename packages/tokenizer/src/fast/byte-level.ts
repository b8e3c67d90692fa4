import type { Bpe } from '../models/bpe.js';
import type { TokenSink } from '../models/model.js';
import { FastEncoder, type ScanWords, unitsOfByte, widthOf } from './fast-encoder.js';
import type { EncodeWord } from './word-encoder.js';
import type { ScanPlan } from './word-scanner.js';

/**
 * Byte-level BPE straight from UTF-8: the byte alphabet is never written out.
 * @param prefixSpace a space is put before a text that does not begin with one
 * @param plan the same as `scan`, for a scanner
 */
export function byteLevelEncoder(model: Bpe, scan: ScanWords, prefixSpace: boolean, plan?: ScanPlan): FastEncoder {
  const encodeWord: EncodeWord = (bytes, from, to, sink) => {
    model.encodeBytes(bytes, from, to, sink);
    if (!isAscii(bytes, from, to)) toUnits(bytes, from, to, sink);
  };
  return new FastEncoder(scan, encodeWord, prefixSpace, plan);
}

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  let all = 0;
  for (let i = from; i < to; i++) all |= bytes[i];
  return all < 0x80;
}

/**
 * Turns the tokens' places from bytes to UTF-16 units, both from the start of the word: a token that has some bytes of a
 * character has all of its units.
 */
function toUnits(bytes: Uint8Array, from: number, to: number, { ids, starts, ends }: TokenSink): void {
  // Tokens follow each other without gaps: one walk over the characters finds all places.
  let next = from;
  let unit = 0;
  let after = 0;
  const walk = (byte: number): void => {
    while (next <= byte && next < to) {
      unit = after;
      after += unitsOfByte(bytes[next]);
      next += widthOf(bytes[next]);
    }
  };
  for (let i = 0; i < ids.length; i++) {
    const last = from + ends.data[i] - 1;
    walk(from + starts.data[i]);
    starts.data[i] = unit;
    walk(last);
    ends.data[i] = after;
  }
}
