import { describe, expect } from 'vitest';
import { isRecording } from '../src/graph.js';
import {
  add,
  affine,
  attention,
  checkpoint,
  crossEntropy,
  dropout,
  gatherRows,
  gelu,
  layerNorm,
  linear,
  linearCrossEntropy,
  multiply,
  noGrad,
  Pool,
  relu,
  scope,
  seeded,
  sum,
  Tensor,
  tanh,
  tensor,
} from '../src/index.js';
import { checkGradients, expectError, indices, leaf, onEachDevice, type Where } from './ops-gradients.js';

// N rows, C width

type Wrap = typeof checkpoint;
/** Calls the function as it is. */
const plainly: Wrap = (fn, ...inputs) => fn(...inputs);

const numbers = (t: Tensor | null) => t && Array.from(t.readSync());

/** The loss, and the gradients of the leaves, of a function that may wrap parts of itself. */
function differentiate(
  f: (leaves: Tensor[], wrap: Wrap, at: Where) => Tensor,
  shapes: number[][],
  at: Where,
  wrap: Wrap,
) {
  const leaves = shapes.map((shape) => leaf(shape, at));
  const loss = scope(() => {
    const found = seeded({ seed: 3, step: 4 }, () => f(leaves, wrap, at));
    found.backward(0.5);
    return found.detach();
  });
  return { loss: numbers(loss), gradients: leaves.map(({ grad }) => numbers(grad)) };
}

const [n, c] = [5, 4];
const spans = (at: Where) =>
  indices(
    [
      [0, 3, 0, 3, 0],
      [3, 2, 3, 2, 1],
    ],
    at,
  );
const blockShapes = [[3 * c, c], [c, c], [c], [2 * c, c], [c, 2 * c]];

/** A block with everything in it that keeps something for backward. */
function block(x: Tensor, [qkv, out, gamma, up, down]: Tensor[], at: Where): Tensor {
  const heads = attention(linear(layerNorm(x, gamma!, gamma!, 1e-3), qkv!, null), {
    heads: 2,
    spans: spans(at),
    causal: true,
    dropout: 0.2,
  });
  const h = add(x, dropout(linear(heads, out!, gamma!), 0.3));
  const inner = linear(layerNorm(h, gamma!, gamma!, 1e-3), up!, null, { activation: 'gelu' });
  return linear(dropout(inner, 0.1), down!, null, { residual: h });
}

type Case = (leaves: Tensor[], wrap: Wrap, at: Where) => Tensor;
const cases: [name: string, shapes: number[][], f: Case][] = [
  [
    'blocks with dropout, one after another, whose weights are shared',
    [[n, c], ...blockShapes],
    ([x, ...weights], wrap, at) => {
      let h = gelu(x!);
      for (let layer = 0; layer < 3; layer++) h = wrap((input) => block(input, weights, at), h);
      return sum(multiply(h, dropout(h, 0.5)));
    },
  ],
  [
    'blocks within blocks',
    [[n, c], ...blockShapes],
    ([x, ...weights], wrap, at) => {
      const twice = (input: Tensor) =>
        add(
          dropout(
            wrap(
              (h) => block(h, weights, at),
              wrap((h) => block(h, weights, at), input),
            ),
            0.4,
          ),
          input,
        );
      return sum(tanh(wrap(twice, wrap(twice, x!))));
    },
  ],
  [
    'a table that is also the classifier',
    [
      [7, c],
      [c, c],
    ],
    ([table, w], wrap, at) => {
      const ids = indices([1, 1, 5, 0, 6], at);
      const h = wrap(() => linear(gatherRows(table!, ids), w!, null, { activation: 'geluTanh' }));
      return wrap((input) => linearCrossEntropy(input, table!, null, indices([0, 2, 1, 6, 3], at)), h);
    },
  ],
  [
    'an input that is used elsewhere, before and after',
    [
      [n, c],
      [c, c],
    ],
    ([x, w], wrap) => {
      const h = tanh(x!);
      const before = multiply(h, h);
      const y = wrap((input) => linear(add(input, multiply(input, input)), w!, null, { residual: input }), h);
      return sum(multiply(add(y, before), add(gelu(h), linear(h, w!, null))));
    },
  ],
  [
    'a computed tensor that the function reads from outside',
    [
      [n, c],
      [c, c],
    ],
    ([x, w], wrap) => {
      const [h, scaled] = [gelu(x!), tanh(w!)];
      const y = wrap((input) => linear(multiply(input, h), scaled, null, { residual: h }), relu(x!));
      return sum(multiply(y, linear(h, scaled, null)));
    },
  ],
  [
    'several results, one of which is used twice and one not at all',
    [
      [n, c],
      [c, c],
    ],
    ([x, w], wrap) => {
      const [a, b] = wrap((input) => {
        const h = linear(input, w!, null);
        return [tanh(h), gelu(h), multiply(h, h)];
      }, gelu(x!)) as [Tensor, Tensor, Tensor];
      return sum(multiply(add(a, b), a));
    },
  ],
  [
    'a result that is named twice',
    [[n, c]],
    ([x], wrap) => {
      const [a, b] = wrap((input) => ((h) => [h, h])(tanh(input)), gelu(x!)) as [Tensor, Tensor];
      return sum(add(multiply(a, b), multiply(b, relu(b))));
    },
  ],
  [
    'insides that are freed early',
    [
      [n, c],
      [c, c],
    ],
    ([x, w], wrap) =>
      sum(
        wrap((input) => {
          const frozen = scope(() => affine(tanh(input.detach()), 2));
          noGrad(() => gelu(input)).dispose();
          const y = linear(multiply(input, frozen), w!, null);
          if (!isRecording()) frozen.dispose();
          return gelu(y);
        }, gelu(x!)),
      ),
  ],
  [
    'results that are an input, a parameter, and computed',
    [
      [n, c],
      [n, c],
    ],
    ([x, w], wrap) => {
      const h = gelu(x!);
      const [a, b, input, weight] = wrap((h) => [tanh(h), relu(h), h, w!], h) as Tensor[];
      return sum(multiply(multiply(add(a!, b!), input!), weight!));
    },
  ],
];

