import type { JsonObject } from '../json/fields.js';

/** Takes tokens one by one and gives text as soon as it is certain. */
export interface DecoderStream {
  push(token: string): string;
  /** What was still held back. */
  end(): string;
}

/** A list of tokens on its way through decoders, as it comes: a token may arrive in parts. */
export interface TokenReceiver {
  /** More of the present token; never half a surrogate pair. */
  text(part: string): void;
  /** The present token is complete. */
  close(): void;
  /** There are no more tokens. Call once. */
  end(): void;
}

/** Turns tokens back into text. */
export interface Decoder {
  /** Takes tokens, and passes on to `next` what this decoder makes of them, as soon as it is certain. */
  pipe(next: TokenReceiver): TokenReceiver;
  /** What `pipe` makes of a whole list at once, joined; where that is faster. */
  decode?(tokens: readonly string[]): string;
  /** The component as tokenizer.json writes it. */
  toJSON(): JsonObject;
}

/** Collects text, whatever the tokens it comes in. */
class TextCollector implements TokenReceiver {
  #text = '';

  text(part: string): void {
    this.#text += part;
  }

  close(): void {}

  end(): void {}

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

/** The decoder's text as tokens come. Without a decoder tokens are joined by spaces. */
export function decoderStream(decoder: Decoder | undefined): DecoderStream {
  if (decoder === undefined) return spacedStream();
  const collector = new TextCollector();
  const receiver = decoder.pipe(collector);
  return {
    push(token) {
      receiver.text(token);
      receiver.close();
      return collector.take();
    },
    end() {
      receiver.end();
      return collector.take();
    },
  };
}

function spacedStream(): DecoderStream {
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

/** The text of a whole list of tokens. */
export function decodeTokens(decoder: Decoder | undefined, tokens: readonly string[]): string {
  if (decoder === undefined) return tokens.join(' ');
  if (decoder.decode !== undefined) return decoder.decode(tokens);
  const collector = new TextCollector();
  const receiver = decoder.pipe(collector);
  for (const token of tokens) {
    receiver.text(token);
    receiver.close();
  }
  receiver.end();
  return collector.take();
}

/** The receiver of a decoder that looks at whole tokens: calls `token` with each, and passes the end on. */
export function wholeTokens(next: TokenReceiver, token: (token: string) => void): TokenReceiver {
  let held = '';
  return {
    text(part) {
      held = held === '' ? part : held + part;
    },
    close() {
      const whole = held;
      held = '';
      token(whole);
    },
    end: () => next.end(),
  };
}

/** Passes one whole token on. */
export function pass(next: TokenReceiver, token: string): void {
  next.text(token);
  next.close();
}

/** `text` with every `from` replaced; an empty one is found around every code point. */
export function replaceEvery(text: string, from: string, to: string): string {
  if (from !== '') return text.includes(from) ? text.split(from).join(to) : text;
  let out = to;
  for (const character of text) out += character + to;
  return out;
}
