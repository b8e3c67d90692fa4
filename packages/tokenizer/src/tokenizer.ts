import { fastEncoderOf } from './fast/fast-encoder-of.js';
import type { TokenizerJson } from './read-tokenizer.js';
import { readAnyTokenizer } from './readers.js';
import { TokenizerCore, type TokenizerParts } from './tokenizer-core.js';

/** Text to ids and back. Safe to share; only `addTokens` and `addSpecialTokens` change it. */
export class Tokenizer extends TokenizerCore {
  constructor(parts: TokenizerParts) {
    super(parts, fastEncoderOf);
  }

  /**
   * From the content of a tokenizer.json, with every component this package has.
   * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, or `TOKENIZER_COMPONENT_UNSUPPORTED` where it asks for something
   * this package does not do.
   */
  static fromJSON(json: TokenizerJson): Tokenizer {
    return new Tokenizer(readAnyTokenizer(json));
  }
}
