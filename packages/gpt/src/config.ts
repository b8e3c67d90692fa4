import { type ActivationName, checkOptions } from '@gerbert/tensor';
import type { ConfigFile } from '@gerbert/transformer/checkpoint';

/** The shape of a GPT-2; defaults are those of the 124M model. */
export interface GptConfig {
  vocabSize: number;
  /** Most positions (`n_positions`). */
  nPositions: number;
  /** Width (`n_embd`). */
  nEmbd: number;
  nLayer: number;
  nHead: number;
  /** Width between the feed-forward projections (`n_inner`). */
  nInner: number;
  activationFunction: ActivationName;
  residPdrop: number;
  embdPdrop: number;
  attnPdrop: number;
  layerNormEpsilon: number;
  initializerRange: number;
  bosTokenId: number;
  eosTokenId: number;
}

const base: Omit<GptConfig, 'nInner'> = {
  vocabSize: 50257,
  nPositions: 1024,
  nEmbd: 768,
  nLayer: 12,
  nHead: 12,
  activationFunction: 'geluTanh',
  residPdrop: 0.1,
  embdPdrop: 0.1,
  attnPdrop: 0.1,
  layerNormEpsilon: 1e-5,
  initializerRange: 0.02,
  bosTokenId: 50256,
  eosTokenId: 50256,
};

/** GPT-2 124M with some things different; `nInner` follows `nEmbd` unless given. Throws `OPTION_UNKNOWN`. */
export function gptConfig(different: Partial<GptConfig> = {}): GptConfig {
  checkOptions('gptConfig()', different, [...Object.keys(base), 'nInner']);
  return { ...base, nInner: 4 * (different.nEmbd ?? base.nEmbd), ...different };
}

const activations = new Map<string, ActivationName>([
  ['gelu_new', 'geluTanh'],
  ['gelu_pytorch_tanh', 'geluTanh'],
  ['gelu', 'gelu'],
  ['relu', 'relu'],
  ['silu', 'silu'],
  ['swish', 'silu'],
  ['tanh', 'tanh'],
  ['sigmoid', 'sigmoid'],
  ['linear', 'none'],
]);

/** Reads a GPT-2's `config.json`. Throws `CONFIG_MALFORMED`, or `CONFIG_UNSUPPORTED` for a variant that computes something else. */
export function readGptConfig(file: ConfigFile): GptConfig {
  file.expect('model_type', 'gpt2');
  file.expect('scale_attn_weights', true);
  file.expect('scale_attn_by_inverse_layer_idx', false);
  file.expect('add_cross_attention', false);
  file.expect('tie_word_embeddings', true);
  const nEmbd = file.count('n_embd', base.nEmbd);
  const nHead = file.count('n_head', base.nHead);
  file.expectHeads({ key: 'n_embd', value: nEmbd }, { key: 'n_head', value: nHead });
  return {
    vocabSize: file.count('vocab_size', base.vocabSize),
    nPositions: file.count('n_positions', base.nPositions),
    nEmbd,
    nLayer: file.count('n_layer', base.nLayer),
    nHead,
    nInner: file.count('n_inner', 4 * nEmbd),
    activationFunction: file.choice('activation_function', 'gelu_new', activations),
    residPdrop: file.probability('resid_pdrop', base.residPdrop),
    embdPdrop: file.probability('embd_pdrop', base.embdPdrop),
    attnPdrop: file.probability('attn_pdrop', base.attnPdrop),
    layerNormEpsilon: file.number('layer_norm_epsilon', base.layerNormEpsilon),
    initializerRange: file.number('initializer_range', base.initializerRange),
    bosTokenId: file.count('bos_token_id', base.bosTokenId, 0),
    eosTokenId: file.count('eos_token_id', base.eosTokenId, 0),
  };
}

/** The content of `config.json`. */
export function writeGptConfig(config: GptConfig, architecture: string): object {
  return {
    architectures: [architecture],
    model_type: 'gpt2',
    vocab_size: config.vocabSize,
    n_positions: config.nPositions,
    n_embd: config.nEmbd,
    n_layer: config.nLayer,
    n_head: config.nHead,
    n_inner: config.nInner,
    activation_function: [...activations].find(([, ours]) => ours === config.activationFunction)?.[0],
    resid_pdrop: config.residPdrop,
    embd_pdrop: config.embdPdrop,
    attn_pdrop: config.attnPdrop,
    layer_norm_epsilon: config.layerNormEpsilon,
    initializer_range: config.initializerRange,
    bos_token_id: config.bosTokenId,
    eos_token_id: config.eosTokenId,
    tie_word_embeddings: true,
  };
}
