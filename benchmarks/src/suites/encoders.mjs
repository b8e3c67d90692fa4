// Cases of whole encoders, for the suites that have such: checkpoints with random weights, written by Gerbert, read by every side.
import { existsSync, mkdirSync } from 'node:fs';
import { BertForPreTraining, bertConfig } from '@gerbert/bert';
import { GptForCausalLM, gptConfig } from '@gerbert/gpt';
import { indices } from '../files.mjs';
import { modelsFolder } from '../folders.mjs';
import { gamma } from '../verify.mjs';

const models = {
  'bert-base': () => BertForPreTraining.fromConfig(bertConfig(), { seed: 1 }),
  'bert-mini': () =>
    BertForPreTraining.fromConfig(
      bertConfig({ hiddenSize: 256, numHiddenLayers: 4, numAttentionHeads: 4, maxPositionEmbeddings: 512 }),
      { seed: 1 },
    ),
  gpt2: () => GptForCausalLM.fromConfig(gptConfig({ residPdrop: 0, embdPdrop: 0, attnPdrop: 0 }), { seed: 1 }),
};

export const directoryOf = (model) => `${modelsFolder}/${model}`;

/** Writes a checkpoint where there is none yet: the seed is fixed, so it is the same every time. */
export async function writeModel(name) {
  const directory = directoryOf(name);
  if (existsSync(`${directory}/model.safetensors`)) return;
  mkdirSync(directory, { recursive: true });
  const model = models[name]();
  await model.savePretrained(directory);
}

export const onnxFile = (model) => `${directoryOf(model)}/model.onnx`;

/** Lets PyTorch export the encoder, once. What goes wrong becomes onnxruntime's own failure: it finds no file. */
export async function exportModel(name, sides) {
  if (existsSync(onnxFile(name)) || !sides.installed('torch') || !sides.installed('onnxruntime')) return;
  const torch = await sides.get('torch');
  await torch.request({ op: 'export', directory: directoryOf(name), file: onnxFile(name) }, { timeoutMs: 300_000 });
}

/** Multiplications and additions of an encoder over sequences of these lengths: products of the layers, and attention's two. */
export function encoderWork({ width, layers }, lengths) {
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  const pairs = lengths.reduce((sum, n) => sum + n * n, 0);
  return layers * (2 * rows * 12 * width * width + 4 * pairs * width);
}

/**
 * An encoder's last hidden states. PyTorch computes them in float64 too. How much of the rounding survives twelve normalisations is what its own
 * f32 result shows: nobody may be further away than `slack` times its greatest error.
 */
export function encoderCase({ model, lengths, seed = 1, shape, dtype = 'f32', slack = 8, ...rest }) {
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  return {
    dtype,
    op: 'bert',
    params: { directory: directoryOf(model), model: onnxFile(model), lengths, precision: dtype },
    inputs: () => ({ ids: { data: indices(rows, 30_000, { seed }), shape: [rows] } }),
    expect(_, { torch, ...others }) {
      const width = shape.width;
      if (torch) return [nearExact(torch, width, slack)];
      // All the same without PyTorch: peers that agree in their f32 results within what the products' roundings add up to.
      const [, reference] = Object.entries(others).find(([, outputs]) => outputs) ?? [];
      if (!reference || Object.values(others).filter(Boolean).length < 2) return null;
      const want = Float64Array.from(reference.hidden);
      const relative = shape.layers * (2 * gamma(4 * width) + 4 * gamma(width));
      const size = want.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      return [{ output: 'hidden', width, want, bound: new Float64Array(want.length).fill(relative * size) }];
    },
    work: { kind: 'f32', amount: encoderWork(shape, lengths) },
    ...rest,
  };
}

function nearExact({ hidden, exact }, width, slack) {
  // Rounded to f32 on the way here: half a unit in the last place more.
  const want = Float64Array.from(exact);
  let [worst, largest] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    worst = Math.max(worst, Math.abs(hidden[i] - want[i]));
    largest = Math.max(largest, Math.abs(want[i]));
  }
  const bound = new Float64Array(want.length).fill(slack * Math.max(worst, largest * 2 ** -24));
  return { output: 'hidden', width, want, bound };
}
