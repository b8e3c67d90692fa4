const BACKSLASH = 0x5c;

/** What stands for each escape of one letter. */
function escapes(): Uint8Array {
  const table = new Uint8Array(128);
  for (const [letter, code] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
    table[letter.charCodeAt(0)] = code.charCodeAt(0);
  }
  return table;
}

/** Reads JSON from UTF-8, by a position. What it does not take for certain it refuses, and leaves to JSON.parse. */
export class JsonBytes {
  readonly bytes: Uint8Array;
  at = 0;
  readonly #escapes = escapes();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Takes the character, with white space before and behind it, where it is there. */
  take(code: number): boolean {
    this.at = skipSpace(this.bytes, this.at);
    if (this.bytes[this.at] !== code) return false;
    this.at = skipSpace(this.bytes, this.at + 1);
    return true;
  }

  /**
   * Writes what the escape whose backslash stands at `at` means into `out` at `to`, as UTF-8. Returns where that ends, and
   * leaves the reader behind the escape; -1 where it means nothing, or a lone surrogate.
   */
  escape(at: number, out: Uint8Array, to: number): number {
    this.at = at + 1;
    const letter = this.bytes[this.at++];
    if (letter !== 0x75) {
      const code = letter < 0x80 ? this.#escapes[letter] : 0;
      if (code === 0) return -1;
      out[to] = code;
      return to + 1;
    }
    let code = this.#hex();
    if (code >= 0xd800 && code < 0xdc00 && this.bytes[this.at] === BACKSLASH && this.bytes[this.at + 1] === 0x75) {
      this.at += 2;
      const low = this.#hex();
      if (low < 0xdc00 || low > 0xdfff) return -1;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    // A lone surrogate has no UTF-8.
    if (code < 0 || (code >= 0xd800 && code <= 0xdfff)) return -1;
    return putUtf8(out, to, code);
  }

  #hex(): number {
    let code = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.bytes[this.at++];
      const lower = byte | 0x20;
      if (byte >= 0x30 && byte <= 0x39) code = code * 16 + byte - 0x30;
      else if (lower >= 0x61 && lower <= 0x66) code = code * 16 + lower - 0x57;
      else return -1;
    }
    return code;
  }
}

/** Where the white space from `at` on ends. */
function skipSpace(bytes: Uint8Array, at: number): number {
  let end = at;
  while (bytes[end] === 0x20 || bytes[end] === 0x0a || bytes[end] === 0x0d || bytes[end] === 0x09) end++;
  return end;
}

function putUtf8(out: Uint8Array, end: number, code: number): number {
  if (code < 0x80) {
    out[end] = code;
    return end + 1;
  }
  let at = end;
  if (code < 0x800) {
    out[at++] = 0xc0 | (code >> 6);
  } else {
    if (code < 0x10000) {
      out[at++] = 0xe0 | (code >> 12);
    } else {
      out[at++] = 0xf0 | (code >> 18);
      out[at++] = 0x80 | ((code >> 12) & 0x3f);
    }
    out[at++] = 0x80 | ((code >> 6) & 0x3f);
  }
  out[at++] = 0x80 | (code & 0x3f);
  return at;
}
