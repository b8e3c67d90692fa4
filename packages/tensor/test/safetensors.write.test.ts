import { readdir, readFile, stat, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { DType, HostTensor } from '../src/index.js';
import { hostArray, readSafetensors, SafetensorsFile, tensor, writeSafetensors } from '../src/index.js';
import { temporaryFolder } from './safetensors-files.js';

const folder = temporaryFolder();

/** What breaks a write: called with the number of each part before it is written. */
const interruption = vi.hoisted(() => ({ at: -1, parts: 0 }));
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>();
  return {
    ...actual,
    async open(...args: Parameters<typeof actual.open>) {
      const file = await actual.open(...args);
      const writeFile = file.writeFile.bind(file);
      file.writeFile = async (...given: Parameters<typeof writeFile>) => {
        if (interruption.parts++ === interruption.at) throw new Error('no space left on device');
        return writeFile(...given);
      };
      return file;
    },
  };
});

const dtypes: DType[] = ['f64', 'f32', 'bf16', 'f16', 'i32', 'u8', 'bool'];

/** One tensor of every dtype, whose bytes are 1, 2, 3, … */
function everything(): Map<string, HostTensor> {
  return new Map(
    dtypes.map((dtype, i) => {
      const data = hostArray(dtype, 6);
      const bytes = new Uint8Array(data.buffer);
      for (let at = 0; at < bytes.length; at++) bytes[at] = dtype === 'bool' ? at % 2 : at + i;
      return [`tensor.${dtype}`, { dtype, shape: [2, 3], data }];
    }),
  );
}

describe('writing', () => {
  test('round trip of all dtypes, shapes and names', async () => {
    const state = everything();
    state.set('scalar', { dtype: 'f32', shape: [], data: Float32Array.of(7) });
    state.set('empty', { dtype: 'f32', shape: [0, 3], data: new Float32Array(0) });
    state.set('five', { dtype: 'u8', shape: [1, 1, 1, 1, 1], data: Uint8Array.of(9) });
    state.set('__proto__', { dtype: 'u8', shape: [1], data: Uint8Array.of(10) });
    state.set('12', { dtype: 'i32', shape: [1], data: Int32Array.of(-11) });
    const path = folder.path('all');
    await writeSafetensors(path, state, { format: 'pt', note: 'naïve 😀' });
    const read = await readSafetensors(path);
    expect(new Set(read.keys())).toEqual(new Set(state.keys()));
    for (const [name, expected] of state) expect(read.get(name), name).toEqual(expected);
    const file = await SafetensorsFile.open(path);
    expect([...file.metadata]).toEqual([
      ['format', 'pt'],
      ['note', 'naïve 😀'],
    ]);
    await file.close();
    expect(Object.prototype).not.toHaveProperty('dtype');
  });

  test('of nothing', async () => {
    await writeSafetensors(folder.path('nothing'), new Map());
    expect([...(await readSafetensors(folder.path('nothing')))]).toEqual([]);
  });

  test('of views of larger arrays writes what they show', async () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    await writeSafetensors(
      folder.path('view'),
      new Map([['v', { dtype: 'f32', shape: [2], data: whole.subarray(1, 3) }]]),
    );
    expect((await readSafetensors(folder.path('view'))).get('v')!.data).toEqual(Float32Array.of(2, 3));
  });

  test('begins the data at a multiple of eight bytes, little-endian', async () => {
    for (const name of ['a', 'ab', 'abc', 'abcd', 'abcde']) {
      const path = folder.path(`aligned-${name}`);
      await writeSafetensors(path, new Map([[name, { dtype: 'i32', shape: [1], data: Int32Array.of(0x01020304) }]]));
      const bytes = await readFile(path);
      const length = Number(bytes.readBigUInt64LE(0));
      expect(length % 8).toBe(0);
      expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
        [name]: { dtype: 'I32', shape: [1], data_offsets: [0, 4] },
      });
      expect([...bytes.subarray(8 + length)]).toEqual([4, 3, 2, 1]);
    }
  });

  test('takes what tensors read', async () => {
    const t = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { device: 'js' },
    );
    const { dtype, shape } = t;
    await writeSafetensors(folder.path('tensor'), new Map([['t', { dtype, shape, data: await t.read() }]]));
    expect((await readSafetensors(folder.path('tensor'))).get('t')).toEqual({ dtype, shape, data: t.readSync() });
  });

  test('refuses data that are not of their shape or dtype, before it writes', async () => {
    const path = folder.path('refused');
    const one = (t: HostTensor, name = 't') => writeSafetensors(path, new Map([[name, t]]));
    const data = Float32Array.of(1, 2);
    await expect(one({ dtype: 'f32', shape: [3], data })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(one({ dtype: 'f64', shape: [2], data })).rejects.toMatchObject({ code: 'DTYPE_MISMATCH' });
    await expect(one({ dtype: 'i32', shape: [2], data })).rejects.toMatchObject({ code: 'DTYPE_MISMATCH' });
    const reserved = one({ dtype: 'f32', shape: [2], data }, '__metadata__');
    await expect(reserved).rejects.toMatchObject({ code: 'NAME_RESERVED' });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a write that fails', () => {
  /** Files beside `path` that begin with its name. */
  const beside = async (path: string) =>
    (await readdir(dirname(path))).filter((name) => path.endsWith(name.split('.')[0]));

  for (const at of [0, 1, 4]) {
    test(`at part ${at} leaves the old file and nothing else`, async () => {
      const path = folder.path(`old${at}`);
      const old = new Map([['old', { dtype: 'u8', shape: [1], data: Uint8Array.of(1) } as const]]);
      await writeSafetensors(path, old);
      interruption.parts = 0;
      interruption.at = at;
      const failure = writeSafetensors(path, everything());
      await expect(failure).rejects.toMatchObject({ code: 'FILE_UNWRITABLE', message: expect.stringContaining(path) });
      expect(interruption.parts).toBe(at + 1);
      interruption.at = -1;
      expect(await readSafetensors(path)).toEqual(old);
      expect(await beside(path)).toEqual([`old${at}`]);
    });
  }

  test('for want of a folder is named', async () => {
    const path = folder.path('none/model.safetensors');
    await expect(writeSafetensors(path, new Map())).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining(path),
    });
  });

  test('does not disturb another write to the same place', async () => {
    const path = folder.path('race');
    const states = Array.from(
      { length: 4 },
      (_, i) => new Map([['t', { dtype: 'u8', shape: [1], data: Uint8Array.of(i) } as const]]),
    );
    await Promise.all(states.map((state) => writeSafetensors(path, state)));
    expect(states).toContainEqual(await readSafetensors(path));
    expect(await beside(path)).toEqual(['race']);
  });

  test('replaces a link by a file of its own', async () => {
    const [target, link] = [folder.path('target'), folder.path('link')];
    await writeSafetensors(target, new Map());
    await symlink(target, link);
    await writeSafetensors(link, everything());
    expect((await readSafetensors(target)).size).toBe(0);
    expect((await readSafetensors(link)).size).toBe(dtypes.length);
  });
});
