import { dropout, embedding, Module, normal, type Placement, type Tensor } from '@gerbert/tensor';
import {
  type BlockSpec,
  Embedding,
  forwardBlocks,
  LayerNorm,
  type Positions,
  PostNormBlock,
} from '@gerbert/transformer';
import type { BertConfig } from './config.js';
import { checkIds, type Encoded } from './input.js';

// N rows (tokens of the packed batch), C hidden size, V vocabulary.

/** Word, position and token-type embeddings, summed and normalised. */
export class BertEmbeddings extends Module {
  readonly words: Embedding;
  readonly positions: Embedding;
  readonly types: Embedding;
  readonly norm: LayerNorm;
  readonly #dropout: number;

  constructor(config: BertConfig, placement?: Placement) {
    super(placement);
    const table = (name: string, size: number) =>
      this.child(
        name,
        new Embedding({ size, width: config.hiddenSize, init: normal(config.initializerRange) }, placement),
      );
    this.words = table('word_embeddings', config.vocabSize);
    this.positions = table('position_embeddings', config.maxPositionEmbeddings);
    this.types = table('token_type_embeddings', config.typeVocabSize);
    this.norm = this.child('LayerNorm', new LayerNorm(config.hiddenSize, config.layerNormEps, placement));
    this.#dropout = config.hiddenDropoutProb;
  }

  forward({ ids, typeIds, at }: Encoded): Tensor {
    const { words, positions, types } = this;
    const x = embedding([words.weight, ids], [positions.weight, at.positions], [types.weight, typeIds]); // [N, C]
    return dropout(this.norm.forward(x), this.training ? this.#dropout : 0, at.keys);
  }
}

/** BERT's encoder (Devlin et al. 2019): embeddings and post-norm blocks. Parameter names are those of Hugging Face checkpoints. */
export class BertModel extends Module {
  readonly config: BertConfig;
  /** Whether backward computes each block a second time instead of keeping what is inside of it; no bit depends on it. */
  gradientCheckpointing = false;
  readonly embeddings: BertEmbeddings;
  readonly layers: readonly PostNormBlock[];

  constructor(config: BertConfig, placement?: Placement) {
    super(placement);
    this.config = config;
    this.embeddings = this.child('embeddings', new BertEmbeddings(config, placement));
    this.layers = Array.from({ length: config.numHiddenLayers }, (_, layer) =>
      this.child(`encoder.layer.${layer}`, new PostNormBlock(blockSpec(config, layer), placement)),
    );
  }

  /** Last hidden states [N, C]. */
  forward(input: Encoded): Tensor {
    checkIds(this.config, input);
    const x = this.embeddings.forward(input);
    return forwardBlocks(this.layers, x, input.at, { checkpointing: this.gradientCheckpointing });
  }

  /** The attention probabilities of every layer, each for all sequences in turn [H, T, T] in one flat tensor. No dropout, no gradient. */
  attentionMaps(input: Encoded): Tensor[] {
    checkIds(this.config, input);
    let x = this.embeddings.forward(input);
    return this.layers.map((layer) => {
      const map = layer.attention.probabilities(x, input.at);
      x = layer.forward(x, input.at);
      return map;
    });
  }
}

function blockSpec(config: BertConfig, layer: number): BlockSpec {
  const { hiddenSize: width, initializerRange, layerNormEps: eps } = config;
  const init = normal(initializerRange);
  return {
    attention: {
      width,
      heads: config.numAttentionHeads,
      causal: false,
      dropout: config.attentionProbsDropoutProb,
      layer,
      init,
      names: { qkv: ['self.query', 'self.key', 'self.value'], output: 'output.dense' },
    },
    feedForward: {
      width,
      inner: config.intermediateSize,
      activation: config.hiddenAct,
      init,
      names: { up: 'intermediate.dense', down: 'output.dense' },
    },
    dropout: config.hiddenDropoutProb,
    eps,
    names: { attention: 'attention', norm1: 'attention.output.LayerNorm', feedForward: '', norm2: 'output.LayerNorm' },
  };
}

/** First row of each sequence, [B] i32 values on the host: where [CLS] stands. */
export function firstRows(at: Positions): Int32Array {
  const rows = new Int32Array(at.lengths.length);
  let row = 0;
  for (const [b, length] of at.lengths.entries()) {
    rows[b] = row;
    row += length;
  }
  return rows;
}
