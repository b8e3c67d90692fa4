/**
 * The umbrella: what the packages below export, in one import. Checkpoint and file access stay with their packages
 * (`@gerbert/tokenizer/node`, `@gerbert/transformer/checkpoint`).
 */
import { wordScanner } from '@gerbert/native';
import { useWordScanner } from '@gerbert/tokenizer';

export * from '@gerbert/bert';
export * from '@gerbert/gpt';
export * from '@gerbert/tensor';
export * from '@gerbert/tokenizer';
export * from '@gerbert/trainer';
export * from '@gerbert/transformer';
export { type DemoOptions, type DemoResult, type Progress, runDemo } from './demo/index.js';

// A bundler may leave this out: tokenizers give the same without, only more slowly.
useWordScanner(wordScanner);
