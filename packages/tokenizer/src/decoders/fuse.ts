import type { JsonObject } from '../json/fields.js';
import type { Decoder, TokenReceiver } from './decoder.js';

/** Makes one token of all. */
export class FuseDecoder implements Decoder {
  pipe(next: TokenReceiver): TokenReceiver {
    return {
      text: (part) => next.text(part),
      close() {},
      end() {
        next.close();
        next.end();
      },
    };
  }

  toJSON(): JsonObject {
    return { type: 'Fuse' };
  }
}
