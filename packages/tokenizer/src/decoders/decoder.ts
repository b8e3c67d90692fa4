import type { JsonObject } from '../json/fields.js';

/** Takes tokens one by one and gives text as soon as it is certain. */
export interface DecoderStream {
  push(token: string): string;
  /** What was still held back. */
  end(): string;
}

/** Turns tokens back into text; decoding a whole list is pushing it through one stream. */
export interface Decoder {
  stream(): DecoderStream;
  /** The component as tokenizer.json writes it. */
  toJSON(): JsonObject;
}

/** Without a decoder tokens are joined by spaces. */
export function spacedStream(): DecoderStream {
  let first = true;
  return {
    push(token) {
      const text = first ? token : ` ${token}`;
      first = false;
      return text;
    },
    end: () => '',
  };
}
