import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embedding, type HostTensor, linear, noGrad, type Tensor, type TypedArray, tensor } from '@gerbert/tensor';
import { type CausalModel, generate, packed } from '@gerbert/transformer';
import { describe, expect, type TestContext, test } from 'vitest';
import { GptForCausalLM, gptConfig } from '../src/index.js';
import { dataPath, expectClose, need, type Place, places } from './goldens.js';

// Checkpoints that somebody really trained. They are not in the repository: GERBERT_DATA names the folder that holds them.

function data(path: string, context: TestContext): string {
  const found = dataPath(path);
  if (found === undefined) context.skip(`no ${path} in the data folder (GERBERT_DATA)`);
  return found!;
}

const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

/** Roundings behind a number after `layers` of a width: see goldens.test.ts. */
const terms = (layers: number, width: number) => layers * (9 * width + 20);

describe.each(places)('on $device in $dtype', (place) => {
  const { device, dtype } = place;

  test('a process planner computes what onnxruntime does', async (context) => {
    need(place, context);
    const folder = data('checkpoints/gpt2-capp', context);
    const directory = await mkdtemp(join(tmpdir(), 'gerbert-capp-'));
    try {
      await cp(join(folder, 'config.json'), join(directory, 'config.json'));
      await cp(join(folder, 'derived-from-onnx/model.safetensors'), join(directory, 'model.safetensors'));
      const model = await GptForCausalLM.fromPretrained(directory, { device, dtype });
      const { cases } = await readJson(join(folder, 'derived-from-onnx/golden-onnxruntime.json'));
      const lengths = cases.map(({ input_ids: ids }: { input_ids: number[] }) => ids.length);
      const all = cases.flatMap(({ input_ids: ids }: { input_ids: number[] }) => ids);
      const ids = tensor(Int32Array.from(all), { dtype: 'i32', device });
      const logits = await noGrad(() => model.logits(model.hidden(ids, packed(lengths, { device })))).read();
      let row = 0;
      for (const { input_ids, logits_last, argmax_all } of cases) {
        row += input_ids.length;
        // What it is compared with was computed in f32.
        expectClose(logits.slice((row - 1) * 53, row * 53), logits_last, { dtype: 'f32', terms: terms(4, 64) });
        const own = argmax_all.map((_: number, t: number) => best(logits, row - input_ids.length + t, 53));
        expect(own).toEqual(argmax_all);
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('a process planner plans', async (context) => {
    need(place, context);
    const folder = data('checkpoints/gpt2-capp', context);
    const model = await GptForCausalLM.fromPretrained(folder, { device, dtype });
    const { cases } = await readJson(join(folder, 'derived-from-onnx/golden-onnxruntime.json'));
    const [plan] = await generate(model, cases[0].input_ids, {
      maxNewTokens: 16,
      endTokens: [model.config.eosTokenId],
    });
    expect(plan!.ended).toBe(true);
    expect(plan!.tokens.length).toBeGreaterThan(1);
  });

  test('a sorter has the intermediate values its authors printed, and sorts', async (context) => {
    need(place, context);
    const folder = data('checkpoints/gpt2-sort-minGPT', context);
    const { model, head } = sorter(await readJson(join(folder, 'gpt-nano-sort-model.json')), place);
    const partials = await readJson(join(folder, 'gpt-nano-sort-t0-partials.json'));
    const compare = { dtype: 'f32', terms: terms(3, 48) } as const;
    const expectStored = async (found: Tensor, name: string) =>
      expectClose(await found.read(), numbers(partials[name]), compare, name);

    const ids = tensor(Int32Array.from(numbers(partials.idx)), { dtype: 'i32', device });
    const at = packed([11, 11, 11], { device });
    const { tokens, positions, blocks, norm } = model.transformer;
    const states = noGrad(() => {
      const all = [embedding([tokens.weight, ids], [positions.weight, at.positions])];
      for (const block of blocks) all.push(block.forward(all.at(-1)!, at));
      return all;
    });
    for (const [i, name] of ['x', 'block0', 'block1', 'block2'].entries()) await expectStored(states[i]!, name);
    const [first] = blocks;
    const attention = noGrad(() => first!.attention.probabilities(first!.norm1.forward(states[0]!), at));
    await expectStored(attention, 'attSm');
    const hidden = noGrad(() => norm.forward(states.at(-1)!));
    await expectStored(hidden, 'ln_f');
    await expectStored(head(hidden), 'lm_head');

    const { maxPositions, vocabSize } = model;
    const untied: CausalModel = {
      ...{ device: model.device, maxPositions, vocabSize, logits: head },
      hidden: (ids, at) => model.hidden(ids, at),
      cache: (slots, capacity) => model.cache(slots, capacity),
    };
    for (const digits of [
      [2, 0, 1, 1, 0, 2],
      [0, 0, 2, 1, 0, 1],
      [2, 2, 2, 1, 1, 0],
    ]) {
      // Its last answer would stand beyond its positions: five digits tell the sixth.
      const [sorted] = await generate(untied, digits, { maxNewTokens: 5 });
      expect(sorted!.tokens).toEqual(digits.toSorted().slice(0, 5));
    }
  });
});

/** minGPT's weights are laid out as PyTorch's Linear, the transpose of GPT-2's, and its head is a matrix of its own. */
function sorter(stored: Record<string, Stored>, { device, dtype }: Place) {
  const shape = { vocabSize: 3, nPositions: 11, nEmbd: 48, nLayer: 3, nHead: 3 };
  const model = new GptForCausalLM(gptConfig(shape), { device, dtype });
  const state = new Map<string, HostTensor>();
  for (const [name, tensor] of Object.entries(stored)) {
    if (!tensor.shape) continue;
    const values = Float32Array.from(numbers(tensor));
    const [rows = 0, columns = 0] = tensor.shape;
    const turned = /\.c_\w+\.weight$/.test(name);
    const data = turned ? values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!) : values;
    state.set(name, { dtype: 'f32', shape: turned ? [columns, rows] : tensor.shape, data });
  }
  model.loadState(state);
  const head = tensor(state.get('lm_head.weight')!.data, { device, dtype, shape: [3, 48] });
  return { model, head: (hidden: Tensor) => noGrad(() => linear(hidden, head, null)) };
}

interface Stored {
  shape: number[];
  dtype: string;
  data: string;
}

/** The f32 numbers of a tensor stored as base64. */
function numbers({ data }: Stored): number[] {
  return Array.from(new Float32Array(Uint8Array.from(Buffer.from(data, 'base64')).buffer));
}

function best(logits: TypedArray, row: number, vocabSize: number): number {
  const own = Array.from(logits.slice(row * vocabSize, (row + 1) * vocabSize));
  return own.indexOf(Math.max(...own));
}
