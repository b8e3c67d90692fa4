import { addLayerNorm, constant, layerNorm, Module, type Placement, type Tensor } from '@gerbert/tensor';

/** y = (x − μ) / √(σ² + ε) · γ + β by row (Ba et al. 2016).   x, y [N, C] */
export class LayerNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly eps: number;

  constructor(width: number, eps: number, placement?: Placement) {
    super(placement);
    this.eps = eps;
    this.weight = this.parameter('weight', [width], constant(1));
    this.bias = this.parameter('bias', [width], constant(0));
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, this.eps);
  }

  /** y = LayerNorm(x + residual), and the sum itself, in one pass. */
  forwardSum(x: Tensor, residual: Tensor): { y: Tensor; sum: Tensor } {
    return addLayerNorm(x, residual, this.weight, { beta: this.bias, eps: this.eps });
  }
}
