import type { View } from '../backend.js';
import { Arguments, floats } from './arguments.js';

/** See `Kernels.clipFactor`. */
export function clipFactor(factor: View, squares: View, maxNorm: number, scale: number): void {
  const check = new Arguments('clipFactor', { floats: { factor, squares } });
  check.shape('factor', 1);
  check.shape('squares', 1);
  if (!(maxNorm >= 0)) check.fail(`maxNorm = ${maxNorm} must not be negative`);
  const norm = scale * Math.sqrt(floats(squares)[0]);
  floats(factor)[0] = maxNorm === 0 ? scale : scale * Math.min(1, maxNorm / (norm + 1e-6));
}

/** See `Kernels.adamw`. */
export function adamw(
  w: View,
  g: View,
  m: View,
  v: View,
  factor: View,
  lr: number,
  beta1: number,
  beta2: number,
  eps: number,
  decay: number,
  correction1: number,
  correction2: number,
): void {
  const check = new Arguments('adamw', { floats: { w, g, m, v, factor } });
  for (const name of ['g', 'm', 'v']) check.sameSize(name, 'w');
  check.shape('factor', 1);
  const weights = floats(w);
  const gradients = floats(g);
  const means = floats(m);
  const squares = floats(v);
  const by = floats(factor)[0];
  for (let i = 0; i < weights.length; i++) {
    const gradient = by * gradients[i];
    const mean = beta1 * means[i] + (1 - beta1) * gradient;
    const square = beta2 * squares[i] + (1 - beta2) * gradient * gradient;
    means[i] = mean;
    squares[i] = square;
    const weight = weights[i];
    const step = mean / correction1 / (Math.sqrt(square / correction2) + eps);
    weights[i] = weight - lr * (step + decay * weight);
  }
}
