import { Activation } from '../backend.js';
import { GerbertError } from '../errors.js';
import { type Gradients, record, records } from '../graph.js';
import { bytesPerElement } from '../host.js';
import { checkOptions } from '../options.js';
import { sameShape, shapeMismatch } from '../shape.js';
import { empty, Tensor } from '../tensor.js';
import { checkTargets, ignoreIndex } from './cross-entropy.js';
import { expectAlike, lastOf } from './operands.js';
import { currentPrecision } from './precision.js';
import { sum } from './reduce.js';

export interface LinearCrossEntropyOptions {
  /** How much memory the logits may take, in bytes; those of one slice of 3072 classes they always take. Default 64 MiB. */
  logitsBytes?: number;
}

/** Classes of one slice: whole tiles of the matrix product, and no wider than what a feed-forward layer holds anyway. */
export const sliceClasses = 3072;

/**
 * The summed cross-entropy of a linear classifier: Σₙ crossEntropy(x · Wᵀ + b, targets).   x [N, C], W [V, C], b [V], targets [N] i32, result [1]
 *
 * Logits exist for one slice of the classes at a time, and as many slices as `logitsBytes` has room for are kept for backward, which turns them into
 * their gradient where they lie. It computes the others a second time, a third more work than that of the products without it. Slices
 * and sums are the same whatever is kept, and whatever N is: the option changes no bit.
 *
 * @throws `SHAPE_MISMATCH`, `DEVICE_MISMATCH`, `DTYPE_MISMATCH`, `OPTION_UNKNOWN`, `OPTION_RANGE`; `KERNEL_ARGUMENT` where a target is neither in
 *   [0, V) nor ignored
 */
export function linearCrossEntropy(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  targets: Tensor,
  options: LinearCrossEntropyOptions = {},
): Tensor {
  const room = checkClassifier(x, weight, bias, targets, options);
  const losses = empty([targets.size], x.dtype, x.device);
  const lse = losses.emptyLike();
  const inputs = [x, weight, bias];
  const classifier = new Classifier({ x, weight, bias, targets }, records(inputs) ? room : 0);
  classifier.forward(losses, lse);
  const recomputed = classifier.keepsAll ? [] : [bias];
  const each = record({
    name: 'linearCrossEntropy',
    inputs,
    outputs: [losses],
    saved: [x, weight, ...recomputed, classifier.memory, lse, targets],
    backward: (gradients, [dloss]) => classifier.backward(gradients, dloss!, lse),
  });
  return sum(each);
}

interface Operands {
  readonly x: Tensor;
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly targets: Tensor;
}

/**
 * The slices of one classifier and the memory of their logits, [N, W] each: slice i has the i-th place in it as long as there is room, and all that are
 * left share the last. The more rows, the more memory is asked for, up to the room: so a smaller batch finds that of a larger one.
 */
class Classifier {
  readonly memory: Tensor;
  readonly #places: number;
  readonly #of: Operands;
  readonly #slices: number;
  readonly #width: number;
  readonly #precision = currentPrecision();

