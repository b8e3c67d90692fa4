import { existsSync } from 'node:fs';
import { mkdir, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readSafetensors, SafetensorsFile } from '../src/index.js';
import { fileBytes, put, temporaryFolder } from './safetensors-files.js';

const folder = temporaryFolder();

/** An entry of the header: four bytes from `begin`. */
const entry = (begin = 0, end = begin + 4, shape: unknown = [1], dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('a malformed file is refused by its name', () => {
  const zeros = (n: number) => new Uint8Array(n);
  const cases: [string, Uint8Array, RegExp][] = [
    ['empty', zeros(0), /0 bytes/],
    ['shorter than the length', zeros(7), /7 bytes/],
    ['header beyond the file', fileBytes({}, [], 3n), /claims 3 bytes, but the file has 10/],
    ['header length of 2⁶³', fileBytes({}, [], 2n ** 63n), /claims 9223372036854776000 bytes/],
    ['header length of all ones', fileBytes({}, [], 2n ** 64n - 1n), /claims/],
    ['no header', fileBytes(''), /not JSON/],
    ['not JSON', fileBytes('{"a":'), /not JSON/],
    ['not UTF-8', fileBytes(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), /not JSON/],
    ['nothing but zeros', zeros(64), /not JSON/],
    ['a pickle', fileBytes(Uint8Array.of(0x80, 2, 0x63)), /not JSON/],
    ['an array', fileBytes([]), /not a JSON object/],
    ['null', fileBytes(null), /not a JSON object/],
    ['very deep', fileBytes(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), /entry a is not an object|not JSON/],
    ['an entry that is a number', fileBytes({ a: 1 }), /entry a is not an object/],
    ['metadata that are no object', fileBytes({ __metadata__: 'x' }), /__metadata__ is not an object/],
    ['metadata that are no text', fileBytes({ __metadata__: { format: 1 } }), /metadata format/],
    ['no dtype', fileBytes({ a: { shape: [1], data_offsets: [0, 4] } }, zeros(4)), /entry a needs/],
    ['no shape', fileBytes({ a: { dtype: 'F32', data_offsets: [0, 4] } }, zeros(4)), /entry a needs/],
    ['no offsets', fileBytes({ a: { dtype: 'F32', shape: [1] } }, zeros(4)), /entry a needs/],
    ['one offset', fileBytes({ a: { ...entry(), data_offsets: [0] } }, zeros(4)), /entry a needs/],
    ['offsets as text', fileBytes({ a: { ...entry(), data_offsets: ['0', '4'] } }, zeros(4)), /entry a needs/],
    ['a shape as text', fileBytes({ a: entry(0, 4, '1') }, zeros(4)), /entry a needs/],
    ['a dtype as number', fileBytes({ a: entry(0, 4, [1], 32) }, zeros(4)), /entry a needs/],
    ['a negative dimension', fileBytes({ a: entry(0, 4, [-1, -1]) }, zeros(4)), /entry a needs/],
    ['half a dimension', fileBytes({ a: entry(0, 4, [0.5, 2]) }, zeros(4)), /entry a needs/],
    ['a dimension beyond whole numbers', fileBytes({ a: entry(0, 4, [2 ** 60]) }, zeros(4)), /entry a needs/],
    ['negative offsets', fileBytes({ a: entry(-4, 0) }, zeros(4)), /entry a needs/],
    ['dimensions whose product overflows', fileBytes({ a: entry(0, 4, [2 ** 33, 2 ** 33]) }, zeros(4)), /which takes/],
    ['an end before the beginning', fileBytes({ a: entry(4, 0) }, zeros(4)), /a takes bytes 4 to 0/],
    ['an end beyond the file', fileBytes({ a: entry(0, 8, [2]) }, zeros(4)), /a takes bytes 0 to 8, but only 4/],
    ['too few bytes', fileBytes({ a: entry(0, 4, [2]) }, zeros(4)), /a is F32 \[2\], which takes 8 bytes, but has 4/],
    ['too many bytes', fileBytes({ a: entry(0, 8, []) }, zeros(8)), /a is F32 \[\], which takes 4 bytes, but has 8/],
    ['an overlap', fileBytes({ a: entry(0), b: entry(2) }, zeros(6)), /b begins at 2, but .* ends at 4/],
    ['two tensors in one place', fileBytes({ a: entry(0), b: entry(0) }, zeros(4)), /b begins at 0/],
    ['a gap', fileBytes({ a: entry(0), b: entry(8) }, zeros(12)), /b begins at 8, but .* ends at 4/],
    ['a gap before the first', fileBytes({ a: entry(4) }, zeros(8)), /a begins at 4/],
    ['bytes after the last', fileBytes({ a: entry(0) }, zeros(5)), /take 4 bytes, but 5 follow/],
    ['data without tensors', fileBytes({}, zeros(1)), /take 0 bytes, but 1 follow/],
    [
      'a name twice',
      fileBytes(
        '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
        zeros(2),
      ),
      /a begins at 1/,
    ],
  ];
  for (const [name, bytes, what] of cases) {
    test(name, async () => {
      const path = await put(folder.path(`${name}.safetensors`), bytes);
      const error = await readSafetensors(path).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'SAFETENSORS_MALFORMED', [Symbol.for('gerbert.error')]: true });
      expect((error as Error).message).toContain(path);
      expect((error as Error).message).toMatch(what);
    });
  }

  test('a header of more than the format allows', async () => {
    // A sparse file: its 150 MB take no room, and none of them should be read.
    const path = await put(folder.path('huge'), fileBytes('{', [], 150_000_000n));
    await truncate(path, 150_000_008);
    await expect(readSafetensors(path)).rejects.toMatchObject({
      code: 'SAFETENSORS_MALFORMED',
      message: expect.stringMatching(/150000000 bytes, and the format allows 100000000/),
    });
  });

  test('a file that is cut while it is open', async () => {
    const path = await put(folder.path('cut'), fileBytes({ a: entry(0, 4000, [1000]) }, new Uint8Array(4000)));
    const file = await SafetensorsFile.open(path);
    await truncate(path, 200);
    await expect(file.read('a')).rejects.toMatchObject({
      code: 'SAFETENSORS_MALFORMED',
      message: expect.stringContaining(path),
    });
    await file.close();
  });
});

