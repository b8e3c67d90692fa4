import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostTensor, readSafetensors, writeSafetensors } from '@gerbert/tensor';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ConfigFile,
  loadCheckpoint,
  readState,
  withBodyPrefix,
  withNewNormNames,
  withoutBodyPrefix,
  writeCheckpoint,
} from '../src/checkpoint/index.js';
import { TinyModel } from './tiny-models.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gerbert-checkpoint-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const code = (name: string) => expect.objectContaining({ code: name });

describe('config.json', () => {
  const config = (values: object) => new ConfigFile('/models/tiny/config.json', JSON.stringify(values));

  test('is read key by key', () => {
    const file = config({ n: 3, p: 0.1, act: 'gelu_new', nothing: null, tied: true, id2label: { 1: 'b', 0: 'a' } });
    expect([file.has('n'), file.has('m'), file.has('nothing')]).toEqual([true, false, false]);
    expect([file.count('n'), file.count('m', 4), file.count('nothing', 5)]).toEqual([3, 4, 5]);
    expect([file.number('p'), file.probability('p', 0), file.probability('q', 0.3)]).toEqual([0.1, 0.1, 0.3]);
    expect(file.choice('act', 'gelu', new Map([['gelu_new', 7]]))).toBe(7);
    expect(file.labels()).toEqual(['a', 'b']);
    expect(config({}).labels()).toBeUndefined();
    file.expect('tied', true);
    file.expect('absent', 'anything');
    file.expectHeads({ key: 'n', value: 12 }, { key: 'm', value: 3 });
  });

  test.for<[string, (file: ConfigFile) => unknown, object]>([
    ['n', (file) => file.count('n'), {}],
    ['n', (file) => file.count('n'), { n: null }],
    ['n', (file) => file.count('n'), { n: 0 }],
    ['n', (file) => file.count('n'), { n: 2.5 }],
    ['n', (file) => file.count('n'), { n: '3' }],
    ['n', (file) => file.count('n', 1), { n: 1e300 }],
    ['x', (file) => file.number('x'), { x: -1 }],
    ['x', (file) => file.number('x'), { x: 'much' }],
    ['p', (file) => file.probability('p', 0), { p: 1 }],
    ['act', (file) => file.choice('act', 'a', new Map([['a', 1]])), { act: 'b' }],
    ['act', (file) => file.choice('act', 'a', new Map([['a', 1]])), { act: 1 }],
    ['id2label', (file) => file.labels(), { id2label: { 0: 'a', 2: 'c' } }],
    ['id2label', (file) => file.labels(), { id2label: { 0: 'a', 1: 5 } }],
    ['id2label', (file) => file.labels(), { id2label: ['a', 'b'] }],
    ['heads', (file) => file.expectHeads({ key: 'width', value: 10 }, { key: 'heads', value: 3 }), {}],
  ])('names the file and the key %s when it is wrong: %#', ([key, read, values]) => {
    const file = config(values);
    expect(() => read(file)).toThrow(code('CONFIG_MALFORMED'));
    expect(() => read(file)).toThrow(/^\/models\/tiny\/config\.json/);
    expect(() => read(file)).toThrow(key);
  });

  test('refuses what would be computed otherwise', () => {
    expect(() => config({ tied: false }).expect('tied', true)).toThrow(code('CONFIG_UNSUPPORTED'));
    expect(() => config({ tied: false }).expect('tied', true)).toThrow('tied is false');
  });

  test.for(['{', '[]', '3', 'null', ''])('is a JSON object, not %o', (json) => {
    expect(() => new ConfigFile('c.json', json)).toThrow(code('CONFIG_MALFORMED'));
    expect(() => new ConfigFile('c.json', json)).toThrow(/^c\.json/);
  });

  test('has keys of its own only', () => {
    expect(config({}).has('constructor')).toBe(false);
    expect(() => new ConfigFile('c.json', '{"__proto__": {"n": 3}}').count('n')).toThrow(code('CONFIG_MALFORMED'));
  });

  test('may be missing, with its path', async () => {
    await expect(ConfigFile.read(directory)).rejects.toThrow(code('FILE_UNREADABLE'));
    await expect(ConfigFile.read(directory)).rejects.toThrow(join(directory, 'config.json'));
    await writeFile(join(directory, 'config.json'), '{"n": 9}');
    expect((await ConfigFile.read(directory)).count('n')).toBe(9);
  });
});

