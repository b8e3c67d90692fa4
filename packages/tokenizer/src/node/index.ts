export { readLines } from './lines.js';
export { loadTokenizer } from './load.js';
export { type SaveTokenizerOptions, saveTokenizer } from './save.js';
