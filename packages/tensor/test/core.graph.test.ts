import { describe, expect, test } from 'vitest';
import {
  add,
  affine,
  crossEntropy,
  type Gradients,
  gelu,
  keep,
  linear,
  multiply,
  noGrad,
  record,
  relu,
  scope,
  sum,
  Tensor,
  tanh,
  tensor,
  writeRows,
} from '../src/index.js';
import { checkGradients, expectError, indices, leaf, normals, onEachDevice, type Where } from './ops-gradients.js';

const numbers = (t: Tensor | null) => Array.from(t!.readSync());

describe('backward', () => {
  onEachDevice('adds to what grad holds, by its scale', (at) => {
    const x = leaf([3], at, [1, 2, 3]);
    sum(multiply(x, x)).backward();
    expect(numbers(x.grad)).toEqual([2, 4, 6]);
    const first = x.grad;
    sum(multiply(x, x)).backward(-0.5);
    expect(numbers(x.grad)).toEqual([1, 2, 3]);
    expect(x.grad).toBe(first);
    expect(x.grad!.shape).toEqual(x.shape);
    expect(x.grad!.requiresGrad).toBe(false);
  });

  onEachDevice('reaches leaves only, and only those that require it', (at) => {
    const [x, fixed] = [leaf([2], at, [1, 2]), tensor([3, 4], at)];
    const h = multiply(x, fixed);
    sum(h).backward();
    expect(numbers(x.grad)).toEqual([3, 4]);
    expect(fixed.grad).toBeNull();
    expect(h.grad).toBeNull();
    const leafAlone = leaf([1], at, [7]);
    leafAlone.backward();
    expect(numbers(leafAlone.grad)).toEqual([1]);
  });

  onEachDevice('leaves alone what the loss does not depend on', (at) => {
    const [x, y] = [leaf([2], at), leaf([2], at)];
    relu(y);
    sum(relu(x)).backward();
    expect(y.grad).toBeNull();
  });

  onEachDevice('takes one element', (at) => {
    const x = leaf([2], at);
    expectError(() => relu(x).backward(), 'SHAPE_MISMATCH', 'backward', '[2]');
    expect(x.grad).toBeNull();
  });

  onEachDevice('needs something that requires a gradient', (at) => {
    expectError(() => sum(tensor([1, 2], at)).backward(), 'NO_GRADIENT');
    expectError(() => noGrad(() => sum(leaf([2], at))).backward(), 'NO_GRADIENT');
    expectError(() => sum(leaf([2], at).detach()).backward(), 'NO_GRADIENT');
  });

  onEachDevice('twice through one graph is an error and adds nothing', (at) => {
    const x = leaf([2], at, [1, 2]);
    const h = tanh(x);
    const loss = sum(h);
    loss.backward();
    const before = numbers(x.grad);
    expectError(() => loss.backward(), 'GRAPH_CONSUMED', 'sum');
    // A part of this graph is new, and its leaf comes first.
    const w = leaf([2], at, [5, 6]);
    expectError(() => sum(multiply(w, h)).backward(), 'GRAPH_CONSUMED', 'tanh');
    expect(numbers(x.grad)).toEqual(before);
    expect(w.grad).toBeNull();
  });

  onEachDevice('through an overwritten tensor is an error and adds nothing', (at) => {
    const [x, w] = [leaf([2], at, [1, 2]), leaf([2], at, [3, 4])];
    const loss = add(sum(multiply(x, x)), sum(w));
    x.write(x.readSync());
    expectError(() => loss.backward(), 'STALE_TENSOR', 'multiply');
    expect([x.grad, w.grad]).toEqual([null, null]);
  });

  onEachDevice('sees writes through other tensors of the same memory', (at) => {
    const x = leaf([2, 2], at, [1, 2, 3, 4]);
    const row = tensor([[9, 9]], at);
    const losses = Array.from({ length: 3 }, () => sum(multiply(x, x)));
    x.reshape(4).write(x.readSync());
    expectError(() => losses[0].backward(), 'STALE_TENSOR');
    const fresh = sum(multiply(x, x));
    noGrad(() => writeRows(x.detach(), row, indices([1], at)));
    expectError(() => fresh.backward(), 'STALE_TENSOR');
    const other = sum(multiply(x, x));
    x.rows(0, 1).write(row.readSync());
    expectError(() => other.backward(), 'STALE_TENSOR');
  });

  onEachDevice('does not mind writes to what it does not read', (at) => {
    const [x, b] = [leaf([2], at, [1, 2]), leaf([2], at, [3, 4])];
    const loss = sum(add(x, b));
    b.write(x.readSync());
    loss.backward();
    expect(numbers(b.grad)).toEqual([1, 1]);
  });

  onEachDevice('through a freed tensor is an error and adds nothing', (at) => {
    const [x, w] = [leaf([2], at, [1, 2]), leaf([1], at, [1])];
    const loss = add(
      scope(() => sum(multiply(tanh(x), x))),
      w,
    );
    expectError(() => loss.backward(), 'DISPOSED');
    expect([x.grad, w.grad]).toEqual([null, null]);
  });

  test('interleaved graphs and awaits do not disturb each other', async () => {
    const at: Where = { device: tensor([0], { device: 'js' }).device, dtype: 'f64' };
    const train = async (factor: number) => {
      const x = leaf([2], at, [1, 2]);
      let h = x;
      for (let i = 0; i < 3; i++) {
        h = affine(h, factor);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const loss = sum(h);
      await loss.read();
      loss.backward();
      return numbers(x.grad);
    };
    expect(await Promise.all([2, 3, -1].map(train))).toEqual([
      [8, 8],
      [27, 27],
      [-1, -1],
    ]);
  });

  onEachDevice('of one loss leaves the graph of another as it was', (at) => {
    const x = leaf([2], at, [1, 2]);
    const [a, b] = [sum(affine(x, 2)), sum(affine(x, 3))];
    b.backward();
    a.backward();
    expect(numbers(x.grad)).toEqual([5, 5]);
  });

  onEachDevice('visits later ops first, however deep the graph', (at) => {
    const x = leaf([1], at, [1]);
    let [a, b]: [Tensor, Tensor] = [x, x];
    // Every node has two paths to each node below it: naive recursion would take 2²⁰⁰ visits.
    for (let i = 0; i < 200; i++) [a, b] = [affine(add(a, b), 0.5), affine(add(b, a), 0.5)];
    add(a, b).backward();
    expect(numbers(x.grad)).toEqual([2]);
    let deep: Tensor = x;
    for (let i = 0; i < 20_000; i++) deep = affine(deep, 1);
    deep.backward();
    expect(numbers(x.grad)).toEqual([3]);
  });
});

describe('noGrad', () => {
  onEachDevice('records nothing, also when it throws', (at) => {
    const x = leaf([2], at);
    expect(noGrad(() => relu(x)).requiresGrad).toBe(false);
    expect(() =>
      noGrad(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(relu(x).requiresGrad).toBe(true);
    noGrad(() => {
      noGrad(() => undefined);
      expect(relu(x).requiresGrad).toBe(false);
    });
  });

  onEachDevice('takes a synchronous function', (at) => {
    const x = leaf([2], at);
    expectError(() => noGrad(async () => relu(x)), 'SCOPE_ASYNC', 'noGrad');
    expect(relu(x).requiresGrad).toBe(true);
  });
});

describe('requiresGrad', () => {
  onEachDevice('is set on floating leaves only', (at) => {
    const x = leaf([2], at);
    const y = relu(x);
    expect(y.requiresGrad).toBe(true);
    expect(() => {
      y.requiresGrad = false;
    }).toThrow(expect.objectContaining({ code: 'NOT_A_LEAF' }));
    const whole = indices([1], at);
    expect(() => {
      whole.requiresGrad = true;
    }).toThrow(expect.objectContaining({ code: 'DTYPE', message: expect.stringContaining('i32') }));
    x.requiresGrad = false;
    expect(relu(x).requiresGrad).toBe(false);
  });
});

describe('record', () => {
  /** y = ½ Σ (x ∘ c)², as one op over several: its gradient x ∘ c² is computed with the forward pass and kept. */
  function energy(x: Tensor, c: Tensor): Tensor {
    const [y, dx] = noGrad(() => {
      const xc = multiply(x, c);
      return [affine(sum(multiply(xc, xc)), 0.5), multiply(xc, c)];
    });
    const backward = (gradients: Gradients, [dy]: readonly (Tensor | undefined)[]) =>
      gradients.give(x, multiply(dx, dy!));
    return record({ name: 'energy', inputs: [x], outputs: [y], saved: [dx], backward });
  }

  const constant = (at: Where) => tensor(normals(6, 9), { shape: [2, 3], ...at });
  checkGradients('a block recorded as one op', [[2, 3]], ([x], at) => energy(x, constant(at)));
  checkGradients('a recorded block among other ops', [[2, 3]], ([x], at) => {
    const h = gelu(x);
    return [add(energy(h, constant(at)), energy(tanh(h), constant(at))), h];
  });

  onEachDevice('lets a gradient be any tensor, which stays as it is', (at) => {
    const constant = tensor([2, 3], at);
    const dot = (x: Tensor) =>
      record({
        name: 'dot',
        inputs: [x],
        outputs: [noGrad(() => sum(multiply(x, constant)))],
        saved: [constant],
        backward: (gradients) => gradients.give(x, constant),
      });
    const x = leaf([2], at, [1, 1]);
    const h = affine(x, 10);
    add(dot(h), dot(h)).backward();
    expect(numbers(x.grad)).toEqual([40, 60]);
    expect(numbers(constant)).toEqual([2, 3]);
    const direct = leaf([2], at, [1, 1]);
    dot(direct).backward();
    expect(numbers(direct.grad)).toEqual([2, 3]);
    direct.grad!.dispose();
    expect(numbers(constant)).toEqual([2, 3]);
  });

  onEachDevice('refuses a gradient of another shape', (at) => {
    const x = leaf([2], at);
    const wrong = record({
      name: 'wrong',
      inputs: [x],
      outputs: [noGrad(() => sum(x))],
      saved: [],
      backward: (gradients, [dy]) => gradients.give(x, dy!),
    });
    expectError(() => wrong.backward(), 'SHAPE_MISMATCH', '[2]', '[1]');
  });

  onEachDevice('gives the gradients of several outputs, undefined where none arrived', (at) => {
    const x = leaf([1], at, [3]);
    const seen: boolean[][] = [];
    const both = () => {
      const outputs: [Tensor, Tensor] = noGrad(() => [affine(x, 2), affine(x, 5)]);
      record({
        name: 'both',
        inputs: [x],
        outputs,
        saved: [],
        backward(gradients, dys) {
          seen.push(dys.map((dy) => dy !== undefined));
          for (const [i, dy] of dys.entries()) if (dy) gradients.give(x, affine(dy, i === 0 ? 2 : 5));
        },
      });
      return outputs;
    };
    both()[0].backward();
    const [first, second] = both();
    add(first, second).backward();
    expect(seen).toEqual([
      [true, false],
      [true, true],
    ]);
    expect(numbers(x.grad)).toEqual([2 + 7]);
  });

  onEachDevice('lets needs() spare work, and a kernel add in place', (at) => {
    const [x, fixed] = [leaf([2], at, [1, 2]), tensor([3, 4], at)];
    const asked: boolean[] = [];
    const flags: number[] = [];
    const f = () =>
      record({
        name: 'f',
        inputs: [x, fixed],
        outputs: [noGrad(() => sum(x))],
        saved: [],
        backward(gradients) {
          asked.push(gradients.needs(x), gradients.needs(fixed));
          gradients.add(fixed, () => asked.push(true));
          gradients.add(x, (into, accumulate) => {
            flags.push(accumulate);
            at.device.backend.affine(into, accumulate ? into : x, 1, 1);
          });
        },
      });
    f().backward();
    f().backward();
    expect(asked).toEqual([true, false, true, false]);
    expect(flags).toEqual([0, 1]);
    expect(numbers(x.grad)).toEqual([3, 4]);
  });
});

describe('what a loss holds on to', () => {
  onEachDevice('is let go by backward', (at) => {
    const [x, w] = [leaf([4, 3], at), leaf([5, 3], at)];
    const loss = sum(crossEntropy(linear(x, w, null), indices([0, 1, 2, 3], at)));
    const { node } = loss;
    loss.backward();
    expect([node!.inputs, node!.outputs, node!.saved, node!.backward]).toEqual([[], [], [], null]);
  });

  onEachDevice('does not depend on the order of keep and backward', (at) => {
    const x = leaf([2], at, [1, 2]);
    const kept = scope(() => {
      const h = keep(tanh(x));
      sum(h).backward();
      return h;
    });
    expect(kept).toBeInstanceOf(Tensor);
    expect(numbers(kept)[0]).toBeCloseTo(Math.tanh(1));
  });
});
