import { Activation, type ActivationCode } from '../backend.js';
import { record } from '../graph.js';
import { checkChoice } from '../options.js';
import type { Tensor } from '../tensor.js';

export type ActivationName = keyof typeof Activation;
const names = Object.keys(Activation);

/** The number that kernels know an activation by. Throws `OPTION_RANGE`. */
export function activationCode(op: string, name: ActivationName): ActivationCode {
  checkChoice(`${op}: the activation`, name, names);
  return Activation[name];
}

/** y = f(x), elementwise; dx = dy ∘ f′(x). See `Activation` for the functions. */
export function activation(x: Tensor, name: ActivationName): Tensor {
  const { backend } = x.device;
  const f = activationCode('activation', name);
  const y = x.emptyLike();
  backend.activation(y, x, f);
  return record({
    name,
    inputs: [x],
    outputs: [y],
    saved: [x],
    backward(gradients, [dy]) {
      const dx = x.emptyLike();
      backend.activationBackward(dx, dy!, x, f);
      gradients.give(x, dx);
    },
  });
}

/** x · Φ(x), by erf (Hendrycks & Gimpel 2016). */
export const gelu = (x: Tensor): Tensor => activation(x, 'gelu');
/** GELU by its tanh approximation, as GPT-2 has it. */
export const geluTanh = (x: Tensor): Tensor => activation(x, 'geluTanh');
export const relu = (x: Tensor): Tensor => activation(x, 'relu');
export const tanh = (x: Tensor): Tensor => activation(x, 'tanh');
export const sigmoid = (x: Tensor): Tensor => activation(x, 'sigmoid');
export const silu = (x: Tensor): Tensor => activation(x, 'silu');
