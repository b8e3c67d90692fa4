import { Binary } from '../backend.js';
import { type Gradients, record } from '../graph.js';
import { checkOptions } from '../options.js';
import { sameShape, shapeMismatch } from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { asRows, expectAlike, lastOf } from './operands.js';

/**
 * y = (x − μ) / √(σ² + ε) · γ + β over the last dimension (Ba et al. 2016).   x, y […, C], γ, β [C]
 *
 * @throws `SHAPE_MISMATCH`, `DEVICE_MISMATCH`, `DTYPE_MISMATCH`
 */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps: number): Tensor {
  return normalise(x, null, gamma, { beta, eps }).y;
}

/** Layer normalisation of a sum: s = x + r; y = layerNorm(s). One pass over memory, both results. */
export function addLayerNorm(
  x: Tensor,
  residual: Tensor,
  gamma: Tensor,
  options: { beta: Tensor; eps: number },
): { y: Tensor; sum: Tensor } {
  checkOptions('addLayerNorm', options, ['beta', 'eps']);
  return normalise(x, residual, gamma, options);
}

function normalise(
  x: Tensor,
  residual: Tensor | null,
  gamma: Tensor,
  { beta, eps }: { beta: Tensor; eps: number },
): { y: Tensor; sum: Tensor } {
  check(x, residual, gamma, beta);
  const { backend } = x.device;
  const rows = asRows(x).dims[0]!;

  const y = x.emptyLike();
  const sum = residual ? x.emptyLike() : x;
  const mean = empty([rows], x.dtype, x.device);
  const rstd = empty([rows], x.dtype, x.device);
  const r = residual && asRows(residual);
  backend.layerNorm(asRows(y), mean, rstd, residual && asRows(sum), asRows(x), r, gamma, beta, eps);

  record({
    name: 'layerNorm',
    inputs: [x, residual, gamma, beta],
    outputs: residual ? [y, sum] : [y],
    saved: [sum, mean, rstd, gamma],
    backward(gradients, [dy, dsum]) {
      let ds = dsum;
      if (dy) {
        ds = sum.emptyLike();
        // γ and β take their gradients in place, one call each for whoever wants them.
        const call = (dgamma: Tensor | null, dbeta: Tensor | null) =>
          backend.layerNormBackward(asRows(ds!), dgamma, dbeta, asRows(dy), asRows(sum), mean, rstd, gamma);
        intoBoth(gradients, gamma, beta, call);
        if (dsum) backend.binary(ds, ds, dsum, Binary.add);
      }
      gradients.give(x, ds!);
      if (residual) gradients.give(residual, ds!);
    },
  });
  return { y, sum };
}

/** Calls `write` once, with in-place gradients of gamma and beta where they are wanted (the kernel adds, so fresh ones start at zero). */
function intoBoth(
  gradients: Gradients,
  gamma: Tensor,
  beta: Tensor,
  write: (dgamma: Tensor | null, dbeta: Tensor | null) => void,
): void {
  const { backend } = gamma.device;
  const zeroed = (into: Tensor, accumulate: 0 | 1) => {
    if (!accumulate) backend.fill(into, 0);
    return into;
  };
  const forBeta = (dgamma: Tensor | null) => {
    if (gamma === beta && dgamma) {
      // The same tensor's gradient is being written: its other part comes by itself.
      const dbeta = zeroed(beta.emptyLike(), 0);
      write(dgamma, dbeta);
      backend.binary(dgamma, dgamma, dbeta, Binary.add);
    } else if (gradients.needs(beta))
      gradients.add(beta, (into, accumulate) => write(dgamma, zeroed(into, accumulate)));
    else write(dgamma, null);
  };
  if (gradients.needs(gamma)) gradients.add(gamma, (into, accumulate) => forBeta(zeroed(into, accumulate)));
  else forBeta(null);
}

function check(x: Tensor, residual: Tensor | null, gamma: Tensor, beta: Tensor): void {
  const op = residual ? 'addLayerNorm' : 'layerNorm';
  expectAlike(op, x, residual, gamma, beta);
  const width = [lastOf(x.shape)];
  if (x.shape.length === 0 || !sameShape(gamma.shape, width) || !sameShape(beta.shape, width)) {
    const shapes = { x: x.shape, gamma: gamma.shape, beta: beta.shape };
    shapeMismatch(op, 'x […, C], gamma and beta [C]', shapes);
  }
  if (residual && !sameShape(residual.shape, x.shape)) {
    shapeMismatch(op, 'a residual shaped as x', { x: x.shape, residual: residual.shape });
  }
}
