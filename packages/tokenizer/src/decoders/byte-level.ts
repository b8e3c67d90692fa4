import type { JsonObject } from '../json/fields.js';
import { type ByteLevelOptions, writeByteLevel } from '../pre-tokenizers/byte-level.js';
import { byteOfCharacter } from '../text/byte-alphabet.js';
import type { Decoder, DecoderStream } from './decoder.js';

const encoder = /* @__PURE__ */ new TextEncoder();

/** The bytes a token stands for; its own UTF-8 where a character is not of the byte alphabet (an added token, say). */
function tokenBytes(token: string): Uint8Array {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = byteOfCharacter(token.charCodeAt(i));
    if (byte < 0) return encoder.encode(token);
    bytes[i] = byte;
  }
  return bytes;
}

/** From the byte alphabet back to text. Bytes that are not UTF-8 become U+FFFD; half a character waits for its rest. */
export class ByteLevelDecoder implements Decoder {
  readonly options: ByteLevelOptions;

  /** The options act on nothing here; they are carried along for tokenizer.json. */
  constructor(options: ByteLevelOptions) {
    this.options = options;
  }

  stream(): DecoderStream {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    return {
      push: (token) => decoder.decode(tokenBytes(token), { stream: true }),
      end: () => decoder.decode(),
    };
  }

  toJSON(): JsonObject {
    return writeByteLevel(this.options);
  }
}