  constructor(of: Operands, room: number) {
    this.#of = of;
    const { x, weight } = of;
    const [n, v] = [x.shape[0]!, weight.shape[0]!];
    this.#width = Math.min(v, sliceClasses);
    this.#slices = Math.max(1, Math.ceil(v / sliceClasses));
    const slice = n * this.#width;
    const size = Math.min(this.#slices * slice, Math.max(slice, Math.floor(room / bytesPerElement[x.dtype])));
    this.memory = empty([size], x.dtype, x.device);
    this.#places = slice === 0 ? this.#slices : Math.floor(size / slice);
  }

  get keepsAll(): boolean {
    return this.#places === this.#slices;
  }

  forward(losses: Tensor, lse: Tensor): void {
    const { targets, weight } = this.#of;
    const greatest = this.#slices > 1 ? losses.emptyLike() : null;
    for (let i = 0; i < this.#slices; i++) {
      const { first, logits } = this.#slice(i, Math.min(i, this.#places - 1));
      this.#multiply(i, logits);
      const { backend } = losses.device;
      backend.crossEntropy(losses, lse, greatest, logits, targets, ignoreIndex, first, weight.shape[0]!);
    }
    greatest?.dispose();
  }

  /** Goes through the slices in ascending order, those that were kept first: the memory of the first is then free for the others. */
  backward(gradients: Gradients, dloss: Tensor, lse: Tensor): void {
    const { x, weight, bias } = this.#of;
    // The classes' gradients are written inside of `add`, so that of x, which may be the same tensor, is given afterwards.
    const dx = gradients.needs(x) ? x.emptyLike() : null;
    wanted(gradients, weight, (dw) => wanted(gradients, bias, (db) => this.#backward(dloss, lse, dx, dw, db)));
    if (dx) gradients.give(x, dx);
  }

  #backward(dloss: Tensor, lse: Tensor, dx: Tensor | null, dw: Gradient | null, db: Gradient | null): void {
    const { x, weight, targets } = this.#of;
    const { backend } = x.device;
    // The last place holds the last slice, which comes after those that were not kept.
    const kept = this.keepsAll ? this.#slices : this.#places - 1;
    for (let i = 0; i < this.#slices; i++) {
      const { first, end, logits } = this.#slice(i, i < kept ? i : 0);
      if (i >= kept) this.#multiply(i, logits);
      backend.crossEntropyBackward(logits, dloss, logits, lse, targets, ignoreIndex, first, weight.shape[0]!);
      if (dw) {
        const into = dw.into.rows(first, end);
        backend.gemm(into, logits, x, null, null, null, 1, 0, Activation.none, 1, dw.accumulate, this.#precision);
      }
      if (db) backend.sumRows(db.into.rows(first, end), logits, db.accumulate);
      const rows = weight.rows(first, end);
      if (dx)
        backend.gemm(dx, logits, rows, null, null, null, 0, 0, Activation.none, 1, i > 0 ? 1 : 0, this.#precision);
    }
  }

  /** logits = x · Wᵀ + b of slice i. */
  #multiply(i: number, logits: Tensor): void {
    const { x, weight, bias } = this.#of;
    const { first, end } = this.#slice(i, 0);
    const b = bias?.rows(first, end) ?? null;
    x.device.backend.gemm(
      logits,
      x,
      weight.rows(first, end),
      b,
      null,
      null,
      0,
      1,
      Activation.none,
      1,
      0,
      this.#precision,
    );
  }

  /** Classes [first, end) of slice i, and its logits in one of the places; the last slice may be narrower. */
  #slice(i: number, place: number): { first: number; end: number; logits: Tensor } {
    const first = i * this.#width;
    const end = Math.min(this.#of.weight.shape[0]!, first + this.#width);
    const { storage, dtype } = this.memory;
    const n = this.#of.x.shape[0]!;
    return { first, end, logits: new Tensor(storage, [n, end - first], dtype, place * n * this.#width) };
  }
}

interface Gradient {
  readonly into: Tensor;
  readonly accumulate: 0 | 1;
}

/** Calls `write` with the place of a tensor's gradient, or with null where nobody wants it. */
function wanted(gradients: Gradients, tensor: Tensor | null, write: (gradient: Gradient | null) => void): void {
  if (!tensor || !gradients.needs(tensor)) write(null);
  else gradients.add(tensor, (into, accumulate) => write({ into, accumulate }));
}

/** Returns how many bytes logits may take. */
function checkClassifier(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  targets: Tensor,
  options: LinearCrossEntropyOptions,
): number {
  checkOptions('linearCrossEntropy', options, ['logitsBytes']);
  const { logitsBytes = 64 * 2 ** 20 } = options;
  if (!(logitsBytes >= 0)) {
    throw new GerbertError('OPTION_RANGE', `linearCrossEntropy: logitsBytes is ${logitsBytes}, but must be 0 or more.`);
  }
  expectAlike('linearCrossEntropy', x, weight, bias);
  const [v = 0, c] = weight.shape;
  if (weight.shape.length !== 2 || x.shape.length !== 2 || lastOf(x.shape) !== c) {
    shapeMismatch('linearCrossEntropy', 'x [N, C] and weight [V, C]', { x: x.shape, weight: weight.shape });
  }
  if (bias && !sameShape(bias.shape, [v])) {
    shapeMismatch('linearCrossEntropy', 'a bias of one number per class', { bias: bias.shape, weight: weight.shape });
  }
  checkTargets('linearCrossEntropy', x, targets, [x.shape[0]!, v]);
  return logitsBytes;
}
