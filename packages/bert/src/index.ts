export { type BertConfig, bertConfig } from './config.js';
export { type ClassificationBatch, classificationBatch, type LabelledTokens } from './data/classification.js';
export { type Masked, type MaskingOptions, maskTokens } from './data/masking.js';
export { type PairOptions, type SegmentPair, segmentPairs } from './data/pairs.js';
export {
  type PretrainingBatch,
  PretrainingData,
  type PretrainingOptions,
  pretrainingBatch,
} from './data/pretraining.js';
export { copyBody } from './heads/base.js';
export { BertForSequenceClassification } from './heads/classification.js';
export { BertForPreTraining } from './heads/pre-training.js';
export { type BertInput, type Encoded, pack, type Tokens, toDevice } from './input.js';
export { BertEmbeddings, BertModel } from './model.js';