describe('checkpoint', () => {
  for (const [name, shapes, f] of cases) {
    onEachDevice(`gives the same bits for ${name}`, (at) => {
      const plain = differentiate(f, shapes, at, plainly);
      expect(differentiate(f, shapes, at, checkpoint)).toEqual(plain);
      expect(plain.gradients).not.toContain(null);
    });
  }

  checkGradients('a checkpoint', [[n, c], ...blockShapes], ([x, ...weights], at) =>
    seeded({ seed: 3, step: 4 }, () => checkpoint((h) => block(h, weights, at), tanh(x))),
  );

  onEachDevice('leaves out what is frozen', (at) => {
    const shapes = [[n, c], ...blockShapes];
    for (const frozen of [[0], [1, 3], [0, 1, 2, 4, 5]]) {
      const f: Case = (leaves, wrap) => {
        for (const i of frozen) leaves[i]!.requiresGrad = false;
        const [x, ...weights] = leaves;
        return sum(wrap((h) => block(h, weights, at), x!));
      };
      const found = differentiate(f, shapes, at, checkpoint);
      expect(found).toEqual(differentiate(f, shapes, at, plainly));
      expect(found.gradients.map((gradient) => gradient === null)).toEqual(shapes.map((_, i) => frozen.includes(i)));
    }
  });

  onEachDevice('runs its function once more in backward, and only then', (at) => {
    const x = leaf([2], at, [1, 2]);
    let runs = 0;
    const f = (input: Tensor) => {
      runs += 1;
      return tanh(input);
    };
    const loss = sum(checkpoint(f, x));
    expect(runs).toBe(1);
    loss.backward();
    expect(runs).toBe(2);
    expectError(() => loss.backward(), 'GRAPH_CONSUMED');
    expect(noGrad(() => checkpoint(f, x)).requiresGrad).toBe(false);
    expect(checkpoint(f, x.detach()).requiresGrad).toBe(false);
    expect(runs).toBe(4);
    const fresh = leaf([2], at, [1, 2]);
    const result = checkpoint((input) => [input, fresh], x);
    expect(result.map((t) => [t.requiresGrad, t === x, t === fresh])).toEqual(new Array(2).fill([true, false, false]));
    expect([x.node, fresh.node]).toEqual([null, null]);
  });

  onEachDevice('draws the masks of its place, and leaves those that follow alone', (at) => {
    const x = leaf([6, 9], at);
    const masks = (wrap: Wrap) =>
      seeded({ seed: 1, step: 2 }, () => {
        const a = dropout(x, 0.5);
        const b = wrap((input) => dropout(dropout(input, 0.2), 0.5), x);
        const c = dropout(x, 0.5);
        sum(add(add(a, b), c)).backward();
        return [a, b, c, dropout(x, 0.5)].map(numbers);
      });
    expect(masks(checkpoint)).toEqual(masks(plainly));
  });

  onEachDevice('finds out what was overwritten or freed since', (at) => {
    const [x, w] = [leaf([n, c], at), leaf([c, c], at)];
    const frozen = tensor([1, 2, 3, 4], at);
    const ids = indices([3, 0, 1, 2, 3], at);
    const loss = () => checkpoint((input) => sum(crossEntropy(linear(multiply(input, frozen), w, null), ids)), x);
    for (const t of [x, w, frozen, ids]) {
      const found = loss();
      t.write(t.readSync());
      expectError(() => found.backward(), 'STALE_TENSOR', 'checkpoint');
    }
    expect([x.grad, w.grad]).toEqual([null, null]);
    const found = loss();
    frozen.dispose();
    expectError(() => found.backward(), 'DISPOSED');
  });

  onEachDevice('finds out a function that is not what it was', (at) => {
    const [x, w] = [leaf([n, c], at), leaf([c], at)];
    const changing = (first: (h: Tensor) => Tensor | Tensor[], second: (h: Tensor) => Tensor | Tensor[]) => {
      let runs = 0;
      const found = checkpoint((h) => (runs++ === 0 ? first(h) : second(h)), gelu(x));
      return sum(found instanceof Tensor ? found : found[0]!);
    };
    const same = (h: Tensor) => add(h, w);
    const wrong: [string, (h: Tensor) => Tensor | Tensor[]][] = [
      ['[20]', (h) => h.reshape(n * c)],
      [`[${n}, ${c}], `, (h) => [same(h), h]],
      ['dropout op', (h) => dropout(h, 0.5)],
    ];
    for (const [part, second] of wrong)
      expectError(() => changing(same, second).backward(), 'CHECKPOINT_CHANGED', part);
    const computed = tanh(x);
    expectError(() => changing(same, (h) => add(h, computed)).backward(), 'CHECKPOINT_CHANGED', 'computed');
    expectError(() => changing(same, () => computed).backward(), 'CHECKPOINT_CHANGED', 'computed');
    const overwriting = (h: Tensor) => {
      const inner = tanh(h);
      const y = multiply(inner, inner);
      inner.write(inner.readSync());
      return y;
    };
    expectError(() => changing(overwriting, overwriting).backward(), 'STALE_TENSOR', 'multiply');
    changing(same, same).backward();
    expect(numbers(w.grad)).toEqual(new Array(c).fill(n));
  });

  onEachDevice('copies no gradient that would not be copied without it', (at) => {
    const copies = (wrap: Wrap) => {
      let count = 0;
      const cast: typeof at.device.backend.cast = (to, from) => {
        count += 1;
        at.device.backend.cast(to, from);
      };
      const backend = { ...at.device.backend, cast };
      const own: Where = { dtype: at.dtype, device: { ...at.device, backend, pool: new Pool(backend) } };
      const [x, w] = [leaf([n, c], own), leaf([c, c], own)];
      scope(() => {
        const residual = (h: Tensor) => linear(tanh(h), w, null, { residual: h });
        sum(wrap(residual, wrap(residual, gelu(x)))).backward();
      });
      return count;
    };
    expect(copies(checkpoint)).toBe(copies(plainly));
  });

  onEachDevice('takes a function that returns tensors at once', (at) => {
    const x = leaf([2], at, [1, 2]);
    for (const result of [undefined, 3, [], [x, null], { x }]) {
      expectError(() => checkpoint((_) => result as never, x), 'CHECKPOINT_RESULT', 'checkpoint');
    }
    expectError(() => checkpoint((async (_: Tensor) => x) as never, x), 'SCOPE_ASYNC', 'checkpoint');
    const thrown = () =>
      checkpoint((_) => {
        throw new Error('inside');
      }, x);
    expect(thrown).toThrow('inside');
    // Recording goes on as before.
    expect(relu(x).requiresGrad).toBe(true);
  });

  onEachDevice('holds the inputs of each part, and the insides of one', (at) => {
    const [rows, width, layers, ops] = [64, 64, 8, 10];
    const one = rows * width * (at.dtype === 'f32' ? 4 : 8);
    const peak = (wrap: Wrap) => {
      const own: Where = { dtype: at.dtype, device: { ...at.device, pool: new Pool(at.device.backend) } };
      const x = leaf([rows, width], own);
      scope(() => {
        let h: Tensor = x;
        const layer = (input: Tensor) => {
          let t = input;
          for (let op = 0; op < ops; op++) t = tanh(affine(t, 0.5));
          return t;
        };
        for (let i = 0; i < layers; i++) h = wrap(layer, h);
        sum(h).backward();
      });
      return own.device.pool.stats().bytes / one;
    };
    // tanh keeps its input and its result; scopes free at their end.
    expect(peak(plainly)).toBeGreaterThanOrEqual(layers * ops * 2);
    // x and its gradient, the layers' results, the insides of a layer, and the gradients within.
    expect(peak(checkpoint)).toBeLessThanOrEqual(2 + layers + ops * 2 + 6);
  });
});
