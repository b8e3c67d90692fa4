import { describe, expect, test } from 'vitest';
import type { HostBuffer } from '../src/host.js';
import {
  add,
  type Device,
  type DeviceName,
  type DType,
  device,
  devices,
  hostArray,
  multiply,
  Pool,
  scope,
  sum,
  Tensor,
  tensor,
} from '../src/index.js';
import { RandomStream } from '../src/philox.js';
import { allclose, gradcheck } from '../src/testing/index.js';

/** Where an op is tried: in f64 on the reference backend, in f32 on the addon's. */
export interface Where {
  device: Device;
  dtype: 'f64' | 'f32';
}

/** Computes results from inputs; their elements, weighted at random and summed, are the loss. */
export type Op = (inputs: Tensor[], at: Where) => Tensor | readonly Tensor[];

/** Registers a test for every device; one that this machine lacks is skipped with its reason, or fails where REQUIRE_DEVICES asks for it. */
export function onEachDevice(name: string, body: (at: Where) => void | Promise<void>): void {
  const required = (process.env.REQUIRE_DEVICES ?? '').split(',');
  for (const [deviceName, dtype] of [['js', 'f64'] as const, ['cpu', 'f32'] as const]) {
    test(`${name} (${deviceName})`, async (context) => {
      const report = devices().find((each) => each.name === deviceName)!;
      if (!report.available && !required.includes(deviceName)) return context.skip(report.reason);
      await body({ device: soiled(deviceName), dtype });
    });
  }
}

const soiledDevices = new Map<DeviceName, Device>();

/** A device whose new memory is full of NaN, so that nothing can count on zeros. */
function soiled(name: DeviceName): Device {
  const known = soiledDevices.get(name);
  if (known) return known;
  const { backend } = device(name);
  const allocate = (bytes: number) => {
    const buffer = backend.allocate(bytes);
    new Uint8Array((buffer as HostBuffer).data).fill(0xff);
    return buffer;
  };
  const soil = { ...backend, allocate };
  const made: Device = { name, backend: soil, pool: new Pool(soil) };
  soiledDevices.set(name, made);
  return made;
}

/** Host numbers of a normal distribution, the same at every call with the same seed. */
export function normals(size: number, seed: number): Float64Array {
  const random = new RandomStream(seed);
  return Float64Array.from({ length: size }, () => random.normal());
}

export function indices(values: number[] | number[][], at: { device: Device }): Tensor {
  return tensor(values, { dtype: 'i32', device: at.device });
}

/** A leaf of given or random numbers. */
export function leaf(shape: readonly number[], at: Where, values?: ArrayLike<number>): Tensor {
  const size = shape.reduce((product, d) => product * d, 1);
  const t = tensor(Float64Array.from(values ?? normals(size, size)), { shape, ...at });
  t.requiresGrad = true;
  return t;
}

/** The loss and its gradients with respect to each input (zeros where none arrived). */
function differentiate(inputs: readonly Float64Array[], shapes: readonly number[][], op: Op, at: Where) {
  return scope(() => {
    const leaves = inputs.map((values, i) => leaf(shapes[i], at, values));
    const found = op(leaves, at);
    const results: readonly Tensor[] = found instanceof Tensor ? [found] : found;
    const parts = results.map((result, i) => {
      const weights = tensor(normals(result.size, 1000 + i), { shape: result.shape, ...at });
      return sum(multiply(result, weights));
    });
    const loss = parts.reduce((total, part) => add(total, part));
    loss.backward();
    const gradients = leaves.map(({ grad, size }) => Float64Array.from(grad?.readSync() ?? hostArray('f64', size)));
    for (const { grad } of leaves) grad?.dispose();
    return { loss: loss.readSync()[0], gradients };
  });
}

/**
 * Registers two tests of an op on random inputs of `shapes`: its gradients against finite differences in f64, and those of the addon in f32
 * against the former. There each is the end of a chain of a few sums of at most 64 products of numbers near 1, which rounds fewer
 * than 256 times, by 2⁻²⁴ of the greatest value each.
 */
export function checkGradients(name: string, shapes: readonly number[][], op: Op): void {
  const sizes = shapes.map((shape) => shape.reduce((product, d) => product * d, 1));
  const inputs = sizes.map((size, i) => normals(size, 1 + i));
  const exact = (values: readonly Float64Array[]) =>
    differentiate(values, shapes, op, { device: soiled('js'), dtype: 'f64' });
  describe(`gradients of ${name}`, () => {
    onEachDevice('agree', (at) => {
      if (at.dtype === 'f64') {
        expect(gradcheck(exact, inputs)).toBe(sizes.reduce((total, size) => total + size, 0));
        return;
      }
      const expected = exact(inputs).gradients;
      for (const [i, gradient] of differentiate(inputs, shapes, op, at).gradients.entries()) {
        expectClose(gradient, expected[i], at.dtype);
      }
    });
  });
}

/** Expects numbers equal but for rounding: 256 roundings of the greatest of them. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, dtype: DType): void {
  const greatest = Array.from(expected).reduce(
    (max, value) => (Number.isFinite(value) ? Math.max(max, Math.abs(value)) : max),
    1,
  );
  const atol = 256 * greatest * (dtype === 'f64' ? 2 ** -53 : 2 ** -24);
  if (!allclose(got, expected, { atol })) expect(Array.from(got)).toEqual(Array.from(expected));
}

/** Expects a GerbertError with this code whose message has all of these parts. */
export function expectError(body: () => unknown, code: string, ...parts: string[]): void {
  let thrown: unknown;
  try {
    body();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code, [Symbol.for('gerbert.error')]: true });
  for (const part of parts) expect((thrown as Error).message).toContain(part);
}
