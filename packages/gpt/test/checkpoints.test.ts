import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostTensor, type Module, readSafetensors, tensor, writeSafetensors } from '@gerbert/tensor';
import { packed } from '@gerbert/transformer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GptConfig, GptForCausalLM, gptConfig } from '../src/index.js';
import { goldenDirectory } from './goldens.js';

const device = 'js';
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gerbert-gpt-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const code = (name: string) => expect.objectContaining({ code: name });
const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

async function values(model: Module): Promise<Map<string, number[]>> {
  const all = new Map<string, number[]>();
  for (const [name, tensor] of model.state()) all.set(name, Array.from(await tensor.read()));
  return all;
}

/** A copy of the golden checkpoint with some things different. */
async function altered({
  config = {},
  state,
}: {
  config?: object;
  state?: (tensors: Map<string, HostTensor>) => Map<string, HostTensor>;
}): Promise<void> {
  await cp(goldenDirectory('tiny'), directory, { recursive: true });
  const path = join(directory, 'config.json');
  await writeFile(path, JSON.stringify({ ...(await json(path)), ...config }));
  const weights = join(directory, 'model.safetensors');
  if (state) await writeSafetensors(weights, state(await readSafetensors(weights)));
}

const load = () => GptForCausalLM.fromPretrained(directory, { device });
const original = () => GptForCausalLM.fromPretrained(goldenDirectory('tiny'), { device });

describe('a saved model', () => {
  test('holds the tensors and settings that Hugging Face wrote', async () => {
    const from = goldenDirectory('tiny');
    await (await original()).savePretrained(directory);
    const files = ['config.json', 'generation_config.json', 'model.safetensors'];
    expect((await readdir(directory)).toSorted()).toEqual(files);
    const file = (folder: string) => readSafetensors(join(folder, 'model.safetensors'));
    const [theirs, ours] = [await file(from), await file(directory)];
    expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted());
    for (const [name, tensor] of theirs) expect(ours.get(name), name).toEqual(tensor);
    for (const name of ['config.json', 'generation_config.json']) {
      const [before, after] = [await json(join(from, name)), await json(join(directory, name))];
      // Theirs leaves the usual inner width open.
      if (name === 'config.json') before.n_inner = 96;
      for (const key of Object.keys(after)) expect(after[key], key).toEqual(before[key]);
    }
  });

  test('comes back the same, with all that can be set', async () => {
    const config: GptConfig = {
      vocabSize: 31,
      nPositions: 9,
      nEmbd: 12,
      nLayer: 2,
      nHead: 3,
      nInner: 20,
      activationFunction: 'relu',
      residPdrop: 0.2,
      embdPdrop: 0.3,
      attnPdrop: 0.4,
      layerNormEpsilon: 1e-6,
      initializerRange: 0.05,
      bosTokenId: 3,
      eosTokenId: 4,
    };
    const model = GptForCausalLM.fromConfig(config, { device, seed: 5 });
    await model.savePretrained(directory);
    const again = await load();
    expect(again.config).toEqual(config);
    expect(await values(again)).toEqual(await values(model));
  });

  test.for(['gelu', 'geluTanh', 'relu', 'silu', 'tanh', 'sigmoid', 'none'] as const)(
    'keeps the activation %s',
    async (activationFunction) => {
      const shape = { vocabSize: 9, nPositions: 4, nEmbd: 4, nLayer: 1, nHead: 1, activationFunction };
      await GptForCausalLM.fromConfig(gptConfig(shape), { device }).savePretrained(directory);
      expect((await load()).config.activationFunction).toBe(activationFunction);
    },
  );
});

test('a checkpoint may be of the bare body, as the first ones were, with masks that nobody needs', async () => {
  const mask: HostTensor = { dtype: 'f32', shape: [1, 1, 2, 2], data: new Float32Array(4) };
  await altered({
    state: (tensors) =>
      new Map([
        ...[...tensors].map(([name, t]) => [name.replace(/^transformer\./, ''), t] as const),
        ['h.0.attn.bias', mask],
      ]),
  });
  expect(await values(await load())).toEqual(await values(await original()));
});

