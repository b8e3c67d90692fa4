import type { Fields, JsonObject } from '../json/fields.js';
import { type Decoder, pass, type TokenReceiver, wholeTokens } from './decoder.js';

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

/** Takes such spaces out of one token. */
export function cleanUp(text: string): string {
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

  pipe(next: TokenReceiver): TokenReceiver {
    let first = true;
    return wholeTokens(next, (token) => {
      let text = token;
      if (!first) text = token.startsWith(this.prefix) ? token.slice(this.prefix.length) : ` ${token}`;
      first = false;
      pass(next, this.cleanup ? cleanUp(text) : text);
    });
  }

  toJSON(): JsonObject {
    return { type: 'WordPiece', prefix: this.prefix, cleanup: this.cleanup };
  }
}
