import { type ActivationName, checkOptions } from '@gerbert/tensor';
import type { ConfigFile } from '@gerbert/transformer/checkpoint';

/** The shape of a BERT; defaults are those of bert-base. */
export interface BertConfig {
  vocabSize: number;
  hiddenSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  intermediateSize: number;
  hiddenAct: ActivationName;
  hiddenDropoutProb: number;
  attentionProbsDropoutProb: number;
  /** Of the pooled vector before a classifier. Default: `hiddenDropoutProb`. */
  classifierDropout?: number;
  maxPositionEmbeddings: number;
  typeVocabSize: number;
  initializerRange: number;
  layerNormEps: number;
  padTokenId: number;
  /** Names of the classes of a classification head. */
  labels?: readonly string[];
}

const base: BertConfig = {
  vocabSize: 30522,
  hiddenSize: 768,
  numHiddenLayers: 12,
  numAttentionHeads: 12,
  intermediateSize: 3072,
  hiddenAct: 'gelu',
  hiddenDropoutProb: 0.1,
  attentionProbsDropoutProb: 0.1,
  maxPositionEmbeddings: 512,
  typeVocabSize: 2,
  initializerRange: 0.02,
  layerNormEps: 1e-12,
  padTokenId: 0,
};

/** bert-base with some things different; `intermediateSize` follows `hiddenSize` unless given. Throws `OPTION_UNKNOWN`. */
export function bertConfig(different: Partial<BertConfig> = {}): BertConfig {
  checkOptions('bertConfig()', different, [...Object.keys(base), 'classifierDropout', 'labels']);
  const hiddenSize = different.hiddenSize ?? base.hiddenSize;
  return { ...base, intermediateSize: 4 * hiddenSize, ...different };
}

/** Names of activations in configuration files, and ours. */
const activations = new Map<string, ActivationName>([
  ['gelu', 'gelu'],
  ['gelu_new', 'geluTanh'],
  ['gelu_pytorch_tanh', 'geluTanh'],
  ['relu', 'relu'],
  ['silu', 'silu'],
  ['swish', 'silu'],
  ['tanh', 'tanh'],
  ['sigmoid', 'sigmoid'],
  ['linear', 'none'],
]);

/** Reads a BERT's `config.json`. Throws `CONFIG_MALFORMED`, or `CONFIG_UNSUPPORTED` for a variant that computes something else. */
export function readBertConfig(file: ConfigFile): BertConfig {
  file.expect('model_type', 'bert');
  file.expect('position_embedding_type', 'absolute');
  file.expect('is_decoder', false);
  file.expect('add_cross_attention', false);
  file.expect('tie_word_embeddings', true);
  const labels = file.labels();
  const hiddenSize = file.count('hidden_size', base.hiddenSize);
  const numAttentionHeads = file.count('num_attention_heads', base.numAttentionHeads);
  file.expectHeads({ key: 'hidden_size', value: hiddenSize }, { key: 'num_attention_heads', value: numAttentionHeads });
  return {
    vocabSize: file.count('vocab_size', base.vocabSize),
    hiddenSize,
    numHiddenLayers: file.count('num_hidden_layers', base.numHiddenLayers),
    numAttentionHeads,
    intermediateSize: file.count('intermediate_size', base.intermediateSize),
    hiddenAct: file.choice('hidden_act', 'gelu', activations),
    hiddenDropoutProb: file.probability('hidden_dropout_prob', base.hiddenDropoutProb),
    attentionProbsDropoutProb: file.probability('attention_probs_dropout_prob', base.attentionProbsDropoutProb),
    ...(file.has('classifier_dropout') && { classifierDropout: file.probability('classifier_dropout', 0) }),
    maxPositionEmbeddings: file.count('max_position_embeddings', base.maxPositionEmbeddings),
    typeVocabSize: file.count('type_vocab_size', base.typeVocabSize),
    initializerRange: file.number('initializer_range', base.initializerRange),
    layerNormEps: file.number('layer_norm_eps', base.layerNormEps),
    padTokenId: file.count('pad_token_id', base.padTokenId, 0),
    ...(labels && { labels }),
  };
}

/** The content of `config.json` for a model class named `architecture`. */
export function writeBertConfig(config: BertConfig, architecture: string): object {
  const { labels } = config;
  const act = [...activations].find(([, ours]) => ours === config.hiddenAct)?.[0];
  return {
    architectures: [architecture],
    model_type: 'bert',
    vocab_size: config.vocabSize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.numHiddenLayers,
    num_attention_heads: config.numAttentionHeads,
    intermediate_size: config.intermediateSize,
    hidden_act: act,
    hidden_dropout_prob: config.hiddenDropoutProb,
    attention_probs_dropout_prob: config.attentionProbsDropoutProb,
    classifier_dropout: config.classifierDropout ?? null,
    max_position_embeddings: config.maxPositionEmbeddings,
    type_vocab_size: config.typeVocabSize,
    initializer_range: config.initializerRange,
    layer_norm_eps: config.layerNormEps,
    pad_token_id: config.padTokenId,
    position_embedding_type: 'absolute',
    ...(labels && {
      id2label: Object.fromEntries(labels.entries()),
      label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    }),
  };
}
