import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { hostMemory } from '../src/host-memory.js';
import { type Device, device, Pool, randn, relu, scope, sum, type Tensor, zeros } from '../src/index.js';
import { reference } from '../src/reference/index.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const at = (cap?: number): Device => {
  const backend = { ...hostMemory(), ...reference };
  return { name: device('js').name, backend, pool: new Pool(backend, { cap }) };
};

/** Collects until `done`, or so often that it would have been done. */
async function collectUntil(done: () => boolean, rounds = 50): Promise<void> {
  for (let round = 0; round < rounds && !done(); round++) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Makes tensors that nobody refers to once it has returned. */
function drop(own: Device): number {
  for (let i = 0; i < 20; i++) zeros([100], { device: own });
  scope(() => {
    zeros([100], { device: own });
  });
  const returned = scope(() => zeros([100], { device: own }));
  return returned.size;
}

test('memory of tensors that nobody refers to returns to the pool', async () => {
  const own = at();
  expect(drop(own)).toBe(100);
  expect(own.pool.stats().allocations).toBe(22);
  await collectUntil(() => own.pool.stats().idleBytes === own.pool.stats().bytes);
  expect(own.pool.stats()).toEqual({ bytes: 22 * 448, idleBytes: 22 * 448, allocations: 22 });
  drop(own);
  expect(own.pool.stats().allocations).toBe(22);
});

test('memory of tensors in use, their views, graphs and gradients stays', async () => {
  const own = at();
  const x = randn([100], { device: own, seed: 1 });
  x.requiresGrad = true;
  const view = (() => zeros([100], { device: own }).reshape(10, 10))();
  const loss = (() => sum(relu(x)))();
  (() => sum(relu(x)).backward())();
  drop(own);
  // In use: x and its gradient, the viewed zeros, and the loss with relu's result, which its graph holds.
  const idle = () => own.pool.stats().bytes - own.pool.stats().idleBytes;
  const held = 4 * 448 + 256;
  await collectUntil(() => idle() === held);
  expect(idle()).toBe(held);
  expect([...view.readSync()]).toEqual(new Array(100).fill(0));
  loss.backward();
  expect([...x.grad!.readSync()]).toEqual(Array.from(x.readSync(), (value) => (value > 0 ? 2 : 0)));
});

test('memory that was given back is not given back again', async () => {
  const own = at();
  let watched: WeakRef<Tensor> | undefined;
  (() => {
    const x = zeros([100], { device: own });
    watched = new WeakRef(x);
    x.dispose();
  })();
  await collectUntil(() => watched!.deref() === undefined);
  await collectUntil(() => false, 10);
  expect(own.pool.stats()).toEqual({ bytes: 448, idleBytes: 448, allocations: 1 });
  const [a, b] = [zeros([100], { device: own }), zeros([100], { device: own })];
  expect(a.buffer).not.toBe(b.buffer);
});
