import { WordPiece } from '../models/wordpiece.js';
import { BertNormalizer } from '../normalizers/bert.js';
import type { PipelineParts } from '../pipeline-parts.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert.js';
import { bertEncoder } from './bert-words.js';
import type { FastEncoder } from './fast-encoder.js';

/** The fast encoder of BERT's words and WordPiece; undefined for other parts. */
export function fastBertOf({ model, normalizer, preTokenizer }: PipelineParts): FastEncoder | undefined {
  if (!(model instanceof WordPiece) || !(preTokenizer instanceof BertPreTokenizer)) return undefined;
  if (normalizer !== undefined && !(normalizer instanceof BertNormalizer)) return undefined;
  return bertEncoder(model, normalizer);
}
