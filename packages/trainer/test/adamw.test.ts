import {
  constant,
  device,
  type Initialiser,
  Module,
  type Placement,
  RandomStream,
  type Tensor,
  tensor,
  uniform,
} from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { type AdamWOptions, adamw } from '../src/index.js';
import { need, type Place, placement, places } from './places.js';
import { parameters } from './tiny-net.js';

class Weights extends Module {
  readonly matrix: Tensor;
  readonly cube: Tensor;
  readonly vector: Tensor;
  readonly still: Tensor;

  constructor(place: Placement) {
    super(place);
    const init: Initialiser = uniform(1);
    this.matrix = this.parameter('matrix', [5, 7], init);
    this.cube = this.parameter('cube', [2, 3, 4], init);
    this.vector = this.parameter('vector', [9], init);
    this.still = this.parameter('still', [3], constant(2));
    this.initialise(4);
  }
}

const names = ['matrix', 'cube', 'vector'] as const;
const steps = 12;

/** Gradients of step t for every parameter but `still`, which gets none: of growing size, so that some are clipped. */
function gradientsAt(model: Weights, step: number): Map<string, Float64Array> {
  const random = new RandomStream(50 + step);
  const scale = 0.02 * 1.6 ** step;
  return new Map(
    names.map((name) => [name, Float64Array.from({ length: model[name].size }, () => scale * random.normal())]),
  );
}

/** AdamW as Loshchilov & Hutter (2019, algorithm 2) write it, with clipping to a norm before it, in f64. */
function formula(
  weights: Map<string, number[]>,
  options: AdamWOptions,
  gradients: Map<string, Float64Array>[],
  factors: number[],
) {
  const { lr, betas: [b1, b2] = [0.9, 0.999], eps = 1e-8, weightDecay = 0.01, maxNorm = 1 } = options;
  const m = new Map([...weights].map(([name, w]) => [name, w.map(() => 0)]));
  const v = new Map([...weights].map(([name, w]) => [name, w.map(() => 0)]));
  for (const [step, all] of gradients.entries()) {
    let squares = 0;
    for (const g of all.values()) for (const each of g) squares += each ** 2;
    const clip = maxNorm === 0 ? 1 : Math.min(1, maxNorm / (Math.sqrt(squares) + 1e-6));
    for (const [name, g] of all) {
      const decay = name === 'vector' ? 0 : weightDecay;
      const [w, first, second] = [weights.get(name)!, m.get(name)!, v.get(name)!];
      for (const [i, raw] of g.entries()) {
        first[i] = b1 * first[i]! + (1 - b1) * clip * raw;
        second[i] = b2 * second[i]! + (1 - b2) * (clip * raw) ** 2;
        const [mean, square] = [first[i]! / (1 - b1 ** (step + 1)), second[i]! / (1 - b2 ** (step + 1))];
        w[i] = w[i]! - lr * factors[step]! * (mean / (Math.sqrt(square) + eps) + decay * w[i]!);
      }
    }
  }
  return weights;
}

function giveGradients(model: Weights, gradients: Map<string, Float64Array>, { device, dtype }: Place): void {
  for (const [name, values] of gradients) {
    const parameter = model[name as (typeof names)[number]];
    const data = dtype === 'f64' ? values : Float32Array.from(values);
    parameter.grad = tensor(data, { device, dtype, shape: parameter.shape });
  }
}

