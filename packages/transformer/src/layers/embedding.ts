import { gatherRows, type Initialiser, Module, type Placement, type Tensor } from '@gerbert/tensor';

/** y[n] = weight[ids[n]].   ids [N] i32, weight [V, C], y [N, C] */
export class Embedding extends Module {
  readonly weight: Tensor;

  constructor({ size, width, init }: { size: number; width: number; init: Initialiser }, placement?: Placement) {
    super(placement);
    this.weight = this.parameter('weight', [size, width], init);
  }

  forward(ids: Tensor): Tensor {
    return gatherRows(this.weight, ids);
  }
}
