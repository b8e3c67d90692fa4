import {
  crossEntropy,
  gatherRows,
  type ModelOptions,
  normal,
  type Placement,
  sum,
  type Tensor,
  tensor,
} from '@gerbert/tensor';
import { Linear } from '@gerbert/transformer';
import type { BertConfig } from '../config.js';
import type { PretrainingBatch } from '../data/pretraining.js';
import { toDevice } from '../input.js';
import { BertWithHead, fromConfig, fromPretrained } from './base.js';
import { MaskedLMHead } from './masked-lm.js';
import { BertPooler } from './pooler.js';

/** BERT with both heads of its pre-training: masked words and next sentence. */
export class BertForPreTraining extends BertWithHead {
  readonly architecture = 'BertForPreTraining';
  readonly pooler: BertPooler;
  readonly predictions: MaskedLMHead;
  readonly nextSentence: Linear;

  constructor(config: BertConfig, placement?: Placement) {
    super(config, placement);
    this.pooler = this.child('bert.pooler', new BertPooler(config, placement));
    const words = this.bert.embeddings.words.weight;
    this.predictions = this.child('cls.predictions', new MaskedLMHead(config, words, placement));
    const spec = { inputs: config.hiddenSize, outputs: 2, init: normal(config.initializerRange) };
    this.nextSentence = this.child('cls.seq_relationship', new Linear(spec, placement));
  }

  static fromConfig(config: BertConfig, options?: ModelOptions): BertForPreTraining {
    return fromConfig(BertForPreTraining, config, options);
  }

  static fromPretrained(directory: string, options?: ModelOptions): Promise<BertForPreTraining> {
    return fromPretrained(BertForPreTraining, directory, options);
  }

  /** Logits of the masked rows [M, V], and of "not the next sentence" [B, 2] (0: it follows, 1: random, as in the original). */
  forward(batch: PretrainingBatch): { masked: Tensor; next: Tensor } {
    const { masked, pooled } = this.#hidden(batch);
    return { masked: this.predictions.forward(masked), next: this.nextSentence.forward(pooled) };
  }

  /** Σ cross-entropy of both tasks. */
  loss(batch: PretrainingBatch): { mlm: Tensor; nsp: Tensor } {
    const { masked, pooled } = this.#hidden(batch);
    const index = { dtype: 'i32', device: this.device } as const;
    return {
      mlm: this.predictions.loss(masked, tensor(batch.maskedLabels, index)),
      nsp: sum(crossEntropy(this.nextSentence.forward(pooled), tensor(batch.nextLabels, index))),
    };
  }

  #hidden(batch: PretrainingBatch): { masked: Tensor; pooled: Tensor } {
    const input = toDevice(batch, this.device);
    const hidden = this.bert.forward(input); // [N, C]
    const rows = tensor(batch.maskedRows, { dtype: 'i32', device: this.device });
    return { masked: gatherRows(hidden, rows), pooled: this.pooler.forward(hidden, input.at) };
  }
}
