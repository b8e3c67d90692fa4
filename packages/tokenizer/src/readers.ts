import { readDecoder } from './decoders/from-json.js';
import { parseLarge } from './fast/large-json.js';
import { readModel } from './models/from-json.js';
import { readNormalizer } from './normalizers/from-json.js';
import { readPostProcessor } from './post-processors/from-json.js';
import { readPreTokenizer } from './pre-tokenizers/from-json.js';
import { type ComponentReaders, parseJson, readTokenizer, type TokenizerJson } from './read-tokenizer.js';
import type { TokenizerParts } from './tokenizer-core.js';

/** Readers of every component there is. */
const ALL_READERS: ComponentReaders = {
  normalizer: readNormalizer,
  preTokenizer: readPreTokenizer,
  model: readModel,
  postProcessor: readPostProcessor,
  decoder: readDecoder,
};

/** `readTokenizer` for every component, and quick at large files. */
export function readAnyTokenizer(json: TokenizerJson): TokenizerParts {
  return readTokenizer(json, ALL_READERS, (content) => parseLarge(content) ?? parseJson(content));
}
