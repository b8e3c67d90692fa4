import {
  crossEntropy,
  dropout,
  GerbertError,
  type ModelOptions,
  normal,
  type Placement,
  sum,
  type Tensor,
  tensor,
} from '@gerbert/tensor';
import { Linear } from '@gerbert/transformer';
import type { BertConfig } from '../config.js';
import type { ClassificationBatch } from '../data/classification.js';
import { type BertInput, toDevice } from '../input.js';
import { BertWithHead, fromConfig, fromPretrained } from './base.js';
import { BertPooler } from './pooler.js';

/** BERT with a classifier over the pooled [CLS]: one label a sequence (or pair). */
export class BertForSequenceClassification extends BertWithHead {
  readonly architecture = 'BertForSequenceClassification';
  readonly pooler: BertPooler;
  readonly classifier: Linear;

  constructor(config: BertConfig, placement?: Placement) {
    super(config, placement);
    const outputs = config.labels?.length ?? 0;
    if (outputs < 2)
      throw new GerbertError('OPTION_RANGE', 'A classifier needs config.labels: the names of two classes or more.');
    this.pooler = this.child('bert.pooler', new BertPooler(config, placement));
    const spec = { inputs: config.hiddenSize, outputs, init: normal(config.initializerRange) };
    this.classifier = this.child('classifier', new Linear(spec, placement));
  }

  static fromConfig(config: BertConfig, options?: ModelOptions): BertForSequenceClassification {
    return fromConfig(BertForSequenceClassification, config, options);
  }

  /** As for every head; `labels` name the classes of a new classifier. A checkpoint that names none has LABEL_0, LABEL_1, …, as in Hugging Face. */
  static fromPretrained(
    directory: string,
    options: ModelOptions & { labels?: readonly string[] } = {},
  ): Promise<BertForSequenceClassification> {
    const { labels: chosen, ...rest } = options;
    return fromPretrained(BertForSequenceClassification, directory, rest, (config, state) => {
      const classes = state.get('classifier.weight')?.shape[0] ?? 0;
      const labels = chosen ?? config.labels ?? Array.from({ length: classes }, (_, id) => `LABEL_${id}`);
      return { ...config, labels };
    });
  }

  /** Logits [B, classes]. */
  forward(batch: BertInput): Tensor {
    const input = toDevice(batch, this.device);
    const pooled = this.pooler.forward(this.bert.forward(input), input.at); // [B, C]
    const { classifierDropout, hiddenDropoutProb } = this.config;
    const p = this.training ? (classifierDropout ?? hiddenDropoutProb) : 0;
    return this.classifier.forward(dropout(pooled, p)); // [B, classes]
  }

  loss(batch: ClassificationBatch): { classification: Tensor } {
    const labels = tensor(batch.labels, { dtype: 'i32', device: this.device });
    return { classification: sum(crossEntropy(this.forward(batch), labels)) };
  }
}
