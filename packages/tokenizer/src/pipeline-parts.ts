import type { Model } from './models/model.js';
import type { Normalizer } from './normalizers/normalizer.js';
import type { PreTokenizer } from './pre-tokenizers/pre-tokenizer.js';

/** What turns text into tokens, in the order normalizer, pre-tokenizer, model. */
export interface PipelineParts {
  model: Model;
  normalizer?: Normalizer;
  preTokenizer?: PreTokenizer;
}
