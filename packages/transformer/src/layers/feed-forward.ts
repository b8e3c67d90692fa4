import {
  type ActivationName,
  type Initialiser,
  type LinearOptions,
  Module,
  type Placement,
  type Tensor,
} from '@gerbert/tensor';
import { Linear } from './linear.js';

export interface FeedForwardSpec {
  width: number;
  /** Width between the two projections. */
  inner: number;
  activation: ActivationName;
  init: Initialiser;
  /** Of the projection back into the residual stream. Default: `init`. */
  outputInit?: Initialiser;
  layout?: LinearOptions['layout'];
  /** Checkpoint names of the two projections. */
  names: { up: string; down: string };
}

/** y = f(x · W₁ᵀ + b₁) · W₂ᵀ + b₂ (+ residual).   x, y [N, C] */
export class FeedForward extends Module {
  readonly up: Linear;
  readonly down: Linear;
  readonly #activation: ActivationName;

  constructor(spec: FeedForwardSpec, placement?: Placement) {
    super(placement);
    const { width, inner, init, outputInit = init, layout, names } = spec;
    this.#activation = spec.activation;
    this.up = this.child(names.up, new Linear({ inputs: width, outputs: inner, init, layout }, placement));
    this.down = this.child(
      names.down,
      new Linear({ inputs: inner, outputs: width, init: outputInit, layout }, placement),
    );
  }

  forward(x: Tensor, options: { residual?: Tensor } = {}): Tensor {
    const h = this.up.forward(x, { activation: this.#activation }); // [N, inner]
    return this.down.forward(h, options); // [N, C]
  }
}
