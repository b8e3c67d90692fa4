import type { Fields, JsonObject } from '../json/fields.js';
import { type Decoder, pass, replaceEvery, type TokenReceiver, wholeTokens } from './decoder.js';
import { cleanUp } from './wordpiece.js';

export interface CtcOptions {
  /** The blank; it keeps equal tokens apart and is dropped. */
  padToken: string;
  /** Becomes a space, where `cleanup` is set. */
  wordDelimiterToken: string;
  /** Take spaces before punctuation out again. */
  cleanup: boolean;
}

/** Connectionist temporal classification (Graves et al. 2006): tokens that repeat count once: `h` `h` `<pad>` `i` → `hi`. */
export class CtcDecoder implements Decoder {
  readonly options: CtcOptions;

  constructor(options: CtcOptions) {
    this.options = options;
  }

  static read(fields: Fields): CtcDecoder {
    return new CtcDecoder({
      padToken: fields.string('pad_token'),
      wordDelimiterToken: fields.string('word_delimiter_token'),
      cleanup: fields.boolean('cleanup'),
    });
  }

  pipe(next: TokenReceiver): TokenReceiver {
    const { padToken, wordDelimiterToken, cleanup } = this.options;
    let last: string | undefined;
    return wholeTokens(next, (token) => {
      if (token === last) return;
      last = token;
      let text = replaceEvery(token, padToken, '');
      if (cleanup) text = replaceEvery(cleanUp(text), wordDelimiterToken, ' ');
      if (text !== '') pass(next, text);
    });
  }

  toJSON(): JsonObject {
    const { padToken, wordDelimiterToken, cleanup } = this.options;
    return { type: 'CTC', pad_token: padToken, word_delimiter_token: wordDelimiterToken, cleanup };
  }
}
