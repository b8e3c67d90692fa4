import { fillNormal, fillUniform } from './philox.js';

/** Writes a parameter's first values; element i depends on (seed, stream, i) only. */
export type Initialiser = (out: Float32Array | Float64Array, key: { seed: number; stream: number }) => void;

/** Every element `value`. */
export const constant =
  (value: number): Initialiser =>
  (out) => {
    out.fill(value);
  };

/** Normally distributed around 0. */
export const normal =
  (std: number): Initialiser =>
  (out, key) => {
    fillNormal(out, { ...key, mean: 0, std });
  };

/** Uniform in [−bound, bound). */
export const uniform =
  (bound: number): Initialiser =>
  (out, key) => {
    fillUniform(out, { ...key, low: -bound, high: bound });
  };
