import { describe, expect, test } from 'vitest';
import { DisposedError, device, gelu, keep, Pool, relu, scope, sum, Tensor, tensor, zeros } from '../src/index.js';
import { currentScope } from '../src/scope.js';
import { expectError, leaf, onEachDevice } from './ops-gradients.js';

describe('scope', () => {
  onEachDevice('frees what it does not return', (at) => {
    const inside: Tensor[] = [];
    const y = scope(() => {
      inside.push(tensor([1, 2], at), tensor([3, 4], at));
      inside.push(relu(inside[0]));
      return inside[1];
    });
    expect(inside.map(({ disposed }) => disposed)).toEqual([true, false, true]);
    expect([...y.readSync()]).toEqual([3, 4]);
  });

  onEachDevice('returns tensors in arrays, Maps and plain objects, however deep and often', (at) => {
    const [a, b, c, d, e, f, lost] = scope(() => {
      const made = Array.from({ length: 7 }, (_, i) => tensor([i], at));
      const [a, b, c, d, e, f] = made;
      const cyclic: { self?: unknown; f: Tensor } = { f };
      cyclic.self = cyclic;
      const bare = Object.assign(Object.create(null), { e });
      const result = { list: [a, [b, a]], map: new Map<string, unknown>([['k', { c }]]), d, bare, cyclic, n: null };
      return { result, made: made.map((t) => new WeakRef(t)) };
    }).made.map((t) => t.deref()!);
    expect([a, b, c, d, e, f, lost].map(({ disposed }) => disposed)).toEqual([...Array(6).fill(false), true]);
    expect([a, b, c, d, e, f].map((t) => t.readSync()[0])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  onEachDevice('keeps the memory of a returned tensor that shares it', (at) => {
    const y = scope(() => tensor([1, 2, 3, 4], at).reshape(2, 2));
    expect([...y.readSync()]).toEqual([1, 2, 3, 4]);
    const last = scope(() => tensor([[1], [2]], at).rows(1, 2));
    expect([...last.readSync()]).toEqual([2]);
  });

  onEachDevice('does not touch what was made outside', (at) => {
    const x = tensor([1], at);
    scope(() => relu(x).dispose());
    expect([...x.readSync()]).toEqual([1]);
    expect(scope(() => x)).toBe(x);
  });

  onEachDevice('nests: what an inner one returns belongs to the outer one', (at) => {
    let inner: Tensor[] = [];
    const outer = scope(() => {
      inner = scope(() => [tensor([1], at), tensor([2], at)]);
      expect(inner.map(({ disposed }) => disposed)).toEqual([false, false]);
      return inner[1];
    });
    expect(inner.map(({ disposed }) => disposed)).toEqual([true, false]);
    expect([...outer.readSync()]).toEqual([2]);
  });

  onEachDevice('keep() takes a tensor out of all scopes', (at) => {
    const [kept, other] = scope(() =>
      scope(() => ({ pair: [keep(tensor([5], at)), tensor([6], at)], n: 1 })).pair.slice(0, 1),
    ).concat(scope(() => [keep(keep(tensor([7], at)))]));
    expect([...kept.readSync(), ...other.readSync()]).toEqual([5, 7]);
    let survivor: Tensor | undefined;
    scope(() => {
      scope(() => {
        survivor = keep(tensor([8], at).reshape(1, 1));
      });
    });
    expect([...survivor!.readSync()]).toEqual([8]);
    scope(() => {
      survivor = tensor([10], at);
      scope(() => keep(survivor!));
    });
    expect([...survivor!.readSync()]).toEqual([10]);
    const outside = keep(tensor([9], at));
    expect([...outside.readSync()]).toEqual([9]);
  });

  onEachDevice('frees everything when its body throws', (at) => {
    const made: Tensor[] = [];
    expect(() =>
      scope(() => {
        made.push(tensor([1], at), keep(tensor([2], at)));
        scope(() => {
          made.push(tensor([3], at));
          throw new Error('inside');
        });
      }),
    ).toThrow('inside');
    expect(made.map(({ disposed }) => disposed)).toEqual([true, false, true]);
    expect(currentScope()).toBeNull();
  });

  onEachDevice('takes a synchronous function', async (at) => {
    let early: Tensor | undefined;
    let late: Tensor | undefined;
    let done: Promise<void> | undefined;
    const body = () => {
      done = (async () => {
        early = tensor([1], at);
        await Promise.resolve();
        late = tensor([2], at);
      })();
      return done;
    };
    expectError(() => scope(body), 'SCOPE_ASYNC', 'scope(fn)', 'synchronous');
    // biome-ignore lint/suspicious/noThenProperty: a thenable of another library is meant.
    expectError(() => scope(() => ({ then() {} })), 'SCOPE_ASYNC');
    await done;
    expect([early!.disposed, late!.disposed]).toEqual([true, false]);
  });

  onEachDevice('leaves gradients to their leaves', (at) => {
    const x = leaf([2], at, [1, -1]);
    scope(() => sum(relu(x)).backward());
    expect([...x.grad!.readSync()]).toEqual([1, 0]);
    scope(() => sum(gelu(relu(x))).backward());
    expect(x.grad!.disposed).toBe(false);
  });

  onEachDevice('frees the gradients on their way in backward', (at) => {
    const pool = new Pool(at.device.backend);
    const x = leaf([64], { ...at, device: { ...at.device, pool } });
    scope(() => {
      let h: Tensor = x;
      for (let i = 0; i < 50; i++) h = gelu(h);
      const loss = sum(h);
      const { allocations } = pool.stats();
      loss.backward();
      // The loss's gradient, that of the op that is passed and of the one before it, and at last x's own.
      expect(pool.stats().allocations - allocations).toBeLessThanOrEqual(4);
    });
  });
});

describe('dispose', () => {
  onEachDevice('makes every use an error', async (at) => {
    const x = leaf([2], at);
    const y = x.reshape(2, 1);
    x.dispose();
    x.dispose();
    expect([x.disposed, y.disposed]).toEqual([true, true]);
    for (const use of [() => x.readSync(), () => relu(x), () => y.readSync(), () => x.write(x.readSync())]) {
      expectError(use, 'DISPOSED', 'dispose', 'scope');
      expect(use).toThrow(DisposedError);
    }
    await expect(x.read()).rejects.toThrow(DisposedError);
    await expect(x.item()).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    expect(x.shape).toEqual([2]);
  });

  onEachDevice('gives the memory to the next tensor of its size', (at) => {
    const x = zeros([1000], at);
    const { buffer } = x;
    x.dispose();
    const y = zeros([1000], at);
    expect(y.buffer).toBe(buffer);
    y.dispose();
  });

  test('is also Symbol.dispose, where the runtime has it', (context) => {
    if (typeof Symbol.dispose !== 'symbol') return context.skip('Symbol.dispose is not in this version of Node');
    const x = zeros([1], { device: 'js' });
    (x as unknown as Record<symbol, () => void>)[Symbol.dispose]();
    expect(x.disposed).toBe(true);
  });

  test('of a tensor in a scope frees it once', () => {
    const { backend } = device('js');
    const freed: unknown[] = [];
    const pool = new Pool({ ...backend, free: (buffer) => freed.push(buffer) }, { cap: 0 });
    const own = { name: 'js', backend, pool } as const;
    scope(() => {
      const x = zeros([4], { device: own });
      expect(x).toBeInstanceOf(Tensor);
      x.dispose();
    });
    expect(freed.length).toBe(1);
    expect(pool.stats()).toEqual({ bytes: 0, idleBytes: 0, allocations: 1 });
  });
});
