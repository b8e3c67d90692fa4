import { TokenizerError } from '../errors.js';
import type { Fields, JsonObject } from '../json/fields.js';
import { readCharacter } from '../pre-tokenizers/delimiter.js';
import type { Decoder, TokenReceiver } from './decoder.js';

export interface StripOptions {
  /** One character. */
  content: string;
  /** How many of it are taken off the beginning of each token at most, and off its end. */
  start: number;
  stop: number;
}

/** Takes a character off both ends of every token. */
export class StripDecoder implements Decoder {
  readonly options: StripOptions;

  constructor(options: StripOptions) {
    this.options = options;
  }

  static read(fields: Fields): StripDecoder {
    return new StripDecoder({
      content: readCharacter(fields, 'content'),
      start: fields.count('start'),
      stop: fields.count('stop'),
    });
  }

  pipe(next: TokenReceiver): TokenReceiver {
    return new StripReceiver(this.options, next);
  }

  toJSON(): JsonObject {
    return { type: 'Strip', ...this.options };
  }
}

class StripReceiver implements TokenReceiver {
  readonly #options: StripOptions;
  readonly #next: TokenReceiver;
  /** How many of the character were taken off the present token, and how many wait for what follows. */
  #dropped = 0;
  #held = 0;
  /** Nothing else was seen yet. */
  #only = true;

  constructor(options: StripOptions, next: TokenReceiver) {
    this.#options = options;
    this.#next = next;
  }

  text(part: string): void {
    const { content, start, stop } = this.#options;
    let out = '';
    for (const character of part) {
      if (character !== content) {
        if (this.#held > 0) out += content.repeat(this.#held);
        this.#held = 0;
        this.#only = false;
        out += character;
      } else if (this.#only && this.#dropped < start) {
        this.#dropped++;
      } else {
        this.#held++;
      }
    }
    // Of a run no more than `stop` can go.
    if (this.#held > stop) {
      out += content.repeat(this.#held - stop);
      this.#held = stop;
    }
    if (out !== '') this.#next.text(out);
  }

  /** @throws TokenizerError where both ends would take the same characters, as the Rust library fails then. */
  close(): void {
    if (this.#only && this.#held < this.#options.stop) {
      const { content, start, stop } = this.#options;
      const message = `Strip: a token has too few characters that ${start} at its start and ${stop} at its end could be "${content}".`;
      throw new TokenizerError('TOKENIZER_DECODING_IMPOSSIBLE', message);
    }
    this.#dropped = 0;
    this.#held = 0;
    this.#only = true;
    this.#next.close();
  }

  end(): void {
    this.#next.end();
  }
}
