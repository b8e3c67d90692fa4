import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostTensor, type Module, readSafetensors, writeSafetensors } from '@gerbert/tensor';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type BertConfig,
  BertForPreTraining,
  BertForSequenceClassification,
  bertConfig,
  copyBody,
} from '../src/index.js';
import { goldenDirectory } from './goldens.js';

const device = 'js';
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gerbert-bert-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const code = (name: string) => expect.objectContaining({ code: name });

async function values(model: Module): Promise<Map<string, number[]>> {
  const all = new Map<string, number[]>();
  for (const [name, tensor] of model.state()) all.set(name, Array.from(await tensor.read()));
  return all;
}

/** A copy of a golden checkpoint with some things different. */
async function altered(
  name: string,
  { config = {}, state }: { config?: object; state?: (tensors: Map<string, HostTensor>) => Map<string, HostTensor> },
): Promise<string> {
  await cp(goldenDirectory(name), directory, { recursive: true });
  const path = join(directory, 'config.json');
  const before = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...before, ...config }));
  const weights = join(directory, 'model.safetensors');
  if (state) await writeSafetensors(weights, state(await readSafetensors(weights)));
  return directory;
}

const renamed = (rename: (name: string) => string) => (tensors: Map<string, HostTensor>) =>
  new Map([...tensors].map(([name, tensor]) => [rename(name), tensor]));

describe('a saved model', () => {
  test('holds the tensors and settings that Hugging Face wrote', async () => {
    const from = goldenDirectory('pretraining-gelu-new');
    const model = await BertForPreTraining.fromPretrained(from, { device });
    await model.savePretrained(directory);
    expect((await readdir(directory)).toSorted()).toEqual(['config.json', 'model.safetensors']);
    const file = (folder: string) => readSafetensors(join(folder, 'model.safetensors'));
    const [theirs, ours] = [await file(from), await file(directory)];
    expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted());
    for (const [name, tensor] of theirs) expect(ours.get(name), name).toEqual(tensor);
    const read = async (folder: string) => JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    const [before, after] = [await read(from), await read(directory)];
    for (const key of Object.keys(after)) {
      if (key !== 'position_embedding_type') expect(after[key], key).toEqual(before[key]);
    }
  });

  test('comes back the same, with all that can be set', async () => {
    const config: BertConfig = {
      vocabSize: 31,
      hiddenSize: 12,
      numHiddenLayers: 2,
      numAttentionHeads: 3,
      intermediateSize: 20,
      hiddenAct: 'relu',
      hiddenDropoutProb: 0.2,
      attentionProbsDropoutProb: 0.3,
      classifierDropout: 0.4,
      maxPositionEmbeddings: 9,
      typeVocabSize: 3,
      initializerRange: 0.05,
      layerNormEps: 1e-6,
      padTokenId: 4,
      labels: ['a', 'b', 'c'],
    };
    const model = BertForSequenceClassification.fromConfig(config, { device, seed: 5 });
    await model.savePretrained(directory);
    const again = await BertForSequenceClassification.fromPretrained(directory, { device, seed: 6 });
    expect(again.config).toEqual(config);
    expect(await values(again)).toEqual(await values(model));
  });

  test.for(['gelu', 'geluTanh', 'relu', 'silu', 'tanh', 'sigmoid', 'none'] as const)(
    'keeps the activation %s',
    async (hiddenAct) => {
      const shape = { vocabSize: 9, hiddenSize: 4, numHiddenLayers: 1, numAttentionHeads: 1 };
      const model = BertForPreTraining.fromConfig(bertConfig({ ...shape, hiddenAct }), { device });
      await model.savePretrained(directory);
      expect((await BertForPreTraining.fromPretrained(directory, { device })).config.hiddenAct).toBe(hiddenAct);
    },
  );
});

