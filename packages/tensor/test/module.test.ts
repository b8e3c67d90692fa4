import { describe, expect, test } from 'vitest';
import {
  constant,
  type HostTensor,
  type Initialiser,
  linear,
  Module,
  normal,
  type Placement,
  readSafetensors,
  scope,
  sum,
  type Tensor,
  tensor,
  uniform,
  writeSafetensors,
} from '../src/index.js';
import { expectError, onEachDevice } from './ops-gradients.js';
import { temporaryFolder } from './safetensors-files.js';

class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;

  constructor(i: number, o: number, at: Placement) {
    super(at);
    this.weight = this.parameter('weight', [o, i], normal(0.5));
    this.bias = this.parameter('bias', [o], uniform(0.25));
  }
}

class Fused extends Module {
  readonly qkv: Tensor;

  constructor(at: Placement) {
    super(at);
    this.qkv = this.parameter(['query.weight', 'key.weight', 'value.weight'], [6, 2], normal(1));
  }
}

class Model extends Module {
  readonly first: Linear;
  readonly attention: Fused;
  readonly scale: Tensor;
  readonly inner: Linear;

  constructor(at: Placement, init: Initialiser = constant(1)) {
    super(at);
    this.first = this.child('encoder.layer.0', new Linear(3, 2, at));
    this.attention = this.child('attention', new Fused(at));
    this.scale = this.parameter('scale', [2], init);
    this.inner = this.child('', new Linear(2, 1, at));
  }
}

const numbers = (t: Tensor) => Array.from(t.readSync());

/** The values of a model by name, as a file would hold them. */
function stateOf(model: Module): Map<string, HostTensor> {
  return new Map([...model.state()].map(([name, t]) => [name, { dtype: t.dtype, shape: t.shape, data: t.readSync() }]));
}

describe('names', () => {
  onEachDevice('are dotted paths, each parameter once, fused ones in parts', (at) => {
    const model = new Model(at);
    const outer = ['encoder.layer.0.weight', 'encoder.layer.0.bias'];
    const fused = ['attention.query.weight', 'attention.key.weight', 'attention.value.weight'];
    expect([...model.parameters()].map(([name]) => name).sort()).toEqual(
      [...outer, fused[0], 'scale', 'weight', 'bias'].sort(),
    );
    expect([...model.state()].map(([name]) => name).sort()).toEqual(
      [...outer, ...fused, 'scale', 'weight', 'bias'].sort(),
    );
    expect([...model.state('bert.')].map(([name]) => name)).toContain('bert.attention.key.weight');
    expect(model.parameterCount()).toBe(6 + 2 + 12 + 2 + 2 + 1);
    for (const [, parameter] of model.parameters()) expect(parameter.requiresGrad).toBe(true);
  });

  onEachDevice('of slices show the rows of the whole', (at) => {
    const model = new Model(at).initialise(1);
    const state = new Map(model.state());
    const parts = ['query', 'key', 'value'].map((part) => state.get(`attention.${part}.weight`)!);
    expect(parts.map(({ shape }) => shape)).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(parts.flatMap(numbers)).toEqual(numbers(model.attention.qkv));
  });

  test('are given once', () => {
    class Twice extends Module {
      constructor() {
        super({ device: 'js' });
        this.parameter('weight', [1], constant(0));
        this.parameter(['bias', 'weight'], [2], constant(0));
      }
    }
    expectError(() => new Twice(), 'NAME_TAKEN', 'Twice', 'weight');
    class Children extends Module {
      constructor() {
        super({ device: 'js' });
        this.child('a', new Fused({ device: 'js' }));
        this.child('a', new Fused({ device: 'js' }));
      }
    }
    expectError(() => new Children(), 'NAME_TAKEN', 'Children', 'a');
  });

  test('split only what can be split', () => {
    class Odd extends Module {
      constructor(shape: number[]) {
        super({ device: 'js' });
        this.parameter(['a', 'b'], shape, constant(0));
      }
    }
    expectError(() => new Odd([3, 2]), 'SHAPE_MISMATCH', 'a, b', '[3, 2]');
    expectError(() => new Odd([]), 'SHAPE_MISMATCH', '[]');
  });
});

