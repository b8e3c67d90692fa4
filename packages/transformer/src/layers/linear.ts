import {
  constant,
  type Initialiser,
  type LinearOptions,
  linear,
  Module,
  type PackedPrecision,
  type PackedWeight,
  type Placement,
  packWeight,
  type Tensor,
} from '@gerbert/tensor';

export interface LinearSpec {
  inputs: number;
  outputs: number;
  init: Initialiser;
  bias?: boolean;
  layout?: LinearOptions['layout'];
  /** Names of the modules whose weights are stacked in this one, where a checkpoint keeps them apart. Default: one unnamed. */
  parts?: readonly string[];
}

/** y = f(x · Wᵀ + b) (+ residual).   x [N, I], y [N, O] */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly #layout: 'out-in' | 'in-out';
  #packed: PackedWeight | null = null;

  constructor({ inputs, outputs, init, bias = true, layout = 'out-in', parts }: LinearSpec, placement?: Placement) {
    super(placement);
    this.#layout = layout;
    const named = (leaf: string) => parts?.map((part) => `${part}.${leaf}`) ?? leaf;
    const shape = layout === 'out-in' ? [outputs, inputs] : [inputs, outputs];
    this.weight = this.parameter(named('weight'), shape, init);
    this.bias = bias ? this.parameter(named('bias'), [outputs], constant(0)) : null;
  }

  forward(x: Tensor, options: Pick<LinearOptions, 'activation' | 'residual'> = {}): Tensor {
    return linear(x, this.#packed ?? this.weight, this.bias, { ...options, layout: this.#layout });
  }

  protected override packWeights(precision: PackedPrecision): void {
    this.#packed = packWeight(this.weight, { precision, layout: this.#layout });
    this.weight.dispose();
  }

  protected override disposePacked(): void {
    this.#packed?.dispose();
  }
}
