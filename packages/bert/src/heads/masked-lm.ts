import {
  type ActivationName,
  constant,
  linear,
  linearCrossEntropy,
  Module,
  normal,
  type PackedPrecision,
  type PackedWeight,
  type Placement,
  packWeight,
  type Tensor,
} from '@gerbert/tensor';
import { LayerNorm, Linear } from '@gerbert/transformer';
import type { BertConfig } from '../config.js';

/** Dense layer, activation, normalisation, and a projection onto the vocabulary whose weight is the word embeddings.   [M, C] → [M, V] */
export class MaskedLMHead extends Module {
  readonly dense: Linear;
  readonly norm: LayerNorm;
  readonly bias: Tensor;
  readonly #activation: ActivationName;
  readonly #words: Tensor;
  #packedWords: PackedWeight | null = null;

  constructor(config: BertConfig, words: Tensor, placement?: Placement) {
    super(placement);
    const { hiddenSize, initializerRange, layerNormEps, vocabSize } = config;
    this.#words = words;
    this.#activation = config.hiddenAct;
    const spec = { inputs: hiddenSize, outputs: hiddenSize, init: normal(initializerRange) };
    this.dense = this.child('transform.dense', new Linear(spec, placement));
    this.norm = this.child('transform.LayerNorm', new LayerNorm(hiddenSize, layerNormEps, placement));
    this.bias = this.parameter('bias', [vocabSize], constant(0));
  }

  /** Logits [M, V] for hidden states [M, C]. */
  forward(hidden: Tensor): Tensor {
    return linear(this.#transform(hidden), this.#packedWords ?? this.#words, this.bias);
  }

  protected override packWeights(precision: PackedPrecision): void {
    this.#packedWords = packWeight(this.#words, { precision });
  }

  protected override disposePacked(): void {
    this.#packedWords?.dispose();
  }

  /** Σ cross-entropy of targets [M] i32, without leaving logits behind. */
  loss(hidden: Tensor, targets: Tensor): Tensor {
    return linearCrossEntropy(this.#transform(hidden), this.#words, this.bias, targets);
  }

  #transform(hidden: Tensor): Tensor {
    return this.norm.forward(this.dense.forward(hidden, { activation: this.#activation })); // [M, C]
  }
}
