import type { JsonObject } from '../json/fields.js';
import { type ByteLevelOptions, writeByteLevel } from '../pre-tokenizers/byte-level.js';
import { byteOfCharacter } from '../text/byte-alphabet.js';
import { type Decoder, type TokenReceiver, wholeTokens } from './decoder.js';

const encoder = /* @__PURE__ */ new TextEncoder();

/** Bytes of tokens, put one behind the other. */
class ByteBuffer {
  bytes = new Uint8Array(1024);
  length = 0;

  /** The bytes the token stands for; its own UTF-8 where a character is not of the byte alphabet (an added token, say). */
  push(token: string): void {
    const start = this.length;
    this.#reserve(token.length);
    for (let i = 0; i < token.length; i++) {
      const byte = byteOfCharacter(token.charCodeAt(i));
      if (byte < 0) {
        this.length = start;
        const own = encoder.encode(token);
        this.#reserve(own.length);
        this.bytes.set(own, start);
        this.length = start + own.length;
        return;
      }
      this.bytes[this.length++] = byte;
    }
  }

  taken(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  #reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, 2 * this.bytes.length));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

/** From the byte alphabet back to text. Bytes that are not UTF-8 become U+FFFD; half a character waits for its rest. */
export class ByteLevelDecoder implements Decoder {
  readonly options: ByteLevelOptions;

  /** The options act on nothing here; they are carried along for tokenizer.json. */
  constructor(options: ByteLevelOptions) {
    this.options = options;
  }

  pipe(next: TokenReceiver): TokenReceiver {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const buffer = new ByteBuffer();
    const receiver = wholeTokens(next, (token) => {
      buffer.length = 0;
      buffer.push(token);
      const text = decoder.decode(buffer.taken(), { stream: true });
      if (text !== '') next.text(text);
    });
    return {
      text: receiver.text,
      close: receiver.close,
      end() {
        // All of it is one token.
        next.text(decoder.decode());
        next.close();
        next.end();
      },
    };
  }

  decode(tokens: readonly string[]): string {
    const buffer = new ByteBuffer();
    for (const token of tokens) buffer.push(token);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer.taken());
  }

  toJSON(): JsonObject {
    return writeByteLevel(this.options);
  }
}
