/**
 * What it takes to run tokenizers of the BERT family, and nothing else: for bundles that should be small. A tokenizer.json
 * may name BertNormalizer, BertPreTokenizer, WordPiece, and the post-processors BertProcessing and TemplateProcessing.
 * @module
 */
import { type BertTokenizerOptions, bertParts } from '../builders/bert.js';
import { WordPieceDecoder } from '../decoders/wordpiece.js';
import { fastBertOf } from '../fast/fast-bert-of.js';
import { readComponent, readRequired } from '../json/component.js';
import type { Fields } from '../json/fields.js';
import { WordPiece } from '../models/wordpiece.js';
import { BertNormalizer } from '../normalizers/bert.js';
import { BertProcessing } from '../post-processors/bert.js';
import type { PostProcessor } from '../post-processors/post-processor.js';
import { TemplateProcessing } from '../post-processors/template.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert.js';
import { type ComponentReaders, readTokenizer, type TokenizerJson } from '../read-tokenizer.js';
import { TokenizerCore } from '../tokenizer-core.js';

export type { BertTokenizerOptions } from '../builders/bert.js';
export type { Encoding } from '../encoding/encoding.js';
export { TokenizerError, type TokenizerErrorCode } from '../errors.js';
export { parseVocabTxt } from '../formats/vocab-txt.js';
export type { TokenizerJson } from '../read-tokenizer.js';
export type { TokenizerCore as Tokenizer } from '../tokenizer-core.js';

const READERS: ComponentReaders = {
  normalizer: (json) => readComponent(json, 'normalizer', new Map([['BertNormalizer', BertNormalizer.read]])),
  preTokenizer: (json) =>
    readComponent(json, 'pre_tokenizer', new Map([['BertPreTokenizer', () => new BertPreTokenizer()]])),
  model: (json) => readRequired(json, 'model', new Map([['WordPiece', WordPiece.read]])),
  postProcessor: (json) =>
    readComponent(
      json,
      'post_processor',
      new Map<string, (fields: Fields) => PostProcessor>([
        ['BertProcessing', BertProcessing.read],
        ['TemplateProcessing', TemplateProcessing.read],
      ]),
    ),
  decoder: (json) => readComponent(json, 'decoder', new Map([['WordPiece', WordPieceDecoder.read]])),
};

/**
 * From the content of a tokenizer.json.
 * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, or `TOKENIZER_COMPONENT_UNSUPPORTED` where it names another component
 */
export function tokenizerFromJSON(json: TokenizerJson): TokenizerCore {
  return new TokenizerCore(readTokenizer(json, READERS), fastBertOf);
}

/**
 * BERT's tokenizer over a vocabulary, as `parseVocabTxt` gives it.
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where the vocabulary lacks the separator or classification token.
 */
export function bertTokenizer(options: BertTokenizerOptions): TokenizerCore {
  return new TokenizerCore(bertParts(options), fastBertOf);
}
