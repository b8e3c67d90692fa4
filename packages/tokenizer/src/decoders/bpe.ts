import type { Fields, JsonObject } from '../json/fields.js';
import { type Decoder, pass, replaceEvery, type TokenReceiver, wholeTokens } from './decoder.js';

/** Ends of words become spaces, but for that of the last token: `the</w>` `end</w>` → `the end`. */
export class BpeDecoder implements Decoder {
  readonly suffix: string;

  constructor(suffix = '</w>') {
    this.suffix = suffix;
  }

  static read(fields: Fields): BpeDecoder {
    return new BpeDecoder(fields.string('suffix'));
  }

  pipe(next: TokenReceiver): TokenReceiver {
    // A token with the suffix waits until it is known whether another comes.
    let held: string | undefined;
    const release = (space: string): void => {
      if (held !== undefined) pass(next, replaceEvery(held, this.suffix, space));
      held = undefined;
    };
    const receiver = wholeTokens(next, (token) => {
      release(' ');
      if (token.includes(this.suffix)) held = token;
      else pass(next, token);
    });
    return {
      text: receiver.text,
      close: receiver.close,
      end() {
        release('');
        next.end();
      },
    };
  }

  toJSON(): JsonObject {
    return { type: 'BPEDecoder', suffix: this.suffix };
  }
}
