import { Bpe } from '../models/bpe.js';
import type { PipelineParts } from '../pipeline-parts.js';
import { ByteLevelPreTokenizer } from '../pre-tokenizers/byte-level.js';
import { CLASSES } from '../unicode/classes.js';
import { byteLevelEncoder } from './byte-level.js';
import type { FastEncoder } from './fast-encoder.js';
import { scanGpt2Bytes } from './gpt2-bytes.js';
import { RULES_GPT2 } from './word-scanner.js';

/** The fast encoder of byte-level BPE divided as GPT-2 does; undefined for other parts. */
export function fastByteLevelOf({ model, normalizer, preTokenizer }: PipelineParts): FastEncoder | undefined {
  if (normalizer !== undefined || !(preTokenizer instanceof ByteLevelPreTokenizer)) return undefined;
  const { addPrefixSpace, useRegex } = preTokenizer.options;
  if (!useRegex || !(model instanceof Bpe) || model.byteIds === undefined) return undefined;
  return byteLevelEncoder(model, scanGpt2Bytes, addPrefixSpace, { rules: RULES_GPT2, kinds: CLASSES, densest: 2.6 });
}
