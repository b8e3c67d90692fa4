import { gatherRows, Module, normal, type Placement, type Tensor, tensor } from '@gerbert/tensor';
import { Linear, type Positions } from '@gerbert/transformer';
import type { BertConfig } from '../config.js';
import { firstRows } from '../model.js';

/** tanh(W · h[CLS] + b): one vector a sequence.   hidden [N, C] → [B, C] */
export class BertPooler extends Module {
  readonly dense: Linear;

  constructor({ hiddenSize, initializerRange }: BertConfig, placement?: Placement) {
    super(placement);
    const spec = { inputs: hiddenSize, outputs: hiddenSize, init: normal(initializerRange) };
    this.dense = this.child('dense', new Linear(spec, placement));
  }

  forward(hidden: Tensor, at: Positions): Tensor {
    const rows = tensor(firstRows(at), { dtype: 'i32', device: hidden.device });
    return this.dense.forward(gatherRows(hidden, rows), { activation: 'tanh' });
  }
}
