import { record } from '../graph.js';
import { empty, type Tensor } from '../tensor.js';
import { affine } from './arithmetic.js';
import { asRows } from './operands.js';

/** y [1] = Σ x; dx = dy everywhere. */
export function sum(x: Tensor): Tensor {
  const { backend } = x.device;
  const y = empty([1], x.dtype, x.device);
  backend.sum(y, x);
  return record({
    name: 'sum',
    inputs: [x],
    outputs: [y],
    saved: [],
    backward(gradients, [dy]) {
      gradients.add(x, (dx, accumulate) => {
        if (!accumulate) backend.fill(dx, 0);
        backend.binary(dx, dx, dy!, 0);
      });
    },
  });
}

/** y [1] = the mean of x; NaN for an empty x. */
export function mean(x: Tensor): Tensor {
  return affine(sum(x), 1 / x.size);
}

/** The index of the greatest element of every row: x […, C] → […] i32. The first of equals; a NaN counts as greatest. No gradient. */
export function argmax(x: Tensor): Tensor {
  const y = empty(x.shape.slice(0, -1), 'i32', x.device);
  x.device.backend.argmaxRows({ buffer: y.buffer, offset: y.offset, dtype: 'i32', dims: [y.size] }, asRows(x));
  return y;
}