describe('a checkpoint may', () => {
  test('be of the bare body: the heads then begin as the seed says', async () => {
    const body = (tensors: Map<string, HostTensor>) =>
      new Map(
        [...tensors].filter(([name]) => name.startsWith('bert.')).map(([name, t]) => [name.slice('bert.'.length), t]),
      );
    await altered('pretraining-gelu', { state: body });
    const labels = ['x', 'y'];
    const load = (seed: number) => BertForSequenceClassification.fromPretrained(directory, { device, labels, seed });
    const [one, two] = [await values(await load(1)), await values(await load(2))];
    const original = await values(
      await BertForPreTraining.fromPretrained(goldenDirectory('pretraining-gelu'), { device }),
    );
    for (const [name, value] of one) {
      if (name.startsWith('bert.')) expect(value, name).toEqual(original.get(name));
    }
    expect(one.get('classifier.weight')).not.toEqual(two.get('classifier.weight'));
    expect(one.get('classifier.weight')!.some((w) => w !== 0)).toBe(true);
  });

  test('call scales and shifts gamma and beta', async () => {
    const older = renamed((name) =>
      name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta'),
    );
    await altered('pretraining-gelu', { state: older });
    const original = await BertForPreTraining.fromPretrained(goldenDirectory('pretraining-gelu'), { device });
    expect(await values(await BertForPreTraining.fromPretrained(directory, { device }))).toEqual(
      await values(original),
    );
  });

  test('name its classes or not', async () => {
    const load = async (name: string, labels?: string[]) =>
      (await BertForSequenceClassification.fromPretrained(goldenDirectory(name), { device, labels })).config.labels;
    expect(await load('classification-gelu-new')).toEqual(['bad', 'fair', 'good']);
    expect(await load('classification-gelu-new', ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
    expect(await load('classification-gelu')).toEqual(['LABEL_0', 'LABEL_1']);
    await expect(load('classification-gelu', ['a', 'b', 'c'])).rejects.toThrow(code('STATE_MISMATCH'));
  });
});

describe('a checkpoint is refused', () => {
  const load = (folder: string) => BertForPreTraining.fromPretrained(folder, { device });

  test.for<[string, unknown, string]>([
    ['vocab_size', 0, 'CONFIG_MALFORMED'],
    ['hidden_size', '24', 'CONFIG_MALFORMED'],
    ['num_attention_heads', 5, 'CONFIG_MALFORMED'],
    ['num_hidden_layers', 1.5, 'CONFIG_MALFORMED'],
    ['intermediate_size', -3, 'CONFIG_MALFORMED'],
    ['hidden_act', 'gelu_fast_and_loose', 'CONFIG_MALFORMED'],
    ['hidden_dropout_prob', 1, 'CONFIG_MALFORMED'],
    ['attention_probs_dropout_prob', -0.1, 'CONFIG_MALFORMED'],
    ['classifier_dropout', 7, 'CONFIG_MALFORMED'],
    ['max_position_embeddings', [], 'CONFIG_MALFORMED'],
    ['type_vocab_size', {}, 'CONFIG_MALFORMED'],
    ['layer_norm_eps', 'tiny', 'CONFIG_MALFORMED'],
    ['pad_token_id', -1, 'CONFIG_MALFORMED'],
    ['id2label', { 0: 'a', 5: 'b' }, 'CONFIG_MALFORMED'],
    ['model_type', 'roberta', 'CONFIG_UNSUPPORTED'],
    ['position_embedding_type', 'relative_key', 'CONFIG_UNSUPPORTED'],
    ['is_decoder', true, 'CONFIG_UNSUPPORTED'],
    ['add_cross_attention', true, 'CONFIG_UNSUPPORTED'],
    ['tie_word_embeddings', false, 'CONFIG_UNSUPPORTED'],
  ])('for %s = %o, which its error names', async ([key, value, expected]) => {
    await altered('pretraining-gelu', { config: { [key]: value } });
    await expect(load(directory)).rejects.toThrow(code(expected));
    await expect(load(directory)).rejects.toThrow(join(directory, 'config.json'));
    await expect(load(directory)).rejects.toThrow(key);
  });

  const name = 'bert.encoder.layer.1.attention.self.key.weight';
  test.for<[string, (tensors: Map<string, HostTensor>) => Map<string, HostTensor>, string]>([
    ['a layer without its keys', (t) => new Map([...t].filter(([key]) => key !== name)), `${name} is missing`],
    [
      'keys of another shape',
      (t) => t.set(name, { dtype: 'f32', shape: [24, 12], data: new Float32Array(288) }),
      `${name} has shape [24, 12], the model needs [24, 24]`,
    ],
  ])('for %s, which its error names', async ([, state, what]) => {
    await altered('pretraining-gelu', { state });
    await expect(load(directory)).rejects.toThrow(code('STATE_MISMATCH'));
    await expect(load(directory)).rejects.toThrow(directory);
    await expect(load(directory)).rejects.toThrow(what);
  });

  test('for what is not there or not its file', async () => {
    await expect(load(join(directory, 'none'))).rejects.toThrow(code('FILE_UNREADABLE'));
    await altered('pretraining-gelu', {});
    await writeFile(join(directory, 'model.safetensors'), new Uint8Array(50));
    await expect(load(directory)).rejects.toThrow(code('SAFETENSORS_MALFORMED'));
    await expect(load(directory)).rejects.toThrow(join(directory, 'model.safetensors'));
    await writeFile(join(directory, 'config.json'), '{"vocab_size": ');
    await expect(load(directory)).rejects.toThrow(code('CONFIG_MALFORMED'));
  });

  test('and so is an unknown option', async () => {
    const options = { device, labels: ['a', 'b'] } as object;
    const loading = BertForPreTraining.fromPretrained(goldenDirectory('pretraining-gelu'), options);
    await expect(loading).rejects.toThrow(code('OPTION_UNKNOWN'));
    expect(() => BertForPreTraining.fromConfig(bertConfig(), { sed: 1 } as object)).toThrow("did you mean 'seed'?");
    expect(() => bertConfig({ hiddenSise: 3 } as object)).toThrow("did you mean 'hiddenSize'?");
  });
});

describe('copyBody', () => {
  const shape = { vocabSize: 20, hiddenSize: 8, numHiddenLayers: 2, numAttentionHeads: 2, labels: ['a', 'b'] };
  const from = () => BertForPreTraining.fromConfig(bertConfig(shape), { device, seed: 1 });
  const to = (more: object = {}, dtype: 'f32' | 'f64' = 'f32') =>
    BertForSequenceClassification.fromConfig(bertConfig({ ...shape, ...more }), { device, dtype, seed: 2 });

  test('copies the body and the pooler, and leaves the heads', async () => {
    const [source, target] = [from(), to()];
    const before = await values(target);
    await copyBody(source, target);
    const [sources, after] = [await values(source), await values(target)];
    for (const [name, value] of after) {
      expect(value, name).toEqual((name.startsWith('bert.') ? sources : before).get(name));
    }
    expect([...after.keys()].filter((name) => name.startsWith('bert.pooler.')).length).toBe(2);
    expect(after).not.toEqual(before);
  });

  test.for<[object, 'f32' | 'f64', string]>([
    [{ hiddenSize: 4 }, 'f32', 'bert.embeddings.word_embeddings.weight is f32 [20, 8] in the source and f32 [20, 4]'],
    [{ numHiddenLayers: 3 }, 'f32', 'bert.encoder.layer.2.'],
    [{ numHiddenLayers: 1 }, 'f32', 'bert.encoder.layer.1.'],
    [{}, 'f64', 'f32 [20, 8] in the source and f64 [20, 8]'],
  ])('refuses a body of another shape or dtype, and then writes nothing: %o %s', async ([more, dtype, what]) => {
    const target = to(more, dtype);
    const before = await values(target);
    await expect(copyBody(from(), target)).rejects.toThrow(code('STATE_MISMATCH'));
    await expect(copyBody(from(), target)).rejects.toThrow(what);
    expect(await values(target)).toEqual(before);
  });
});
