import { beforeEach, describe, expect, test } from 'vitest';
import { type CpuAddon, type KernelFunction, loadCpu } from '../loader/index.js';
import { isas, needAddon, needIsa, runProcess } from './built.js';

describe('the argument block', () => {
  test.for(isas)('of hostile numbers is refused or computed, and never crashes, on %s', (isa, context) => {
    const addon = needIsa(isa, context);
    for (const seed of ['1', '2', '3']) {
      const { passed, codes } = runProcess('fuzz.mjs', [seed, '20000', isa], addon) as {
        passed: number;
        codes: Record<string, number>;
      };
      expect(Object.keys(codes)).toEqual(['KERNEL_ARGUMENT']);
      expect(passed).toBeGreaterThan(100);
      expect(passed + codes.KERNEL_ARGUMENT).toBe(20000);
    }
  });
});

test('scratch memory stops growing once every shape has been seen', (context) => {
  needAddon(context);
  const [first, second, later] = runProcess('scratch.mjs') as number[];
  expect(first).toBeGreaterThan(0);
  expect(second).toBe(first);
  expect(later).toBe(first);
});

test('the process ends cleanly while a worker computes', (context) => {
  needAddon(context);
  expect(runProcess('exit.mjs')).toBe('leaving');
});

describe('kernels called through the loader', () => {
  let cpu: CpuAddon;
  let fill: KernelFunction;

  beforeEach((context) => {
    needAddon(context);
    const loaded = loadCpu();
    if (!loaded.available) throw new Error(loaded.reason);
    cpu = loaded;
    fill = cpu.kernels.fill;
  });

  const memory = (bytes: number) => {
    const data = new ArrayBuffer(bytes + 64);
    const { handle, base } = cpu.adopt(data);
    return { data, base, view: { buffer: { handle }, offset: 0, dtype: 'f32', dims: [bytes / 4] } };
  };
  const refusal = (run: () => void) => {
    try {
      run();
    } catch (error) {
      return error as Error & { code: string; [key: symbol]: unknown };
    }
    throw new Error('nothing was thrown');
  };

  test('write where the view says, from the first aligned byte on', () => {
    const { data, base, view } = memory(64);
    fill({ ...view, offset: 3, dims: [2, 2] }, 5);
    expect([...new Float32Array(data, base, 16)]).toEqual([0, 0, 0, 5, 5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test.for<[string, object, RegExp]>([
    [
      'reaches beyond its memory',
      { dims: [33] },
      /fill: argument 1 \(y\) ends at byte 132 of memory of (128|112|96|80) bytes/,
    ],
    ['begins too late', { offset: 32 * 64, dims: [1] }, /ends at byte/],
    ['has a dimension that is no integer', { dims: [1.5] }, /has the dimension 1\.5/],
    ['has a negative dimension', { dims: [-1] }, /has the dimension -1/],
    ['has dimensions whose product overflows', { dims: [2 ** 52, 2 ** 52, 2 ** 52, 0.5] }, /has the dimension 0\.5/],
    ['is larger than any memory', { dims: [2 ** 52, 2 ** 52, 2 ** 52, 4] }, /ends at byte/],
    ['has five dimensions', { dims: [1, 1, 1, 1, 1] }, /rank 5/],
    ['has a negative offset', { offset: -1 }, /offset -1/],
    ['has an unknown dtype', { dtype: 'f8' }, /unknown dtype/],
    ['lies in memory of no addon', { buffer: { handle: -1 } }, /freed or was never allocated/],
    ['lies in memory of a made-up number', { buffer: { handle: 0.5 } }, /memory 0\.5/],
  ])('refuse a view that %s', ([, change, text]) => {
    const { view } = memory(64);
    // Room for what alignment may leave behind the 64 bytes asked for.
    const error = refusal(() => fill({ ...view, dims: [1], ...change }, 1));
    expect(error.code).toBe('KERNEL_ARGUMENT');
    expect(error[Symbol.for('gerbert.error')]).toBe(true);
    expect(error.message).toMatch(text);
  });

  test('refuse memory that has been given back, also when its place is in use again', () => {
    const { view } = memory(64);
    cpu.release(view.buffer.handle);
    expect(refusal(() => fill(view, 1)).message).toMatch(/freed/);
    const next = memory(64);
    expect(next.view.buffer.handle).not.toBe(view.buffer.handle);
    expect(refusal(() => fill(view, 1)).message).toMatch(/freed/);
    fill(next.view, 1);
    expect(refusal(() => cpu.release(view.buffer.handle)).code).toBe('KERNEL_ARGUMENT');
  });

  test('refuse what is no view, no number, null without need, and the wrong count', () => {
    const { view } = memory(64);
    expect(refusal(() => fill(view)).message).toMatch(/1 arguments given, but it takes 2/);
    expect(refusal(() => fill(1, 1)).message).toMatch(/argument 1 is 1, not a view/);
    expect(refusal(() => fill(view, '1')).message).toMatch(/argument 2 is 1, not a number/);
    expect(refusal(() => fill(null, 1)).message).toMatch(/argument 1 \(y\) is null/);
    expect(refusal(() => cpu.kernels.sumRows(view, view, Number.NaN)).message).toMatch(
      /argument 3 \(accumulate\) is nan/,
    );
    expect(refusal(() => cpu.kernels.dropout(view, view, null, 0, 2 ** 32, 0, 0)).message).toMatch(
      /\(seed\) is 4294967296/,
    );
  });

  test('take no resizable, shared or foreign memory', () => {
    type Resizable = new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;
    expect(refusal(() => cpu.adopt(new (ArrayBuffer as Resizable)(8, { maxByteLength: 16 }))).message).toMatch(
      /resizable/,
    );
    expect(refusal(() => cpu.adopt(new SharedArrayBuffer(8) as unknown as ArrayBuffer)).code).toBe('KERNEL_ARGUMENT');
    expect(refusal(() => cpu.adopt({} as ArrayBuffer)).code).toBe('KERNEL_ARGUMENT');
  });

  test('keep their memory from being transferred away', () => {
    const { data, view } = memory(64);
    let copy: ArrayBuffer | undefined;
    try {
      copy = structuredClone(data, { transfer: [data] });
    } catch {
      // Newer versions of Node refuse instead of copying.
    }
    fill(view, 2);
    expect(data.byteLength).toBe(128);
    expect(copy?.byteLength ?? 128).toBe(128);
  });
});
