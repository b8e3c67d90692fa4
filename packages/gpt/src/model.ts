import { dropout, embedding, GerbertError, Module, normal, type Placement, type Tensor } from '@gerbert/tensor';
import {
  type BlockSpec,
  Embedding,
  forwardBlocks,
  LayerNorm,
  type Positions,
  PreNormBlock,
} from '@gerbert/transformer';
import type { GptConfig } from './config.js';

// N rows (tokens of the packed batch), C width, V vocabulary.

/** GPT-2's decoder (Radford et al. 2019): embeddings, pre-norm blocks, a last normalisation. Parameter names are those of Hugging Face checkpoints. */
export class GptModel extends Module {
  readonly config: GptConfig;
  /** Whether backward computes each block a second time instead of keeping what is inside of it; no bit depends on it. */
  gradientCheckpointing = false;
  readonly tokens: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly PreNormBlock[];
  readonly norm: LayerNorm;

  constructor(config: GptConfig, placement?: Placement) {
    super(placement);
    this.config = config;
    const { vocabSize, nPositions, nEmbd: width, initializerRange, layerNormEpsilon } = config;
    const init = normal(initializerRange);
    this.tokens = this.child('wte', new Embedding({ size: vocabSize, width, init }, placement));
    this.positions = this.child('wpe', new Embedding({ size: nPositions, width, init }, placement));
    this.blocks = Array.from({ length: config.nLayer }, (_, layer) =>
      this.child(`h.${layer}`, new PreNormBlock(blockSpec(config, layer), placement)),
    );
    this.norm = this.child('ln_f', new LayerNorm(width, layerNormEpsilon, placement));
  }

  /** ids [N] i32 → last hidden states [N, C]. Throws `CONTEXT_LENGTH`. */
  forward(ids: Tensor, at: Positions): Tensor {
    const { nPositions, embdPdrop } = this.config;
    const longest = Math.max(0, ...at.lengths);
    if (longest > nPositions) {
      throw new GerbertError(
        'CONTEXT_LENGTH',
        `A sequence has ${longest} tokens; this GPT has ${nPositions} positions.`,
      );
    }
    const summed = embedding([this.tokens.weight, ids], [this.positions.weight, at.positions]); // [N, C]
    const x = dropout(summed, this.training ? embdPdrop : 0, at.keys);
    return this.norm.forward(forwardBlocks(this.blocks, x, at, { checkpointing: this.gradientCheckpointing }));
  }
}

function blockSpec(config: GptConfig, layer: number): BlockSpec {
  const { nEmbd: width, initializerRange } = config;
  const init = normal(initializerRange);
  // Projections into the residual stream begin smaller, so that its variance does not grow with depth (Radford et al. 2019, §2.3).
  const outputInit = normal(initializerRange / Math.sqrt(2 * config.nLayer));
  const shared = { width, init, outputInit, layout: 'in-out' } as const;
  return {
    attention: {
      ...shared,
      heads: config.nHead,
      causal: true,
      dropout: config.attnPdrop,
      layer,
      names: { qkv: 'c_attn', output: 'c_proj' },
    },
    feedForward: {
      ...shared,
      inner: config.nInner,
      activation: config.activationFunction,
      names: { up: 'c_fc', down: 'c_proj' },
    },
    dropout: config.residPdrop,
    eps: config.layerNormEpsilon,
    names: { attention: 'attn', norm1: 'ln_1', feedForward: 'mlp', norm2: 'ln_2' },
  };
}