describe('a checkpoint directory', () => {
  const model = () => new TinyModel({ kind: 'pre-norm' }, { device: 'js' });

  test('holds what was written, and nothing else', async () => {
    const [from, to] = [model(), model().initialise(8)];
    const deeper = join(directory, 'a', 'b');
    await writeCheckpoint(deeper, from, { 'config.json': { n: 3 }, 'more.json': { x: ['y'] } });
    expect((await readdir(deeper)).toSorted()).toEqual(['config.json', 'model.safetensors', 'more.json']);
    expect(JSON.parse(await readFile(join(deeper, 'more.json'), 'utf8'))).toEqual({ x: ['y'] });
    const state = await readState(deeper);
    expect([...state.keys()]).toEqual(Array.from(from.state(), ([name]) => name));
    expect(await to.words.weight.read()).not.toEqual(await from.words.weight.read());
    expect(loadCheckpoint(to, state, { directory: deeper })).toEqual({ missing: [], unused: [] });
    for (const [name, tensor] of from.state()) {
      expect(await new Map(to.state()).get(name)!.read(), name).toEqual(await tensor.read());
    }
  });

  test('may be split in shards', async () => {
    const all = new Map<string, HostTensor>(
      ['a', 'b', 'c'].map((name, i) => [name, { dtype: 'f32', shape: [2], data: Float32Array.of(i, i + 0.5) }]),
    );
    const part = (...names: string[]) => new Map(names.map((name) => [name, all.get(name)!]));
    await writeSafetensors(join(directory, 'one.safetensors'), part('a', 'c'));
    await writeSafetensors(join(directory, 'two.safetensors'), part('b'));
    const index = { weight_map: { a: 'one.safetensors', b: 'two.safetensors', c: 'one.safetensors' } };
    await writeFile(join(directory, 'model.safetensors.index.json'), JSON.stringify(index));
    expect(await readState(directory)).toEqual(new Map([...part('a', 'c'), ...part('b')]));
  });

  test.for([
    ['{', 'not JSON'],
    ['null', 'weight_map'],
    ['{}', 'weight_map'],
    ['{"weight_map": {"a": 3}}', '3 is not a file name'],
    ['{"weight_map": {"a": "../secret.safetensors"}}', 'secret.safetensors" is not a file name'],
    ['{"weight_map": {"a": "/etc/secret"}}', 'is not a file name'],
    ['{"weight_map": {"a": ".."}}', 'is not a file name'],
  ])('names its index when it is %s', async ([json, what]) => {
    const path = join(directory, 'model.safetensors.index.json');
    await writeFile(path, json!);
    await expect(readState(directory)).rejects.toThrow(code('CHECKPOINT_MALFORMED'));
    await expect(readState(directory)).rejects.toThrow(path);
    await expect(readState(directory)).rejects.toThrow(what);
  });

  test('names what is missing or damaged', async () => {
    await expect(readState(directory)).rejects.toThrow(code('FILE_UNREADABLE'));
    await expect(readState(directory)).rejects.toThrow(directory);
    const index = { weight_map: { a: 'gone.safetensors' } };
    await writeFile(join(directory, 'model.safetensors.index.json'), JSON.stringify(index));
    await expect(readState(directory)).rejects.toThrow(join(directory, 'gone.safetensors'));
    await writeFile(join(directory, 'model.safetensors'), 'not tensors');
    await expect(readState(directory)).rejects.toThrow(code('SAFETENSORS_MALFORMED'));
    await expect(readState(directory)).rejects.toThrow(join(directory, 'model.safetensors'));
  });

  test('that does not fit the model is named with the parameter, and changes nothing', async () => {
    const [from, to] = [model(), model().initialise(8)];
    await writeCheckpoint(directory, from, { 'config.json': {} });
    const state = await readState(directory);
    const before = await to.words.weight.read();
    state.delete('blocks.1.mlm.up.bias');
    state.delete('blocks.1.mlp.up.bias');
    const load = () => loadCheckpoint(to, state, { directory });
    expect(load).toThrow(code('STATE_MISMATCH'));
    expect(load).toThrow(directory);
    expect(load).toThrow('blocks.1.mlp.up.bias is missing');
    expect(await to.words.weight.read()).toEqual(before);
    state.set('blocks.1.mlp.up.bias', { dtype: 'f32', shape: [3], data: new Float32Array(3) });
    expect(load).toThrow('blocks.1.mlp.up.bias has shape [3], the model needs [20]');
    state.delete('blocks.1.mlp.up.bias');
    const mayMiss = (name: string) => name.endsWith('up.bias');
    expect(loadCheckpoint(to, state, { directory, mayMiss }).missing).toEqual(['blocks.1.mlp.up.bias']);
    expect(await to.words.weight.read()).toEqual(await from.words.weight.read());
  });

  test('that cannot be written leaves no half of a file', async () => {
    const taken = join(directory, 'taken');
    await writeFile(taken, '');
    await expect(writeCheckpoint(taken, model(), { 'config.json': {} })).rejects.toThrow(code('FILE_UNWRITABLE'));
    await mkdir(join(directory, 'config.json'));
    const writing = writeCheckpoint(directory, model(), { 'config.json': {} });
    await expect(writing).rejects.toThrow(code('FILE_UNWRITABLE'));
    expect((await readdir(directory)).toSorted()).toEqual(['config.json', 'model.safetensors', 'taken']);
    expect((await readSafetensors(join(directory, 'model.safetensors'))).size).toBeGreaterThan(0);
  });
});

test('names of the body come with and without its prefix, and normalisations are called as now', () => {
  const tensor: HostTensor = { dtype: 'f32', shape: [1], data: new Float32Array(1) };
  const state = (...names: string[]) => new Map(names.map((name) => [name, tensor]));
  const isBody = (name: string) => name.startsWith('layer.');
  expect(withBodyPrefix(state('layer.0.w', 'head.w', 'body.layer.1.w'), 'body.', isBody)).toEqual(
    state('body.layer.0.w', 'head.w', 'body.layer.1.w'),
  );
  expect(withoutBodyPrefix(state('body.layer.0.w', 'head.w'), 'body.')).toEqual(state('layer.0.w', 'head.w'));
  expect(withNewNormNames(state('a.LayerNorm.gamma', 'a.LayerNorm.beta', 'gamma', 'LayerNorm.gamma.x'))).toEqual(
    state('a.LayerNorm.weight', 'a.LayerNorm.bias', 'gamma', 'LayerNorm.gamma.x'),
  );
});
