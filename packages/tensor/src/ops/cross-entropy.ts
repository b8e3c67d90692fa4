import { Activation } from '../backend.js';
import { record } from '../graph.js';
import { sameShape, shapeMismatch } from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { expectAlike, expectIndices, lastOf } from './operands.js';
import { currentPrecision } from './precision.js';
import { sum } from './reduce.js';

/** The target that counts for nothing, as in PyTorch. */
export const ignoreIndex = -100;

/**
 * Negative log-likelihood of every row's target, in nats: ℓ[n] = log Σ exp z[n] − z[n, target[n]], 0 where the target is `ignoreIndex`.
 * z [N, V], targets [N] i32, ℓ [N];   dz[n] = (softmax z[n] − onehot) · dℓ[n]
 *
 * @throws `SHAPE_MISMATCH`; `KERNEL_ARGUMENT` where a target is neither in [0, V) nor ignored
 */
export function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
  checkTargets('crossEntropy', logits, targets);
  const { backend } = logits.device;
  const loss = empty([targets.size], logits.dtype, logits.device);
  const lse = loss.emptyLike();
  backend.crossEntropy(loss, lse, logits, targets, ignoreIndex);
  return record({
    name: 'crossEntropy',
    inputs: [logits],
    outputs: [loss],
    saved: [logits, lse, targets],
    backward(gradients, [dloss]) {
      const dlogits = logits.emptyLike();
      backend.crossEntropyBackward(dlogits, dloss!, logits, lse, targets, ignoreIndex);
      gradients.give(logits, dlogits);
    },
  });
}

/**
 * The summed cross-entropy of a linear classifier, logits kept to itself so that backward can overwrite them with their gradient:
 * Σₙ crossEntropy(x · Wᵀ + b, targets).   x [N, C], W [V, C], b [V], targets [N] i32, result [1]
 */
export function linearCrossEntropy(x: Tensor, weight: Tensor, bias: Tensor | null, targets: Tensor): Tensor {
  expectAlike('linearCrossEntropy', x, weight, bias);
  const [v = 0, c] = weight.shape;
  if (weight.shape.length !== 2 || x.shape.length !== 2 || lastOf(x.shape) !== c) {
    shapeMismatch('linearCrossEntropy', 'x [N, C] and weight [V, C]', { x: x.shape, weight: weight.shape });
  }
  if (bias && !sameShape(bias.shape, [v])) {
    shapeMismatch('linearCrossEntropy', 'a bias of one number per class', { bias: bias.shape, weight: weight.shape });
  }
  const { backend } = x.device;
  const precision = currentPrecision();
  const logits = empty([x.shape[0]!, v], x.dtype, x.device);
  checkTargets('linearCrossEntropy', logits, targets);
  backend.gemm(logits, x, weight, bias, null, null, 0, 1, Activation.none, 1, 0, precision);
  const losses = empty([targets.size], x.dtype, x.device);
  const lse = losses.emptyLike();
  backend.crossEntropy(losses, lse, logits, targets, ignoreIndex);
  const each = record({
    name: 'linearCrossEntropy',
    inputs: [x, weight, bias],
    outputs: [losses],
    saved: [x, weight, logits, lse, targets],
    backward(gradients, [dloss]) {
      const dlogits = logits;
      backend.crossEntropyBackward(dlogits, dloss!, logits, lse, targets, ignoreIndex);
      gradients.add(weight, (dw, accumulate) => {
        backend.gemm(dw, dlogits, x, null, null, null, 1, 0, Activation.none, 1, accumulate, precision);
      });
      if (bias) gradients.add(bias, (db, accumulate) => backend.sumRows(db, dlogits, accumulate));
      gradients.add(x, (dx, accumulate) => {
        backend.gemm(dx, dlogits, weight, null, null, null, 0, 0, Activation.none, 1, accumulate, precision);
      });
    },
  });
  return sum(each);
}

function checkTargets(op: string, logits: Tensor, targets: Tensor): void {
  expectIndices(op, targets, logits);
  if (logits.shape.length !== 2 || !sameShape(targets.shape, [logits.shape[0]!])) {
    shapeMismatch(op, 'logits [N, V] and targets [N]', { logits: logits.shape, targets: targets.shape });
  }
}