describe.each(places)('on $device in $dtype', (place) => {
  test.for<AdamWOptions>([
    { lr: 0.1 },
    { lr: 0.05, betas: [0.8, 0.95], eps: 1e-3, weightDecay: 0.3, maxNorm: 0.5 },
    { lr: 0.1, maxNorm: 0 },
    { lr: 0.1, weightDecay: 0 },
    { lr: 0.1, betas: [0, 0] },
  ])('twelve steps follow the formula: %o', async (options, context) => {
    need(place, context);
    const model = new Weights(placement(place));
    const optimizer = adamw(model, options);
    const all = Array.from({ length: steps }, (_, step) => gradientsAt(model, step));
    const norms = all.map((each) => Math.hypot(...[...each.values()].flatMap((g) => [...g])));
    // Both sides of clipping are met.
    expect([Math.min(...norms) < 0.5, Math.max(...norms) > 1]).toEqual([true, true]);
    const factors = Array.from({ length: steps }, (_, step) => 1 / (1 + step));
    const expected = formula(await parameters(model), options, all, factors);
    for (const [step, gradients] of all.entries()) {
      giveGradients(model, gradients, place);
      optimizer.step(factors[step]);
      expect(optimizer.steps).toBe(step + 1);
    }
    // Each step rounds a weight (at most about 2 here) and its update a few times.
    const epsilon = place.dtype === 'f64' ? 2 ** -53 : 2 ** -24;
    const bound = 4 * steps * epsilon * 2;
    for (const [name, values] of await parameters(model)) {
      const worst = Math.max(...values.map((value, i) => Math.abs(value - expected.get(name)![i]!)));
      expect(worst, name).toBeLessThanOrEqual(bound);
    }
  });

  test('its state taken back goes on to the bit', async (context) => {
    need(place, context);
    const run = async (interrupted: boolean) => {
      const model = new Weights(placement(place));
      let optimizer = adamw(model, { lr: 0.1 });
      for (let step = 0; step < 6; step++) {
        if (interrupted && step === 3) {
          const state = await optimizer.state();
          optimizer.dispose();
          optimizer = adamw(model, { lr: 0.1 });
          optimizer.restore(state, 3);
        }
        giveGradients(model, gradientsAt(model, step), place);
        optimizer.step();
      }
      return parameters(model);
    };
    expect(await run(true)).toEqual(await run(false));
  });
});

const at = { device: 'js' };
const code = (name: string) => expect.objectContaining({ code: name });

test('gradients are let go after a step, and their memory with them', () => {
  const model = new Weights(at);
  const optimizer = adamw(model, { lr: 0.1 });
  const { pool } = device('js');
  const [place] = places.filter(({ device, dtype }) => device === 'js' && dtype === 'f32') as [Place];
  giveGradients(model, gradientsAt(model, 0), place);
  const [gradient, used] = [model.matrix.grad!, pool.stats().bytes - pool.stats().idleBytes];
  optimizer.step();
  expect(gradient.disposed).toBe(true);
  expect(model.matrix.grad).toBeNull();
  expect(pool.stats().bytes - pool.stats().idleBytes).toBeLessThan(used);
  giveGradients(model, gradientsAt(model, 0), place);
  optimizer.zeroGrad();
  expect([model.matrix.grad, model.cube.grad, model.vector.grad]).toEqual([null, null, null]);
});

test('parameters that need no gradient are left alone', async () => {
  const model = new Weights(at);
  model.matrix.requiresGrad = false;
  const optimizer = adamw(model, { lr: 0.1 });
  expect([...(await optimizer.state()).keys()]).toEqual(
    ['cube', 'vector', 'still'].flatMap((name) => [`${name}.m`, `${name}.v`]),
  );
  for (const [, parameter] of model.parameters()) parameter.requiresGrad = false;
  expect(() => adamw(model, { lr: 0.1 })).toThrow(code('NO_PARAMETERS'));
});

test('a state that does not fit is refused, and then nothing is taken', async () => {
  const optimizer = adamw(new Weights(at), { lr: 0.1 });
  const before = await optimizer.state();
  const state = new Map([...before].map(([name, moment]) => [name, { ...moment, data: moment.data.map(() => 1) }]));
  state.delete('vector.v');
  expect(() => optimizer.restore(state, 5)).toThrow(code('STATE_MISMATCH'));
  expect(() => optimizer.restore(state, 5)).toThrow('vector.v');
  state.set('vector.v', { dtype: 'f32', shape: [2], data: new Float32Array(2) });
  expect(() => optimizer.restore(state, 5)).toThrow(code('STATE_MISMATCH'));
  expect(await optimizer.state()).toEqual(before);
  expect(optimizer.steps).toBe(0);
});

test('senseless and unknown options are refused', () => {
  const model = new Weights(at);
  for (const options of [
    { lr: -1 },
    { lr: Number.NaN },
    { lr: Number.POSITIVE_INFINITY },
    { lr: 0.1, betas: [0.9, 1] },
    { lr: 0.1, betas: [-0.1, 0.9] },
    { lr: 0.1, betas: [0.9] },
    { lr: 0.1, eps: 0 },
    { lr: 0.1, weightDecay: -1 },
    { lr: 0.1, maxNorm: -1 },
    {},
  ]) {
    expect(() => adamw(model, options as AdamWOptions), JSON.stringify(options)).toThrow(code('OPTION_RANGE'));
  }
  expect(() => adamw(model, { lr: 0.1, weightdecay: 0 } as object as AdamWOptions)).toThrow(
    "did you mean 'weightDecay'?",
  );
  expect(() => adamw(model, { lr: 0.1, betas: undefined, eps: undefined })).not.toThrow();
});
