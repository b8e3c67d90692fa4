import { empty, type Module, noGrad, type Tensor, zeros } from '@gerbert/tensor';
import type { AdamWSetting } from './goldens.js';

/** AdamW as the trainer takes it, which this package cannot import: clipping over all gradients, no decay of vectors. */
export class TestAdamW {
  readonly #parameters: Tensor[];
  readonly #moments: { m: Tensor; v: Tensor }[];
  readonly #setting: AdamWSetting;
  #steps = 0;

  constructor(model: Module, setting: AdamWSetting) {
    this.#setting = setting;
    this.#parameters = Array.from(model.parameters(), ([, parameter]) => parameter);
    this.#moments = this.#parameters.map(({ shape, dtype, device }) => ({
      m: zeros(shape, { dtype, device }),
      v: zeros(shape, { dtype, device }),
    }));
  }

  /** Returns the norm of all gradients before they were clipped. */
  async step(): Promise<number> {
    const { lr, betas, eps, weight_decay: decay, max_norm: maxNorm } = this.#setting;
    const [b1, b2] = betas;
    this.#steps += 1;
    const [c1, c2] = [1 - b1 ** this.#steps, 1 - b2 ** this.#steps];
    const [first] = this.#parameters as [Tensor];
    const { backend } = first.device;
    const squares = zeros([1], { dtype: first.dtype, device: first.device });
    const factor = empty([1], first.dtype, first.device);
    noGrad(() => {
      for (const { grad } of this.#parameters) backend.sumSquares(squares, grad!, 1);
      backend.clipFactor(factor, squares, maxNorm, 1);
      for (const [i, w] of this.#parameters.entries()) {
        const { m, v } = this.#moments[i]!;
        const own = w.shape.length >= 2 ? decay : 0;
        backend.adamw(w, w.grad!, m, v, factor, lr, b1, b2, eps, own, c1, c2);
        w.storage.version += 1;
        w.grad!.dispose();
        w.grad = null;
      }
    });
    return Math.sqrt(await squares.item());
  }
}
