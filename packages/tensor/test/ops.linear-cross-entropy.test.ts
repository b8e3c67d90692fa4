import { describe, expect, test } from 'vitest';
import {
  crossEntropy,
  gelu,
  ignoreIndex,
  linear,
  linearCrossEntropy,
  matmul,
  noGrad,
  Pool,
  scope,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '../src/index.js';
import { sliceClasses } from '../src/ops/linear-cross-entropy.js';
import { allclose } from '../src/testing/index.js';
import { checkGradients, expectError, indices, leaf, normals, onEachDevice, type Where } from './ops-gradients.js';

// N rows, C width, V classes

const [n, c] = [6, 3];
const v = 2 * sliceClasses + 37;
const targets = [sliceClasses - 1, sliceClasses, 0, v - 1, ignoreIndex, 2 * sliceClasses];
/** Room for no slice, for one and a half, for two, and for all. */
const rooms = (at: Where, rows = n) => {
  const slice = rows * sliceClasses * (at.dtype === 'f32' ? 4 : 8);
  return [0, 1.5 * slice, 2 * slice, Number.POSITIVE_INFINITY];
};

interface Classifier {
  x: Tensor;
  w: Tensor;
  b: Tensor | null;
}

function classifier(at: Where, rows = n): Classifier {
  const [x, w, b] = [normals(n * c, 1).subarray(0, rows * c), normals(v * c, 2), normals(v, 3)];
  return { x: leaf([rows, c], at, x), w: leaf([v, c], at, w), b: leaf([v], at, b) };
}

/** The loss and the gradients of whatever requires one. */
function differentiate({ x, w, b }: Classifier, loss: () => Tensor): Record<string, number[]> {
  const total = scope(() => {
    const found = loss();
    found.backward(0.5);
    return found.detach();
  });
  const results: Record<string, number[]> = { loss: Array.from(total.readSync()) };
  for (const [name, t] of Object.entries({ x, w, b })) {
    if (!t?.grad) continue;
    results[name] = Array.from(t.grad.readSync());
    t.grad.dispose();
    t.grad = null;
  }
  return results;
}

describe('linearCrossEntropy of more classes than a slice', () => {
  onEachDevice('has the same bits for any room', (at) => {
    const of = classifier(at);
    const ids = indices(targets, at);
    const [first, ...others] = rooms(at).map((logitsBytes) =>
      differentiate(of, () => linearCrossEntropy(of.x, of.w, of.b, ids, { logitsBytes })),
    );
    expect(Object.keys(first)).toEqual(['loss', 'x', 'w', 'b']);
    for (const other of others) expect(other).toEqual(first);
    const byDefault = differentiate(of, () => linearCrossEntropy(of.x, of.w, of.b, ids));
    expect(byDefault).toEqual(first);
  });

  onEachDevice('is that of its logits', (at) => {
    const of = classifier(at);
    const ids = indices(targets, at);
    const whole = differentiate(of, () => sum(crossEntropy(linear(of.x, of.w, of.b), ids)));
    const sliced = differentiate(of, () => linearCrossEntropy(of.x, of.w, of.b, ids, { logitsBytes: 0 }));
    // A probability errs by the sum of V exponentials and by what log Σ exp and the C products of a logit round, each of the size of the greatest
    // logit; a gradient is a sum of V or N of them, times a number of x or W, and of all its terms the sizes add up to less than N · size.
    const size = 5;
    const u = at.dtype === 'f32' ? 2 ** -24 : 2 ** -53;
    const atol = 2 * (v + (c + 8) * size * size) * u * n * size;
    for (const [name, got] of Object.entries(sliced)) expect(allclose(got, whole[name], { atol }), name).toBe(true);
  });

  onEachDevice('gives a row the same bits alone, also where others need more room', (at) => {
    const ids = [v - 1, sliceClasses, 5, 6, 7, 8];
    const logitsBytes = rooms(at, 1)[3 - 1];
    const rows = (count: number) => {
      const of = classifier(at, count);
      return differentiate({ ...of, w: of.w.detach() }, () =>
        linearCrossEntropy(of.x, of.w.detach(), of.b!.detach(), indices(ids.slice(0, count), at), { logitsBytes }),
      );
    };
    expect(rows(1).x).toEqual(rows(6).x.slice(0, c));
  });

  onEachDevice('computes only the gradients that are wanted', (at) => {
    const of = classifier(at);
    const all = differentiate(of, () => linearCrossEntropy(of.x, of.w, of.b, indices(targets, at), { logitsBytes: 0 }));
    for (const wanted of ['x', 'w', 'b'] as const) {
      const some = classifier(at);
      for (const t of [some.x, some.w, some.b!]) t.requiresGrad = t === some[wanted];
      const loss = () => linearCrossEntropy(some.x, some.w, some.b, indices(targets, at), { logitsBytes: 0 });
      expect(differentiate(some, loss)).toEqual({ loss: all.loss, [wanted]: all[wanted] });
    }
  });

  onEachDevice('adds to gradients that are there', (at) => {
    const of = classifier(at);
    const loss = (logitsBytes: number) => () =>
      linearCrossEntropy(of.x, of.w, of.b, indices(targets, at), { logitsBytes });
    const once = differentiate(of, loss(0));
    const twice = differentiate(of, () => {
      loss(0)().backward(0.5);
      return loss(0)();
    });
    for (const name of ['x', 'w', 'b']) expect(twice[name]).toEqual(once[name].map((value) => 2 * value));
  });

  const small = [
    [n, c],
    [2, c],
    [2, 1],
  ];
  for (const logitsBytes of [0, Number.POSITIVE_INFINITY]) {
    checkGradients(`linearCrossEntropy by slices, logits in ${logitsBytes} bytes`, small, ([x, w, b], at) => {
      const spread = tensor(normals(2 * v, 4), { shape: [v, 2], ...at });
      const [weight, bias] = [matmul(spread, w), matmul(spread, b).reshape(v)];
      return linearCrossEntropy(gelu(x), weight, bias, indices(targets, at), { logitsBytes });
    });
  }

  onEachDevice('holds no more logits at once than there is room for', (at) => {
    const slice = 64 * sliceClasses * (at.dtype === 'f32' ? 4 : 8);
    const slices = [0, slice, 2.5 * slice, 4 * slice, Number.POSITIVE_INFINITY].map((logitsBytes) => {
      const own: Where = { dtype: at.dtype, device: { ...at.device, pool: new Pool(at.device.backend) } };
      const [x, w] = [leaf([64, 1], own), leaf([4 * sliceClasses, 1], own)];
      const ids = indices(new Array(64).fill(1), own);
      const before = own.device.pool.stats().bytes;
      scope(() => linearCrossEntropy(x, w, null, ids, { logitsBytes }).backward());
      // All else is smaller than a slice: w's gradient has a sixteenth of it.
      return Math.floor((own.device.pool.stats().bytes - before) / slice);
    });
    expect(slices).toEqual([1, 1, 2, 4, 4]);
    const own: Where = { dtype: at.dtype, device: { ...at.device, pool: new Pool(at.device.backend) } };
    const [x, w] = [leaf([64, 1], own), leaf([4 * sliceClasses, 1], own)];
    const ids = indices(new Array(64).fill(1), own);
    const before = own.device.pool.stats().bytes;
    scope(() => noGrad(() => linearCrossEntropy(x, w, null, ids)));
    expect(Math.floor((own.device.pool.stats().bytes - before) / slice)).toBe(1);
  });

  onEachDevice('asks the system for nothing more for fewer rows', (at) => {
    const own: Where = { dtype: at.dtype, device: { ...at.device, pool: new Pool(at.device.backend) } };
    const [x, w] = [leaf([64, 1], own).detach(), leaf([4 * sliceClasses, 1], own)];
    const logitsBytes = 1.4 * 64 * sliceClasses * (at.dtype === 'f32' ? 4 : 8);
    const step = (rows: number) =>
      scope(() => {
        const ids = indices(new Array(rows).fill(1), own);
        linearCrossEntropy(x.rows(0, rows), w, null, ids, { logitsBytes }).backward();
      });
    step(64);
    step(64);
    const { allocations } = own.device.pool.stats();
    for (const rows of [63, 40, 31, 20, 15, 3, 1, 64]) {
      step(rows);
      expect(own.device.pool.stats().allocations, `${rows} rows`).toBe(allocations);
    }
  });

  onEachDevice('minds a bias that is overwritten where it is read again', (at) => {
    const of = classifier(at);
    const loss = (logitsBytes: number) => {
      const found = linearCrossEntropy(of.x, of.w, of.b, indices(targets, at), { logitsBytes });
      of.b!.write(of.b!.readSync());
      return found;
    };
    expectError(() => loss(0).backward(), 'STALE_TENSOR', 'linearCrossEntropy');
    loss(Number.POSITIVE_INFINITY).backward();
    expect(of.b!.grad).not.toBeNull();
  });
});

describe('linearCrossEntropy', () => {
  test('has slices of whole tiles and of whole blocks of exponentials', () => {
    expect([sliceClasses % 64, sliceClasses % 1024]).toEqual([0, 0]);
  });

  const few = [2, 0, ignoreIndex, 1];
  checkGradients('linearCrossEntropy whose weight is x', [[4, 3]], ([x], at) =>
    linearCrossEntropy(x, x, null, indices(few, at)),
  );
  checkGradients('linearCrossEntropy whose weight is x, computed', [[4, 3]], ([x], at) => {
    const h = tanh(x);
    return [linearCrossEntropy(h, h, null, indices(few, at)), gelu(h)];
  });

  onEachDevice('of no classes or no rows is 0', (at) => {
    const [x, w] = [leaf([2, 3], at), leaf([0, 3], at)];
    const none = linearCrossEntropy(x, w, null, indices([ignoreIndex, ignoreIndex], at));
    none.backward();
    expect([...none.readSync(), ...x.grad!.readSync()]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    const [noRows, some] = [leaf([0, 3], at), leaf([5, 3], at)];
    const empty = linearCrossEntropy(noRows, some, null, indices([], at));
    empty.backward();
    expect([...empty.readSync(), ...some.grad!.readSync()]).toEqual(new Array(16).fill(0));
  });

  onEachDevice('refuses options that are none, and targets out of range', (at) => {
    const [x, w] = [leaf([4, 3], at), leaf([5, 3], at)];
    const ids = indices(few, at);
    for (const logitsBytes of [-1, Number.NaN]) {
      expectError(() => linearCrossEntropy(x, w, null, ids, { logitsBytes }), 'OPTION_RANGE', `${logitsBytes}`);
    }
    const typo = { logitBytes: 1 } as never;
    expectError(() => linearCrossEntropy(x, w, null, ids, typo), 'OPTION_UNKNOWN', "'logitsBytes'");
    expectError(() => linearCrossEntropy(x, w, null, indices([0, 0, 0, 5], at)), 'KERNEL_ARGUMENT', '5');
  });
});
