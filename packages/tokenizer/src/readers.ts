import { readDecoder } from './decoders/from-json.js';
import { readModel } from './models/from-json.js';
import { readNormalizer } from './normalizers/from-json.js';
import { readPostProcessor } from './post-processors/from-json.js';
import { readPreTokenizer } from './pre-tokenizers/from-json.js';
import type { ComponentReaders } from './read-tokenizer.js';

/** Readers of every component there is. */
export const ALL_READERS: ComponentReaders = {
  normalizer: readNormalizer,
  preTokenizer: readPreTokenizer,
  model: readModel,
  postProcessor: readPostProcessor,
  decoder: readDecoder,
};
