import type { Fields, JsonObject } from '../json/fields.js';
import type { Decoder, DecoderStream } from './decoder.js';

/** Spaces that tokenizing English put in, in the order in which they are taken out again. */
const CLEANUPS = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const;

function cleanUp(text: string): string {
  return CLEANUPS.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

/** Joins words by spaces and continuing tokens to what stands before: `un` `##aff` `##able` `!` → `unaffable!`. */
export class WordPieceDecoder implements Decoder {
  readonly prefix: string;
  readonly cleanup: boolean;

  constructor(prefix = '##', cleanup = true) {
    this.prefix = prefix;
    this.cleanup = cleanup;
  }

  static read(fields: Fields): WordPieceDecoder {
    return new WordPieceDecoder(fields.string('prefix'), fields.boolean('cleanup'));
  }

  stream(): DecoderStream {
    let first = true;
    return {
      push: (token) => {
        let text = token;
        if (!first) text = token.startsWith(this.prefix) ? token.slice(this.prefix.length) : ` ${token}`;
        first = false;
        return this.cleanup ? cleanUp(text) : text;
      },
      end: () => '',
    };
  }

  toJSON(): JsonObject {
    return { type: 'WordPiece', prefix: this.prefix, cleanup: this.cleanup };
  }
}
