import type { DType } from '../backend.js';
import { record } from '../graph.js';
import { empty, type Tensor } from '../tensor.js';

/** The same numbers as another dtype. The gradient is cast back, where both dtypes have one. */
export function cast(x: Tensor, dtype: DType): Tensor {
  const { backend } = x.device;
  const y = empty(x.shape, dtype, x.device);
  backend.cast(y, x);
  if (dtype !== 'f32' && dtype !== 'f64') return y;
  return record({
    name: 'cast',
    inputs: [x],
    outputs: [y],
    saved: [],
    backward(gradients, [dy]) {
      const dx = x.emptyLike();
      backend.cast(dx, dy!);
      gradients.give(x, dx);
    },
  });
}
