import { afterEach, describe, expect, test } from 'vitest';
import type { DType } from '../src/index.js';
import {
  checkOptions,
  device,
  devices,
  empty,
  full,
  GerbertError,
  isGerbertError,
  ones,
  randn,
  tensor,
  zeros,
} from '../src/index.js';
import { expectClose, expectError, indices, onEachDevice } from './ops-gradients.js';

describe('tensor', () => {
  onEachDevice('takes numbers, nested arrays and typed arrays', (at) => {
    expect(tensor(5, at).shape).toEqual([]);
    expect(tensor([], at).shape).toEqual([0]);
    expect(tensor([[], []], at).shape).toEqual([2, 0]);
    const t = tensor([[[1, 2, 3]], [[4, 5, 6]]], at);
    expect(t.shape).toEqual([2, 1, 3]);
    expect(t.dtype).toBe(at.dtype);
    expect(t.device).toBe(at.device);
    expect([...t.readSync()]).toEqual([1, 2, 3, 4, 5, 6]);
    const rows = tensor([Float32Array.of(1, 2), [3, 4]], at);
    expect([rows.shape, [...rows.readSync()]]).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
    const shaped = tensor(Int32Array.of(1, 2, 3, 4), { ...at, shape: [2, 2] });
    expect([shaped.shape, [...shaped.readSync()]]).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
  });

  onEachDevice('does not alias the array it was made of', (at) => {
    const source = Float32Array.of(1, 2);
    const t = tensor(source, { ...at, dtype: 'f32' });
    source[0] = 9;
    expect([...t.readSync()]).toEqual([1, 2]);
    t.readSync()[0] = 7;
    expect([...t.readSync()]).toEqual([1, 2]);
  });

  onEachDevice('has every dtype', async (at) => {
    const read = async (dtype: DType, values: number[]) => {
      const t = tensor(values, { ...at, dtype });
      expect(t.dtype).toBe(dtype);
      return Array.from(await t.read());
    };
    expect(await read('f64', [0.1])).toEqual([0.1]);
    expect(await read('f32', [0.1])).toEqual([Math.fround(0.1)]);
    expect(await read('bf16', [1, -2])).toEqual([0x3f80, 0xc000]);
    expect(await read('f16', [1, -2])).toEqual([0x3c00, 0xc000]);
    expect(await read('i32', [-3, 2 ** 31 - 1])).toEqual([-3, 2 ** 31 - 1]);
    expect(await read('u8', [0, 255])).toEqual([0, 255]);
    expect(await read('bool', [0, 5, -1])).toEqual([0, 1, 1]);
    expect([...tensor(Uint8Array.of(0, 5), { ...at, dtype: 'bool' }).readSync()]).toEqual([0, 1]);
    expect([...tensor(Uint16Array.of(3), { ...at, dtype: 'bf16' }).readSync()]).toEqual([0x4040]);
  });

  onEachDevice('refuses ragged arrays, wrong shapes and unknown options', (at) => {
    expectError(() => tensor([[1, 2], [3]], at), 'SHAPE_MISMATCH', '[2]', '[1]');
    expectError(() => tensor([1, [2]], at), 'SHAPE_MISMATCH', '[]', '[1]');
    expectError(() => tensor([1, 2, 3], { ...at, shape: [2, 2] }), 'SHAPE_MISMATCH', '3 values', '[2, 2]');
    expectError(() => tensor([1], { ...at, shape: [1, 1, 1, 1, 1] }), 'SHAPE_MISMATCH', 'four dimensions');
    expectError(() => tensor(['1'] as never, at), 'TYPE', 'string');
    expectError(() => zeros([-1, -1], at), 'SHAPE_MISMATCH', '[-1, -1]');
    expectError(() => zeros([1.5], at), 'SHAPE_MISMATCH', '[1.5]');
    expectError(() => tensor([1], { ...at, dytpe: 'f32' } as never), 'OPTION_UNKNOWN', "'dytpe'", "'dtype'");
    expectError(() => ones([1], { ...at, shape: [1] } as never), 'OPTION_UNKNOWN', "'shape'");
    expectError(() => tensor([1], { ...at, dtype: 'float32' as never }), 'OPTION_RANGE', 'float32', 'f32');
  });
});

