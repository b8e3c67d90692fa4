import { readDecoder } from './decoders/from-json.js';
import { readModel } from './models/from-json.js';
import { readNormalizer } from './normalizers/from-json.js';
import { readPostProcessor } from './post-processors/from-json.js';
import { readPreTokenizer } from './pre-tokenizers/from-json.js';
import { type ComponentReaders, readTokenizer, type TokenizerJson } from './read-tokenizer.js';
import { TokenizerCore } from './tokenizer-core.js';

const READERS: ComponentReaders = {
  normalizer: readNormalizer,
  preTokenizer: readPreTokenizer,
  model: readModel,
  postProcessor: readPostProcessor,
  decoder: readDecoder,
};

/** Text to ids and back. Safe to share; only `addTokens` and `addSpecialTokens` change it. */
export class Tokenizer extends TokenizerCore {
  /**
   * From the content of a tokenizer.json, with every component this package has.
   * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, or `TOKENIZER_COMPONENT_UNSUPPORTED` where it asks for something
   * this package does not do: nothing is ignored.
   */
  static fromJSON(json: TokenizerJson): Tokenizer {
    return new Tokenizer(readTokenizer(json, READERS));
  }
}
