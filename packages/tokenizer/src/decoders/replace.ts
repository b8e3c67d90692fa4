import type { Fields, JsonObject } from '../json/fields.js';
import { type Pattern, readPattern } from '../patterns/pattern.js';
import { IntList } from '../text/int-list.js';
import { wellFormed } from '../unicode/well-formed.js';
import { type Decoder, pass, type TokenReceiver, wholeTokens } from './decoder.js';

/** Puts `content` in the place of every match, token by token. */
export class ReplaceDecoder implements Decoder {
  readonly pattern: Pattern;
  readonly content: string;

  constructor(pattern: Pattern, content: string) {
    this.pattern = pattern;
    this.content = content;
  }

  static read(fields: Fields): ReplaceDecoder {
    return new ReplaceDecoder(readPattern(fields.get('pattern'), `${fields.where}.pattern`), fields.string('content'));
  }

  pipe(next: TokenReceiver): TokenReceiver {
    const bounds = new IntList();
    return wholeTokens(next, (given) => {
      const token = wellFormed(given);
      bounds.length = 0;
      this.pattern.findAll(token, 0, token.length, bounds);
      let text = '';
      let at = 0;
      for (let i = 0; i < bounds.length; i += 2) {
        text += token.slice(at, bounds.data[i]) + this.content;
        at = bounds.data[i + 1];
      }
      pass(next, at === 0 && text === '' ? token : text + token.slice(at));
    });
  }

  toJSON(): JsonObject {
    return { type: 'Replace', pattern: this.pattern.toJSON(), content: this.content };
  }
}
