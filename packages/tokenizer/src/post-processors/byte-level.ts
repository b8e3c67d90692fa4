import type { Encoding } from '../encoding/encoding.js';
import type { JsonObject } from '../json/fields.js';
import { type ByteLevelOptions, writeByteLevel } from '../pre-tokenizers/byte-level.js';
import { byteCharacterCode } from '../text/byte-alphabet.js';
import { CLASSES, SPACE } from '../unicode/classes.js';
import { join, type PostProcessor, withOverflow } from './post-processor.js';

const SPACE_CHARACTER = byteCharacterCode(0x20);

function isSpace(code: number): boolean {
  return code === SPACE_CHARACTER || (CLASSES[code] & SPACE) !== 0;
}

/** Takes the spaces a byte-level token begins or ends with out of its offsets, where `trimOffsets` says so. */
export class ByteLevelProcessing implements PostProcessor {
  readonly options: ByteLevelOptions;

  constructor(options: ByteLevelOptions) {
    this.options = options;
  }

  addedTokens(): number {
    return 0;
  }

  process(encodings: Encoding[]): Encoding {
    if (!this.options.trimOffsets) return join(encodings);
    return join(encodings.map((encoding) => withOverflow(encoding, (part) => this.#trim(part))));
  }

  toJSON(): JsonObject {
    return writeByteLevel(this.options);
  }

  #trim(encoding: Encoding): Encoding {
    const spans = encoding.columns.spans.slice();
    encoding.tokens.forEach((token, i) => {
      let leading = 0;
      while (leading < token.length && isSpace(token.charCodeAt(leading))) leading++;
      let trailing = 0;
      while (trailing < token.length && isSpace(token.charCodeAt(token.length - 1 - trailing))) trailing++;
      const first = i === 0 || spans[2 * i] === 0;
      // A single space at the very beginning was put there by add_prefix_space and has no offsets of its own.
      if (first && this.options.addPrefixSpace && leading === 1) leading = 0;
      if (leading > 0) spans[2 * i] = Math.min(spans[2 * i] + leading, spans[2 * i + 1]);
      if (trailing > 0 && spans[2 * i + 1] >= trailing) {
        spans[2 * i + 1] = Math.max(spans[2 * i + 1] - trailing, spans[2 * i]);
      }
    });
    return encoding.with({ ...encoding.columns, spans }, []);
  }
}
