import { Activation } from '../backend.js';
import { GerbertError } from '../errors.js';
import { record, records } from '../graph.js';
import { checkChoice, checkOptions } from '../options.js';
import { type Shape, sameShape, shapeMismatch } from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { type ActivationName, activationCode } from './activation.js';
import { asRows, expectAlike, lastOf } from './operands.js';
import { PackedWeight } from './packed-weight.js';
import { currentPrecision } from './precision.js';

export interface LinearOptions {
  /** Applied to the product and bias. */
  activation?: ActivationName;
  /** Added to the result; shaped as the result. */
  residual?: Tensor | null;
  /** How the weight is stored: `out-in` (PyTorch's Linear, the default) or `in-out` (GPT-2's Conv1D). */
  layout?: 'out-in' | 'in-out';
}

const layouts = ['out-in', 'in-out'] as const;

/**
 * y = f(x · Wᵀ + b) + r.   x […, I], W [O, I] (`in-out`: [I, O] and no transpose), b [O], r and y […, O]
 *
 * With z the argument of f: dz = dy ∘ f′(z), dW = dzᵀ · x, db = Σ dz, dx = dz · W, dr = dy. A packed weight has no backward, and its own layout.
 *
 * @throws `SHAPE_MISMATCH`, `DEVICE_MISMATCH`, `DTYPE_MISMATCH`, `OPTION_UNKNOWN`, `OPTION_RANGE`; of a packed weight `PACK_NO_GRADIENT` where a
 *   gradient would be recorded, `PACK_STALE`
 */
export function linear(
  x: Tensor,
  weight: Tensor | PackedWeight,
  bias: Tensor | null,
  options: LinearOptions = {},
): Tensor {
  checkOptions('linear', options, ['activation', 'residual', 'layout']);
  if (weight instanceof PackedWeight) return packedLinear(x, weight, bias, options);
  const { activation = 'none', residual = null, layout = 'out-in' } = options;
  checkChoice('linear: the layout', layout, layouts);
  const transposed = layout === 'out-in' ? 1 : 0;
  const outputs = checkLinear(x, weight, bias, { residual, layout });
  const { backend } = x.device;
  const f = activationCode('linear', activation);
  const precision = currentPrecision();

  const y = empty([...x.shape.slice(0, -1), outputs], x.dtype, x.device);
  const inputs = [x, weight, bias, residual];
  const z = f === Activation.none || !records(inputs) ? null : y.emptyLike();
  const r = residual && asRows(residual);
  backend.gemm(asRows(y), asRows(x), weight, bias, r, z && asRows(z), 0, transposed, f, 1, 0, precision);

  return record({
    name: 'linear',
    inputs,
    outputs: [y],
    saved: [x, weight, z],
    backward(gradients, [dy]) {
      if (residual) gradients.give(residual, dy!);
      const dz = z ? dy!.emptyLike() : dy!;
      if (z) backend.activationBackward(dz, dy!, z, f);
      const [dzRows, xRows] = [asRows(dz), asRows(x)];
      gradients.add(weight, (dw, accumulate) => {
        const [a, b] = transposed ? [dzRows, xRows] : [xRows, dzRows];
        backend.gemm(dw, a, b, null, null, null, 1, 0, Activation.none, 1, accumulate, precision);
      });
      if (bias) gradients.add(bias, (db, accumulate) => backend.sumRows(db, dzRows, accumulate));
      gradients.add(x, (dx, accumulate) => {
        const toInput = transposed ? 0 : 1;
        backend.gemm(
          asRows(dx),
          dzRows,
          weight,
          null,
          null,
          null,
          0,
          toInput,
          Activation.none,
          1,
          accumulate,
          precision,
        );
      });
    },
  });
}

/** The same without backward, by a weight that was packed. */
function packedLinear(x: Tensor, weight: PackedWeight, bias: Tensor | null, options: LinearOptions): Tensor {
  const { activation = 'none', residual = null } = options;
  expectAlike('linear', x, bias, residual);
  const { inputs, outputs } = weight;
  const f = activationCode('linear', activation);
  if (x.device !== weight.device || x.dtype !== weight.dtype) {
    const [got, made] = [`${x.dtype} on ${x.device.name}`, `${weight.dtype} on ${weight.device.name}`];
    throw new GerbertError('DTYPE_MISMATCH', `linear: x is ${got}, but the weight was packed from ${made}.`);
  }
  if (x.shape.length === 0 || lastOf(x.shape) !== inputs) {
    shapeMismatch('linear', `x […, ${inputs}]`, { x: x.shape, weight: [outputs, inputs] });
  }
  const shape = [...x.shape.slice(0, -1), outputs];
  checkSides({ bias, residual }, { weight: [outputs, inputs], out: shape });
  if (records([x, bias, residual])) {
    throw new GerbertError(
      'PACK_NO_GRADIENT',
      'linear: a packed weight has no backward. Call the model in noGrad(), or do not pack what is trained.',
    );
  }
  weight.checkFresh();
  const y = empty(shape, x.dtype, x.device);
  const r = residual && asRows(residual);
  x.device.backend.gemmPacked(asRows(y), asRows(x), weight.bytes, bias, r, null, f, 1, 0);
  return y;
}

function checkLinear(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  { residual, layout }: { residual: Tensor | null; layout: 'out-in' | 'in-out' },
): number {
  expectAlike('linear', x, weight, bias, residual);
  const [o, i] = layout === 'out-in' ? weight.shape : [weight.shape[1], weight.shape[0]];
  if (weight.shape.length !== 2 || x.shape.length === 0 || lastOf(x.shape) !== i) {
    const expected = layout === 'out-in' ? 'x […, I] and weight [O, I]' : 'x […, I] and weight [I, O]';
    shapeMismatch('linear', expected, { x: x.shape, weight: weight.shape });
  }
  checkSides({ bias, residual }, { weight: weight.shape, out: [...x.shape.slice(0, -1), o!] });
  return o!;
}

function checkSides(
  { bias, residual }: { bias: Tensor | null; residual: Tensor | null },
  { weight, out }: { weight: Shape; out: Shape },
): void {
  if (bias && !sameShape(bias.shape, [lastOf(out)])) {
    shapeMismatch('linear', 'a bias of one number per output', { bias: bias.shape, weight });
  }
  if (residual && !sameShape(residual.shape, out)) {
    shapeMismatch('linear', 'a residual shaped as the result', { residual: residual.shape, result: out });
  }
}
