export type { AddedToken, AddedTokenInput } from './added-tokens/added-token.js';
export {
  type BertTokenizerOptions,
  bertTokenizer,
  type Gpt2TokenizerOptions,
  gpt2Tokenizer,
  type TiktokenEncoding,
  type TiktokenOptions,
  tiktokenTokenizer,
  type VocabularyInput,
} from './builders/index.js';
export type { Decoder, DecoderStream } from './decoders/decoder.js';
export type { Encoding, EncodingColumns, Span } from './encoding/encoding.js';
export type { TextInput, WordsInput } from './encoding/inputs.js';
export type {
  DecodeOptions,
  EncodeIdsOptions,
  EncodeOptions,
  EncodeWordsOptions,
  EncodingOptions,
} from './encoding/options.js';
export type { Padding, PaddingOptions } from './encoding/padding.js';
export type { Direction, TruncationOptions, TruncationStrategy } from './encoding/truncation.js';
export { TokenizerError, type TokenizerErrorCode } from './errors.js';
export { useWordScanner } from './fast/scanned-words.js';
export type { WordScanner } from './fast/word-scanner.js';
export type { Json, JsonObject } from './json/fields.js';
export type { Model } from './models/model.js';
export type { Normalizer } from './normalizers/normalizer.js';
export type { PostProcessor } from './post-processors/post-processor.js';
export type { PreTokenizer } from './pre-tokenizers/pre-tokenizer.js';
export type { TokenizerJson } from './read-tokenizer.js';
export { Tokenizer } from './tokenizer.js';
export type { DecodeStream, TokenizerCore, TokenizerParts } from './tokenizer-core.js';
export { type ByteLevelBpeTrainingOptions, trainByteLevelBpe } from './trainers/byte-level-bpe.js';
export type { TokenizerModelKind, TokenizerModelOptions } from './trainers/model-trainers.js';
export type {
  TrainingOptions,
  TrainingProgress,
  UnigramTrainingOptions,
  WordLevelTrainingOptions,
} from './trainers/options.js';
export { type RetrainingOptions, retrain } from './trainers/retrain.js';
export { type ComponentInput, type TokenizerTrainingOptions, trainTokenizer } from './trainers/train.js';
export type { Corpus } from './trainers/word-counter.js';
export { trainWordPiece, type WordPieceTrainingOptions } from './trainers/wordpiece.js';
