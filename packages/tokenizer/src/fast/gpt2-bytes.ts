import { CLASSES, LETTER, NUMBER, SPACE } from '../unicode/classes.js';
import { widthOf } from './fast-encoder.js';
import { notLetters } from './letters.js';
import { codeAt, END_BYTE, type Utf8Buffer } from './utf8-buffer.js';

const KINDS = LETTER | NUMBER | SPACE;
/** The first byte of a character of several bytes. */
const LEAD = 64;
const END = 128;

function build(): Uint8Array {
  const kinds = new Uint8Array(256).fill(LEAD);
  for (let byte = 0; byte < 0x80; byte++) kinds[byte] = CLASSES[byte] & KINDS;
  kinds[END_BYTE] = END;
  return kinds;
}

let byteKinds: Uint8Array | undefined;

/** Letter, number and space bits of the character of several bytes at `i`. */
function wideKind(bytes: Uint8Array, i: number): number {
  return CLASSES[codeAt(bytes, i)] & KINDS;
}

/** End of the run of characters of one kind from `i`; stops at the byte behind the text. */
function runEnd(bytes: Uint8Array, kinds: Uint8Array, i: number, kind: number): number {
  for (;;) {
    const here = kinds[bytes[i]];
    if (here === kind) {
      i++;
    } else if (here === LEAD && wideKind(bytes, i) === kind) {
      i += widthOf(bytes[i]);
    } else {
      return i;
    }
  }
}

/** Length of the contraction whose apostrophe stands at `i`, 0 where there is none. */
function contraction(bytes: Uint8Array, i: number): number {
  switch (bytes[i + 1]) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return 2;
    case 0x72: // re
    case 0x76: // ve
      return bytes[i + 2] === 0x65 ? 3 : 0;
    case 0x6c: // ll
      return bytes[i + 2] === 0x6c ? 3 : 0;
    default:
      return 0;
  }
}

/**
 * The pretokens of `gpt2PretokenEnd`, over UTF-8: writes start and end of each into `bounds`, which has room for one a
 * byte, and returns how many there are. They cover the text.
 */
export function scanGpt2Bytes({ bytes, view, length }: Utf8Buffer, bounds: Int32Array): number {
  byteKinds ??= build();
  const kinds = byteKinds;
  let count = 0;
  for (let i = 0; i < length; ) {
    bounds[2 * count] = i;
    let at = bytes[i] === 0x20 ? i + 1 : i;
    const others = notLetters(view, at);
    if ((others & 1) === 0) {
      if (others !== 0) {
        at += 31 - Math.clz32(others & -others);
      } else {
        at += 8;
        while (kinds[bytes[at]] === LETTER) at++;
      }
      i = kinds[bytes[at]] === LEAD ? runEnd(bytes, kinds, at, LETTER) : at;
    } else {
      i = otherEnd(bytes, kinds, i, length);
    }
    bounds[2 * count + 1] = i;
    count++;
  }
  return count;
}

/** End of the pretoken at `i` that is not a run of letters with an ASCII letter in front. */
function otherEnd(bytes: Uint8Array, kinds: Uint8Array, i: number, length: number): number {
  let at = i;
  let kind = kinds[bytes[i]];
  if (bytes[i] === 0x20) {
    const next = kinds[bytes[i + 1]];
    if (next !== SPACE && next !== END) {
      kind = next;
      at = i + 1;
    }
  } else if (bytes[i] === 0x27) {
    const taken = contraction(bytes, i);
    if (taken > 0) return i + taken;
  }
  if (kind === LEAD) {
    kind = wideKind(bytes, at);
    // Wide white space behind a space: they are one run.
    if (kind === SPACE) at = i;
  }
  const end = runEnd(bytes, kinds, at, kind);
  return kind === SPACE && end < length ? beforeLastSpace(bytes, i, end) : end;
}

/** The last white space of a run from `from` to `end` belongs to what follows, unless it is all of it. */
function beforeLastSpace(bytes: Uint8Array, from: number, end: number): number {
  let last = end - 1;
  while (bytes[last] >= 0x80 && bytes[last] < 0xc0) last--;
  return last > from ? last : end;
}
