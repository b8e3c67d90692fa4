import type { JsonObject } from '../json/fields.js';
import { type MetaspaceOptions, writeMetaspace } from '../pre-tokenizers/metaspace.js';
import type { Decoder, TokenReceiver } from './decoder.js';

/** Writes spaces for `▁` again; in the first token, where one was put in, none: `▁Hey` `▁you` → `Hey you`. */
export class MetaspaceDecoder implements Decoder {
  readonly options: MetaspaceOptions;

  constructor(options: MetaspaceOptions) {
    this.options = options;
  }

  pipe(next: TokenReceiver): TokenReceiver {
    const { replacement, prependScheme } = this.options;
    let space = prependScheme === 'never' ? ' ' : '';
    return {
      text: (part) => next.text(part.includes(replacement) ? part.replaceAll(replacement, space) : part),
      close() {
        space = ' ';
        next.close();
      },
      end: () => next.end(),
    };
  }

  toJSON(): JsonObject {
    return writeMetaspace(this.options);
  }
}
