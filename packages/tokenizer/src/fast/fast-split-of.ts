import { Bpe } from '../models/bpe.js';
import type { PipelineParts } from '../pipeline-parts.js';
import { ByteLevelPreTokenizer } from '../pre-tokenizers/byte-level.js';
import { SequencePreTokenizer } from '../pre-tokenizers/sequence.js';
import { SplitPreTokenizer } from '../pre-tokenizers/split.js';
import { byteLevelEncoder } from './byte-level.js';
import type { FastEncoder } from './fast-encoder.js';
import { scanText } from './text-scan.js';

/** The fast encoder of byte-level BPE divided by a pattern that has a scanner (cl100k_base's, o200k_base's, …). */
export function fastSplitOf({ model, normalizer, preTokenizer }: PipelineParts): FastEncoder | undefined {
  if (normalizer !== undefined || !(preTokenizer instanceof SequencePreTokenizer)) return undefined;
  const [split, byteLevel, ...others] = preTokenizer.preTokenizers;
  if (others.length > 0 || !(split instanceof SplitPreTokenizer) || !(byteLevel instanceof ByteLevelPreTokenizer)) {
    return undefined;
  }
  const { addPrefixSpace, useRegex } = byteLevel.options;
  if (split.scan === undefined || addPrefixSpace || useRegex) return undefined;
  return model instanceof Bpe && model.byteIds !== undefined
    ? byteLevelEncoder(model, scanText(split.scan), false)
    : undefined;
}