describe('a module that is used in two places', () => {
  class Tied extends Module {
    readonly shared: Linear;
    constructor(at: Placement) {
      super(at);
      this.shared = this.child('encoder', new Linear(2, 2, at));
      this.child('decoder', this.shared);
    }
  }

  onEachDevice('has its parameters once, under the first name, and both names in the state', (at) => {
    const model = new Tied(at).initialise(3);
    expect([...model.parameters()].map(([name]) => name)).toEqual(['encoder.weight', 'encoder.bias']);
    expect(model.parameterCount()).toBe(6);
    expect([...model.state()].length).toBe(4);
    const alone = new (class extends Module {
      readonly shared = this.child('encoder', new Linear(2, 2, at));
    })(at).initialise(3);
    expect(numbers(model.shared.weight)).toEqual(numbers(alone.shared.weight));
  });
});

describe('initialise', () => {
  onEachDevice('gives the same numbers for a seed and a name, whatever else the model holds', (at) => {
    class Reversed extends Module {
      readonly attention: Fused;
      readonly first: Linear;
      constructor() {
        super(at);
        this.attention = this.child('attention', new Fused(at));
        this.first = this.child(
          'encoder',
          new (class extends Module {
            readonly linear: Linear = this.child('layer.0', new Linear(3, 2, at));
          })(at),
        ).linear;
      }
    }
    const [a, b] = [new Model(at).initialise(7), new Reversed().initialise(7)];
    expect(numbers(a.first.weight)).toEqual(numbers(b.first.weight));
    expect(numbers(a.first.bias)).toEqual(numbers(b.first.bias));
    expect(numbers(a.attention.qkv)).toEqual(numbers(b.attention.qkv));
    const again = new Model(at).initialise(8);
    expect(numbers(again.first.weight)).not.toEqual(numbers(a.first.weight));
    expect(numbers(again.initialise(7).first.weight)).toEqual(numbers(a.first.weight));
    expect(numbers(a.first.weight).slice(0, 2)).not.toEqual(numbers(a.inner.weight));
    expect(numbers(a.scale)).toEqual([1, 1]);
  });

  onEachDevice('gives the same numbers on every device', (at) => {
    const [here, there] = [new Model({ ...at, dtype: 'f32' }), new Model({ device: 'js', dtype: 'f32' })];
    expect([...stateOf(here.initialise(5))]).toEqual([...stateOf(there.initialise(5))]);
  });

  onEachDevice('follows the initialisers', (at) => {
    const at32 = { ...at, dtype: 'f32' } as const;
    const big = new Linear(60, 60, at32).initialise(1);
    const weight = numbers(big.weight);
    const n = weight.length;
    const mean = weight.reduce((total, value) => total + value, 0) / n;
    const variance = weight.reduce((total, value) => total + (value - mean) ** 2, 0) / n;
    // Four standard deviations of the mean and the variance of n normal numbers.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.5) / Math.sqrt(n));
    expect(Math.abs(variance - 0.25)).toBeLessThan(4 * 0.25 * Math.sqrt(2 / n));
    const bias = numbers(big.bias);
    expect(bias.every((value) => value >= -0.25 && value < 0.25)).toBe(true);
    expect(Math.max(...bias) - Math.min(...bias)).toBeGreaterThan(0.25);
  });

  onEachDevice('makes graphs that read the old numbers stale', (at) => {
    const model = new Linear(2, 2, at).initialise(1);
    const x = tensor([[1, 2]], at);
    x.requiresGrad = true;
    const loss = sum(linear(x, model.weight, model.bias));
    model.initialise(2);
    expectError(() => loss.backward(), 'STALE_TENSOR');
  });
});

