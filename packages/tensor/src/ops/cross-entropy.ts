import { record } from '../graph.js';
import { type Shape, sameShape, shapeMismatch } from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { expectIndices } from './operands.js';

/** The target that counts for nothing, as in PyTorch. */
export const ignoreIndex = -100;

/**
 * Negative log-likelihood of every row's target, in nats: ℓ[n] = log Σ exp z[n] − z[n, target[n]], 0 where the target is `ignoreIndex`.
 * z [N, V], targets [N] i32, ℓ [N];   dz[n] = (softmax z[n] − onehot) · dℓ[n]
 *
 * @throws `SHAPE_MISMATCH`; `KERNEL_ARGUMENT` where a target is neither in [0, V) nor ignored
 */
export function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
  checkTargets('crossEntropy', logits, targets, logits.shape);
  const classes = logits.shape[1]!;
  const { backend } = logits.device;
  const loss = empty([targets.size], logits.dtype, logits.device);
  const lse = loss.emptyLike();
  backend.crossEntropy(loss, lse, null, logits, targets, ignoreIndex, 0, classes);
  return record({
    name: 'crossEntropy',
    inputs: [logits],
    outputs: [loss],
    saved: [logits, lse, targets],
    backward(gradients, [dloss]) {
      const dlogits = logits.emptyLike();
      backend.crossEntropyBackward(dlogits, dloss!, logits, lse, targets, ignoreIndex, 0, classes);
      gradients.give(logits, dlogits);
    },
  });
}

/** Checks that there is one index for each row of logits [N, V]. */
export function checkTargets(op: string, like: Tensor, targets: Tensor, logits: Shape): void {
  expectIndices(op, targets, like);
  if (logits.length !== 2 || !sameShape(targets.shape, [logits[0]!])) {
    shapeMismatch(op, 'logits [N, V] and targets [N]', { logits, targets: targets.shape });
  }
}
