import {
  checkOptions,
  type Device,
  empty,
  GerbertError,
  type HostTensor,
  keep,
  type Module,
  noGrad,
  scope,
  type Tensor,
  zeros,
} from '@gerbert/tensor';
import { withDefaults } from '../options.js';

export interface AdamWOptions {
  /** Learning rate before the schedule's factor. */
  lr: number;
  /** Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** Decoupled decay of parameters with two dimensions or more; norms and biases never decay. Default 0.01. */
  weightDecay?: number;
  /** Largest Euclidean norm of all gradients together; larger ones are scaled down to it. 0: no clipping. Default 1. */
  maxNorm?: number;
}

const defaults: Required<Omit<AdamWOptions, 'lr'>> = {
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0.01,
  maxNorm: 1,
};

interface Slot {
  name: string;
  parameter: Tensor;
  m: Tensor;
  v: Tensor;
  decay: number;
}

/** AdamW (Loshchilov & Hutter 2019) over a module's parameters. */
export class AdamW {
  readonly #slots: Slot[] = [];
  readonly #options: Required<AdamWOptions>;
  readonly #device: Device;
  /** Steps taken. */
  steps = 0;

  constructor(model: Module, options: AdamWOptions) {
    checkOptions('AdamW', options, ['lr', ...Object.keys(defaults)]);
    this.#options = withDefaults(options, defaults);
    checkRanges(this.#options);
    for (const [name, parameter] of model.parameters()) {
      if (!parameter.requiresGrad) continue;
      const { shape, dtype, device } = parameter;
      const decay = shape.length >= 2 ? this.#options.weightDecay : 0;
      const [m, v] = [keep(zeros(shape, { dtype, device })), keep(zeros(shape, { dtype, device }))];
      this.#slots.push({ name, parameter, m, v, decay });
    }
    const [first] = this.#slots;
    if (!first) throw new GerbertError('NO_PARAMETERS', 'AdamW: the model has no parameter to train.');
    this.#device = first.parameter.device;
  }

  /** Updates every parameter that has a gradient, with lr · `factor`, and lets the gradients go. */
  step(factor = 1): void {
    this.steps += 1;
    const { lr, betas, eps, maxNorm } = this.#options;
    const [b1, b2] = betas;
    const [c1, c2] = [1 - b1 ** this.steps, 1 - b2 ** this.steps];
    const { backend } = this.#device;
    scope(() =>
      noGrad(() => {
        const clip = this.#clipFactor(maxNorm);
        for (const { parameter, m, v, decay } of this.#slots) {
          const { grad } = parameter;
          if (!grad) continue;
          backend.adamw(parameter, grad, m, v, clip, lr * factor, b1, b2, eps, decay, c1, c2);
          parameter.storage.version += 1;
        }
      }),
    );
    this.zeroGrad();
  }

  /** Lets all gradients go. */
  zeroGrad(): void {
    for (const { parameter } of this.#slots) {
      parameter.grad?.dispose();
      parameter.grad = null;
    }
  }

  /** Moments of every parameter by name, for a checkpoint. */
  async state(): Promise<Map<string, HostTensor>> {
    const all = new Map<string, HostTensor>();
    for (const { name, m, v } of this.#slots) {
      for (const [kind, t] of [['m', m] as const, ['v', v] as const]) {
        all.set(`${name}.${kind}`, { dtype: t.dtype, shape: t.shape, data: await t.read() });
      }
    }
    return all;
  }

  /** Takes back what `state` gave. Throws `STATE_MISMATCH` where a moment is missing. */
  restore(state: ReadonlyMap<string, HostTensor>, steps: number): void {
    const wanted = this.#slots.flatMap(({ name, m, v }) => [[`${name}.m`, m] as const, [`${name}.v`, v] as const]);
    for (const [name, t] of wanted) {
      if (state.get(name)?.data.length !== t.size) {
        throw new GerbertError(
          'STATE_MISMATCH',
          `The optimiser's state does not fit the model: ${name} is missing or of another size.`,
        );
      }
    }
    for (const [name, t] of wanted) t.write(state.get(name)!.data);
    this.steps = steps;
  }

  dispose(): void {
    this.zeroGrad();
    for (const { m, v } of this.#slots) {
      m.dispose();
      v.dispose();
    }
  }

  #clipFactor(maxNorm: number): Tensor {
    const { backend } = this.#device;
    const { dtype } = this.#slots[0]!.parameter;
    const squares = empty([1], dtype, this.#device);
    const factor = squares.emptyLike();
    backend.fill(squares, 0);
    if (maxNorm > 0) {
      for (const { parameter } of this.#slots) if (parameter.grad) backend.sumSquares(squares, parameter.grad, 1);
    }
    backend.clipFactor(factor, squares, maxNorm, 1);
    return factor;
  }
}

/** AdamW over a module's parameters. Throws `OPTION_UNKNOWN`, `OPTION_RANGE`; `NO_PARAMETERS` where there is nothing to train. */
export function adamw(model: Module, options: AdamWOptions): AdamW {
  return new AdamW(model, options);
}

function checkRanges({ lr, betas, eps, weightDecay, maxNorm }: Required<AdamWOptions>): void {
  const range = (name: string, value: number, fits: boolean, what: string) => {
    if (!fits) throw new GerbertError('OPTION_RANGE', `AdamW: ${name} must be ${what}, not ${value}.`);
  };
  range('lr', lr, lr >= 0 && Number.isFinite(lr), 'a finite number, at least 0');
  range('betas', betas.length, betas.length === 2, 'two numbers');
  for (const beta of betas) range('each of betas', beta, beta >= 0 && beta < 1, 'in [0, 1)');
  range('eps', eps, eps > 0, 'above 0');
  range('weightDecay', weightDecay, weightDecay >= 0, 'at least 0');
  range('maxNorm', maxNorm, maxNorm >= 0, 'at least 0');
}