describe('a checkpoint is refused', () => {
  test.for<[string, unknown, string]>([
    ['vocab_size', 0, 'CONFIG_MALFORMED'],
    ['n_positions', null, 'STATE_MISMATCH'],
    ['n_positions', 2.5, 'CONFIG_MALFORMED'],
    ['n_embd', '24', 'CONFIG_MALFORMED'],
    ['n_head', 5, 'CONFIG_MALFORMED'],
    ['n_layer', -1, 'CONFIG_MALFORMED'],
    ['n_inner', 0, 'CONFIG_MALFORMED'],
    ['activation_function', 'gelu_fast_and_loose', 'CONFIG_MALFORMED'],
    ['resid_pdrop', 1, 'CONFIG_MALFORMED'],
    ['embd_pdrop', -0.1, 'CONFIG_MALFORMED'],
    ['attn_pdrop', 'much', 'CONFIG_MALFORMED'],
    ['layer_norm_epsilon', -1, 'CONFIG_MALFORMED'],
    ['eos_token_id', [1, 2], 'CONFIG_MALFORMED'],
    ['model_type', 'gpt_neo', 'CONFIG_UNSUPPORTED'],
    ['scale_attn_weights', false, 'CONFIG_UNSUPPORTED'],
    ['scale_attn_by_inverse_layer_idx', true, 'CONFIG_UNSUPPORTED'],
    ['add_cross_attention', true, 'CONFIG_UNSUPPORTED'],
    ['tie_word_embeddings', false, 'CONFIG_UNSUPPORTED'],
  ])('for %s = %o, which its error names', async ([key, value, expected]) => {
    await altered({ config: { [key]: value } });
    await expect(load()).rejects.toThrow(code(expected));
    await expect(load()).rejects.toThrow(directory);
    await expect(load()).rejects.toThrow(expected === 'STATE_MISMATCH' ? 'wpe.weight has shape [24, 24]' : key);
  });

  test('for a missing or misshapen parameter, which its error names', async () => {
    const name = 'transformer.h.1.mlp.c_fc.bias';
    await altered({ state: (tensors) => new Map([...tensors].filter(([key]) => key !== name)) });
    await expect(load()).rejects.toThrow(code('STATE_MISMATCH'));
    await expect(load()).rejects.toThrow(`${name} is missing`);
    await altered({
      state: (tensors) => tensors.set(name, { dtype: 'f32', shape: [3], data: new Float32Array(3) }),
    });
    await expect(load()).rejects.toThrow(`${name} has shape [3], the model needs [96]`);
    await expect(load()).rejects.toThrow(directory);
  });

  test('for what is not there', async () => {
    await expect(load()).rejects.toThrow(code('FILE_UNREADABLE'));
    await cp(join(goldenDirectory('tiny'), 'config.json'), join(directory, 'config.json'));
    await expect(load()).rejects.toThrow(code('FILE_UNREADABLE'));
  });

  test('and so are unknown options, and sequences beyond its positions', async () => {
    const options = { device, labels: [] } as object;
    await expect(GptForCausalLM.fromPretrained(goldenDirectory('tiny'), options)).rejects.toThrow(
      code('OPTION_UNKNOWN'),
    );
    expect(() => GptForCausalLM.fromConfig(gptConfig(), { sed: 1 } as object)).toThrow("did you mean 'seed'?");
    expect(() => gptConfig({ nLayers: 3 } as object)).toThrow("did you mean 'nLayer'?");
    const model = await original();
    const ids = tensor(new Int32Array(25), { dtype: 'i32', device });
    expect(() => model.hidden(ids, packed([25], { device }))).toThrow(code('CONTEXT_LENGTH'));
  });
});
