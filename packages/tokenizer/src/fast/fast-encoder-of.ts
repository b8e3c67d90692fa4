import { Bpe } from '../models/bpe.js';
import { WordPiece } from '../models/wordpiece.js';
import { BertNormalizer } from '../normalizers/bert.js';
import type { PipelineParts } from '../pipeline-parts.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert.js';
import { ByteLevelPreTokenizer } from '../pre-tokenizers/byte-level.js';
import { bertEncoder } from './bert-words.js';
import { byteLevelEncoder } from './byte-level.js';
import type { FastEncoder } from './fast-encoder.js';
import { scanGpt2Bytes } from './gpt2-bytes.js';

/** The encoder that does at once what the parts do one after the other; undefined where there is none for them. */
export function fastEncoderOf(parts: PipelineParts): FastEncoder | undefined {
  return byteLevelOf(parts) ?? bertOf(parts);
}

function byteLevelOf({ model, normalizer, preTokenizer }: PipelineParts): FastEncoder | undefined {
  if (normalizer !== undefined || !(preTokenizer instanceof ByteLevelPreTokenizer)) return undefined;
  const { addPrefixSpace, useRegex } = preTokenizer.options;
  if (!useRegex || !(model instanceof Bpe) || model.byteIds === undefined) return undefined;
  return byteLevelEncoder(model, scanGpt2Bytes, addPrefixSpace);
}

function bertOf({ model, normalizer, preTokenizer }: PipelineParts): FastEncoder | undefined {
  if (!(model instanceof WordPiece) || !(preTokenizer instanceof BertPreTokenizer)) return undefined;
  if (normalizer !== undefined && !(normalizer instanceof BertNormalizer)) return undefined;
  return bertEncoder(model, normalizer);
}