describe('loadState', () => {
  const folder = temporaryFolder();

  onEachDevice('takes what state() gives', (at) => {
    const [a, b] = [new Model(at).initialise(1), new Model(at).initialise(2)];
    expect(b.loadState(stateOf(a))).toEqual({ missing: [], unused: [] });
    expect([...stateOf(b)]).toEqual([...stateOf(a)]);
  });

  onEachDevice('converts the dtypes of a file', async (at) => {
    const path = folder.path(`half-${at.device.name}`);
    const half = (...bits: number[]): HostTensor => ({ dtype: 'bf16', shape: [2], data: Uint16Array.from(bits) });
    const file = new Map<string, HostTensor>([
      ['scale', half(0x3fc0, 0xc000)],
      ['bias', { dtype: 'f16', shape: [1], data: Uint16Array.of(0x3e00) }],
      ['weight', { dtype: 'f64', shape: [1, 2], data: Float64Array.of(0.25, -8) }],
      ['attention.key.weight', { dtype: 'i32', shape: [2, 2], data: Int32Array.of(1, 2, 3, 4) }],
    ]);
    await writeSafetensors(path, file);
    const model = new Model(at).initialise(1);
    const before = numbers(model.attention.qkv);
    const { missing } = model.loadState(await readSafetensors(path), { mayMiss: (name) => !file.has(name) });
    expect(missing.length).toBe(4);
    expect(numbers(model.scale)).toEqual([1.5, -2]);
    expect(numbers(model.inner.bias)).toEqual([1.5]);
    expect(numbers(model.inner.weight)).toEqual([0.25, -8]);
    expect(numbers(model.attention.qkv)).toEqual([...before.slice(0, 4), 1, 2, 3, 4, ...before.slice(8)]);
  });

  onEachDevice('tells what was missing and what nobody asked for', (at) => {
    const model = new Model(at).initialise(1);
    const state = stateOf(model);
    state.delete('bias');
    state.set('classifier.weight', { dtype: 'f32', shape: [1], data: Float32Array.of(1) });
    const before = numbers(model.inner.bias);
    const found = model.loadState(state, { mayMiss: (name) => name === 'bias' });
    expect(found).toEqual({ missing: ['bias'], unused: ['classifier.weight'] });
    expect(numbers(model.inner.bias)).toEqual(before);
  });

  onEachDevice('writes nothing where anything does not fit', (at) => {
    const model = new Model(at).initialise(1);
    const before = [...stateOf(model)];
    const other = stateOf(new Model(at).initialise(2));
    const wrong: [HostTensor | undefined, string][] = [
      [undefined, 'scale is missing'],
      [{ dtype: 'f32', shape: [1, 2], data: Float32Array.of(1, 2) }, 'scale has shape [1, 2], the model needs [2]'],
      [{ dtype: 'f32', shape: [2], data: Float32Array.of(1) }, 'scale is f32 [2], but its data are 1 elements'],
      [
        { dtype: 'f32', shape: [2], data: Int32Array.of(1, 2) },
        'scale is f32 [2], but its data are 2 elements in a Int32Array',
      ],
    ];
    for (const [scale, what] of wrong) {
      const state = new Map(other);
      if (scale) state.set('scale', scale);
      else state.delete('scale');
      expectError(() => model.loadState(state), 'STATE_MISMATCH', what);
      expect([...stateOf(model)]).toEqual(before);
    }
    expectError(() => model.loadState(new Map()), 'STATE_MISMATCH', 'is missing', 'and 3 more');
    const typo = { mayMis: () => true } as never;
    expectError(() => model.loadState(new Map(), typo), 'OPTION_UNKNOWN', "'mayMis'", "'mayMiss'");
  });
});

describe('a module', () => {
  onEachDevice('keeps its parameters out of the scope it is made in', (at) => {
    let model: Model | undefined;
    scope(() => {
      model = new Model(at).initialise(1);
    });
    expect(numbers(model!.scale)).toEqual([1, 1]);
    model!.dispose();
  });

  onEachDevice('switches training on and off below', (at) => {
    const model = new Model(at);
    const modules = [model, model.first, model.attention, model.inner];
    expect(modules.map(({ training }) => training)).toEqual([false, false, false, false]);
    expect(model.train()).toBe(model);
    expect(modules.map(({ training }) => training)).toEqual([true, true, true, true]);
    model.first.eval();
    expect(modules.map(({ training }) => training)).toEqual([true, false, true, true]);
    model.eval();
    expect(modules.map(({ training }) => training)).toEqual([false, false, false, false]);
  });

  onEachDevice('frees its parameters and their gradients', (at) => {
    const model = new Linear(2, 2, at).initialise(1);
    sum(linear(tensor([[1, 2]], at), model.weight, model.bias)).backward();
    const { grad } = model.weight;
    model.dispose();
    expect([model.weight.disposed, model.bias.disposed, grad!.disposed]).toEqual([true, true, true]);
  });

  test('has the dtype and device it is given, and refuses other options', () => {
    const at: Placement = { device: 'js', dtype: 'f64' };
    const model = new Linear(1, 1, at);
    expect([model.weight.dtype, model.weight.device.name]).toEqual(['f64', 'js']);
    const typo = { devcie: 'js' } as never;
    expectError(() => new Linear(1, 1, typo), 'OPTION_UNKNOWN', "'devcie'", "'device'");
  });
});