describe('what cannot be read', () => {
  test('is named', async () => {
    await mkdir(folder.path('directory'));
    for (const name of ['missing', 'directory']) {
      const path = folder.path(name);
      await expect(readSafetensors(path)).rejects.toMatchObject({
        code: 'FILE_UNREADABLE',
        message: expect.stringContaining(path),
      });
    }
  });

  test('is only the tensor of an unknown dtype', async () => {
    const header = { odd: entry(0, 2, [2], 'F8_E4M3'), plain: entry(2, 3, [1], 'U8') };
    const path = await put(folder.path('odd'), fileBytes(header, [1, 2, 3]));
    const file = await SafetensorsFile.open(path);
    expect([...file.names()]).toEqual(['odd', 'plain']);
    expect((await file.read('plain')).data).toEqual(Uint8Array.of(3));
    await expect(file.read('odd')).rejects.toMatchObject({
      code: 'DTYPE',
      message: expect.stringMatching(/odd is F8_E4M3/),
    });
    await expect(file.read('none')).rejects.toMatchObject({
      code: 'TENSOR_MISSING',
      message: expect.stringMatching(/none/),
    });
    await file.close();
  });

  test('leaves no file open', async () => {
    const opened: number[] = [];
    for (let i = 0; i < 3; i++) {
      await readSafetensors(await put(folder.path('bad'), fileBytes('{'))).catch(() => undefined);
      await readSafetensors(await put(folder.path('good'), fileBytes({})));
      const probe = await open(folder.path('good'), 'r');
      opened.push(probe.fd);
      await probe.close();
    }
    expect(new Set(opened).size).toBe(1);
  });
});

describe('names', () => {
  test('of properties that every object has are names like others', async () => {
    const names = ['__proto__', 'constructor', 'toString', '', '日本'];
    const entries = names.map((name, i) => `${JSON.stringify(name)}:${JSON.stringify(entry(i, i + 1, [1], 'U8'))}`);
    const path = await put(folder.path('names'), fileBytes(`{${entries.join()}}`, [5, 6, 7, 8, 9]));
    const state = await readSafetensors(path);
    expect([...state.keys()]).toEqual(names);
    expect(names.map((name) => state.get(name)!.data[0])).toEqual([5, 6, 7, 8, 9]);
    expect(({} as { dtype?: string }).dtype).toBeUndefined();
  });

  test('of metadata as well', async () => {
    const header = `{"__metadata__":{"__proto__":"x","format":"pt"}}`;
    const file = await SafetensorsFile.open(await put(folder.path('metadata'), fileBytes(header)));
    expect([...file.metadata]).toEqual([
      ['__proto__', 'x'],
      ['format', 'pt'],
    ]);
    await file.close();
  });
});

describe('real files', () => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const data = process.env.GERBERT_DATA ?? join(here, '../../../../shared/data');
  const gpt2 = join(data, 'checkpoints/gpt2-capp');

  for (const name of ['model.safetensors', 'derived-from-onnx/model.safetensors']) {
    test(`gpt2-capp/${name}`, async (context) => {
      const path = join(gpt2, name);
      if (!existsSync(path)) return context.skip('checkpoints/gpt2-capp is not in the data folder (GERBERT_DATA)');
      const config = JSON.parse(await readFile(join(gpt2, 'config.json'), 'utf8'));
      const { n_embd: c, n_layer: layers, vocab_size: v, n_positions: t } = config;
      const state = await readSafetensors(path);
      const prefix = state.has('transformer.wte.weight') ? 'transformer.' : '';
      const shape = (name: string) => state.get(prefix + name)?.shape;
      expect(shape('wte.weight')).toEqual([v, c]);
      expect(shape('wpe.weight')).toEqual([t, c]);
      for (let layer = 0; layer < layers; layer++) {
        expect(shape(`h.${layer}.attn.c_attn.weight`)).toEqual([c, 3 * c]);
        expect(shape(`h.${layer}.mlp.c_proj.bias`)).toEqual([c]);
      }
      for (const [, { dtype, data }] of state) {
        expect(dtype).toBe('f32');
        expect(data.every(Number.isFinite)).toBe(true);
        expect(data.some((value) => value !== 0)).toBe(true);
      }
      // A trained LayerNorm keeps its weights around 1.
      const gamma = Array.from(state.get(`${prefix}ln_f.weight`)!.data);
      const mean = gamma.reduce((total, value) => total + value, 0) / gamma.length;
      expect(mean).toBeGreaterThan(0.5);
      expect(mean).toBeLessThan(10);
    });
  }
});
