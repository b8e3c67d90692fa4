import { record } from '../graph.js';
import type { Tensor } from '../tensor.js';
import { asRows } from './operands.js';

/** Softmax over the last dimension. dx = y ∘ (dy − Σ dy ∘ y) by row. */
export const softmax = (x: Tensor): Tensor => normalise('softmax', x, 0);

/** Logarithm of the softmax over the last dimension. dx = dy − softmax(x) · Σ dy by row. */
export const logSoftmax = (x: Tensor): Tensor => normalise('logSoftmax', x, 1);

function normalise(name: string, x: Tensor, log: 0 | 1): Tensor {
  const { backend } = x.device;
  const y = x.emptyLike();
  backend.softmax(asRows(y), asRows(x), log);
  return record({
    name,
    inputs: [x],
    outputs: [y],
    saved: [y],
    backward(gradients, [dy]) {
      const dx = x.emptyLike();
      backend.softmaxBackward(asRows(dx), asRows(dy!), asRows(y), log);
      gradients.give(x, dx);
    },
  });
}
