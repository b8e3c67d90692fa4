import type { JsonObject } from '../json/fields.js';
import { type Decoder, pass, type TokenReceiver, wholeTokens } from './decoder.js';

/** The value of a hexadecimal digit, or -1. */
function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The byte that a token like `<0xE6>` stands for, or -1. (A plus counts as no digit, as Rust reads numbers.) */
function byteOf(token: string): number {
  if (token.length !== 6 || !token.startsWith('<0x') || token.charCodeAt(5) !== 0x3e) return -1;
  const high = token.charCodeAt(3) === 0x2b ? 0 : digit(token.charCodeAt(3));
  const low = digit(token.charCodeAt(4));
  return high < 0 || low < 0 ? -1 : 16 * high + low;
}

/**
 * Makes text of runs of byte tokens: `<0xE6>` `<0x97>` `<0xA5>` → `日`. A run that is not UTF-8 becomes U+FFFD for each of
 * its bytes, so nothing of it is certain before it ends.
 */
export class ByteFallbackDecoder implements Decoder {
  pipe(next: TokenReceiver): TokenReceiver {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    let bytes: number[] = [];
    const release = (): void => {
      if (bytes.length === 0) return;
      const run = Uint8Array.from(bytes);
      bytes = [];
      let text: string | undefined;
      try {
        text = decoder.decode(run);
      } catch {
        for (let i = 0; i < run.length; i++) pass(next, '\ufffd');
      }
      if (text !== undefined) pass(next, text);
    };
    const receiver = wholeTokens(next, (token) => {
      const byte = byteOf(token);
      if (byte >= 0) {
        bytes.push(byte);
        return;
      }
      release();
      pass(next, token);
    });
    return {
      text: receiver.text,
      close: receiver.close,
      end() {
        release();
        next.end();
      },
    };
  }

  toJSON(): JsonObject {
    return { type: 'ByteFallback' };
  }
}
