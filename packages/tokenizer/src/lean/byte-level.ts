/**
 * What it takes to run byte-level BPE tokenizers of the GPT-2 and RoBERTa families, and nothing else: for bundles that
 * should be small. A tokenizer.json may name ByteLevel, BPE, and the post-processors ByteLevel, RobertaProcessing and
 * TemplateProcessing, but no normalizer.
 * @module
 */
import { type Gpt2TokenizerOptions, gpt2Parts } from '../builders/gpt2.js';
import { ByteLevelDecoder } from '../decoders/byte-level.js';
import { fastByteLevelOf } from '../fast/fast-byte-level-of.js';
import { readComponent, readRequired } from '../json/component.js';
import type { Fields } from '../json/fields.js';
import { Bpe } from '../models/bpe.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { ByteLevelProcessing } from '../post-processors/byte-level.js';
import type { PostProcessor } from '../post-processors/post-processor.js';
import { RobertaProcessing } from '../post-processors/roberta.js';
import { TemplateProcessing } from '../post-processors/template.js';
import { ByteLevelPreTokenizer, readByteLevel } from '../pre-tokenizers/byte-level.js';
import { type ComponentReaders, readTokenizer, type TokenizerJson } from '../read-tokenizer.js';
import { TokenizerCore } from '../tokenizer-core.js';

export type { Gpt2TokenizerOptions } from '../builders/gpt2.js';
export type { Encoding } from '../encoding/encoding.js';
export { TokenizerError, type TokenizerErrorCode } from '../errors.js';
export { parseMerges, parseVocabJson } from '../formats/vocab-merges.js';
export type { TokenizerJson } from '../read-tokenizer.js';
export type { TokenizerCore as Tokenizer } from '../tokenizer-core.js';

const READERS: ComponentReaders = {
  normalizer: (json) => readComponent(json, 'normalizer', new Map<string, (fields: Fields) => Normalizer>()),
  preTokenizer: (json) =>
    readComponent(
      json,
      'pre_tokenizer',
      new Map([['ByteLevel', (fields: Fields) => new ByteLevelPreTokenizer(readByteLevel(fields))]]),
    ),
  model: (json) => readRequired(json, 'model', new Map([['BPE', Bpe.read]])),
  postProcessor: (json) =>
    readComponent(
      json,
      'post_processor',
      new Map<string, (fields: Fields) => PostProcessor>([
        ['ByteLevel', (fields) => new ByteLevelProcessing(readByteLevel(fields))],
        ['RobertaProcessing', RobertaProcessing.read],
        ['TemplateProcessing', TemplateProcessing.read],
      ]),
    ),
  decoder: (json) =>
    readComponent(
      json,
      'decoder',
      new Map([['ByteLevel', (fields: Fields) => new ByteLevelDecoder(readByteLevel(fields))]]),
    ),
};

/**
 * From the content of a tokenizer.json.
 * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, or `TOKENIZER_COMPONENT_UNSUPPORTED` where it names another component
 */
export function tokenizerFromJSON(json: TokenizerJson): TokenizerCore {
  return new TokenizerCore(readTokenizer(json, READERS), fastByteLevelOf);
}

/** GPT-2's tokenizer over a vocabulary and merges, as `parseVocabJson` and `parseMerges` give them. */
export function gpt2Tokenizer(options: Gpt2TokenizerOptions): TokenizerCore {
  return new TokenizerCore(gpt2Parts(options), fastByteLevelOf);
}
