export type { SpecialTokenName, TokenizerConfig } from './config.js';
export { readLines } from './lines.js';
export { type LoadTokenizerOptions, loadTokenizer } from './load.js';
export { LoadedTokenizer } from './loaded-tokenizer.js';
export { type PoolCallOptions, TokenizerPool, type TokenizerPoolOptions } from './pool.js';
export { type SaveTokenizerOptions, saveTokenizer } from './save.js';
export { type SaveVocabularyOptions, saveVocabulary } from './save-vocabulary.js';