describe('zeros, ones, full and randn', () => {
  onEachDevice('fill a shape', (at) => {
    expect([...zeros([2, 2], at).readSync(), ...ones([2], at).readSync()]).toEqual([0, 0, 0, 0, 1, 1]);
    expect([...full([2], -1.5, at).readSync()]).toEqual([-1.5, -1.5]);
    expect([...full([2], 3, { ...at, dtype: 'i32' }).readSync()]).toEqual([3, 3]);
    expect(empty([2, 3], 'i32', at.device).shape).toEqual([2, 3]);
  });

  onEachDevice('randn is normal, and the same for a seed', (at) => {
    const n = 4000;
    const x = Array.from(randn([n / 4, 4], { ...at, seed: 1, mean: 3, std: 2 }).readSync());
    const mean = x.reduce((total, value) => total + value, 0) / n;
    const variance = x.reduce((total, value) => total + (value - mean) ** 2, 0) / n;
    // Four standard deviations of the mean and of the variance of n normal numbers.
    expect(Math.abs(mean - 3)).toBeLessThan((4 * 2) / Math.sqrt(n));
    expect(Math.abs(variance - 4)).toBeLessThan(4 * 4 * Math.sqrt(2 / n));
    expect(Array.from(randn([n / 4, 4], { ...at, seed: 1, mean: 3, std: 2 }).readSync())).toEqual(x);
    expectClose(randn([3], { ...at, seed: 1, mean: 3, std: 2 }).readSync(), x.slice(0, 3), at.dtype);
    expect(Array.from(randn([n], { ...at, seed: 2, mean: 3, std: 2 }).readSync())).not.toEqual(x);
  });
});

describe('reading and writing', () => {
  onEachDevice('item() takes one element', async (at) => {
    expect(await tensor([[7]], at).item()).toBe(7);
    await expect(tensor([1, 2], at).item()).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  });

  onEachDevice('write() takes elements of its dtype and size, and counts', (at) => {
    const t = zeros([2], { ...at, dtype: 'f32' });
    const { version } = t.storage;
    t.write(Float32Array.of(1, 2));
    expect([...t.readSync()]).toEqual([1, 2]);
    expect(t.storage.version).toBe(version + 1);
    expectError(() => t.write(Float32Array.of(1)), 'SHAPE_MISMATCH', 'write', '[2]', '[1]');
    expectError(() => t.write(Int32Array.of(1, 2)), 'DTYPE_MISMATCH', 'write', 'f32', 'Int32Array');
    expectError(() => t.write(Float64Array.of(1, 2)), 'DTYPE_MISMATCH', 'Float64Array');
    expect([...t.readSync()]).toEqual([1, 2]);
    indices([1], at).write(Int32Array.of(2));
  });

  test('readSync() needs memory of the host', () => {
    const { backend, pool } = device('js');
    const { readSync: _, ...asynchronous } = backend;
    const far = { name: 'cuda', backend: asynchronous, pool } as const;
    expectError(() => zeros([1], { device: far }).readSync(), 'DEVICE_ASYNC', 'cuda', 'await');
  });
});

describe('device', () => {
  const before = process.env.GERBERT_DEVICE;
  afterEach(() => {
    if (before === undefined) delete process.env.GERBERT_DEVICE;
    else process.env.GERBERT_DEVICE = before;
  });

  test('is found by name, once', () => {
    expect(device('js')).toBe(device('js'));
    expect(device('js').name).toBe('js');
    expectError(() => device('gpu'), 'DEVICE_UNKNOWN', "'gpu'", 'js, cpu, cuda');
  });

  test('without a name is that of GERBERT_DEVICE, or the best there is', () => {
    process.env.GERBERT_DEVICE = 'js';
    expect(device().name).toBe('js');
    expect(zeros([1]).device.name).toBe('js');
    process.env.GERBERT_DEVICE = 'tpu';
    expectError(() => device(), 'DEVICE_UNKNOWN', "'tpu'");
    process.env.GERBERT_DEVICE = '';
    expect(device().name).toBe(devices()[1].available ? 'cpu' : 'js');
  });

  test('says why one is not there', () => {
    for (const { name, available, reason } of devices()) {
      if (available) expect(device(name).name).toBe(name);
      else expectError(() => device(name), 'DEVICE_UNAVAILABLE', name, reason!);
    }
    expect(devices().map(({ name }) => name)).toEqual(['js', 'cpu', 'cuda']);
  });
});

describe('errors', () => {
  test('are told by their symbol', () => {
    const error = new GerbertError('CODE', 'what');
    expect([error.code, error.message, error instanceof Error]).toEqual(['CODE', 'what', true]);
    expect(isGerbertError(error)).toBe(true);
    expect(isGerbertError({ [Symbol.for('gerbert.error')]: true })).toBe(true);
    for (const other of [new Error('x'), null, 'x', {}]) expect(isGerbertError(other)).toBe(false);
  });

  test('of options name the nearest', () => {
    checkOptions('f', { a: 1 }, ['a', 'b']);
    expectError(
      () => checkOptions('f', { droput: 1 }, ['seed', 'dropout']),
      'OPTION_UNKNOWN',
      'f:',
      "'dropout'?",
      'seed',
    );
  });
});
