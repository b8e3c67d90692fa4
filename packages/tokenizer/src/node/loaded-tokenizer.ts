import { Tokenizer } from '../tokenizer.js';
import type { TokenizerParts } from '../tokenizer-core.js';
import type { TokenizerConfig } from './config.js';

/** A tokenizer from files, with what these say beside it. */
export class LoadedTokenizer extends Tokenizer {
  readonly config: TokenizerConfig;

  constructor(parts: TokenizerParts, config: TokenizerConfig) {
    super(parts);
    this.config = config;
  }
}
