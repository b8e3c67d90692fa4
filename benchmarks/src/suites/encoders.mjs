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

export const onnxFile = (model, precision = 'f32') =>
  `${directoryOf(model)}/model${precision === 'int8' ? '.int8' : ''}.onnx`;

/** Lets PyTorch export the encoder and onnxruntime quantise it, once. What goes wrong becomes onnxruntime's own failure: it finds no file. */
export async function exportModel(name, sides) {
  if (existsSync(onnxFile(name, 'int8')) || !sides.installed('torch') || !sides.installed('onnxruntime')) return;
  const torch = await sides.get('torch');
  await torch.request({ op: 'export', directory: directoryOf(name), file: onnxFile(name) }, { timeoutMs: 300_000 });
  await torch.request({ op: 'quantise', from: onnxFile(name), to: onnxFile(name, 'int8') }, { timeoutMs: 300_000 });
}

/** Multiplications and additions of an encoder over sequences of these lengths: products of the layers, and attention's two. */
export function encoderWork({ width, layers }, lengths) {
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  const pairs = lengths.reduce((sum, n) => sum + n * n, 0);
  return layers * (2 * rows * 12 * width * width + 4 * pairs * width);
}

/**
 * How far rounding what is multiplied may take hidden states of size 1: a step of each number, in four products of every layer, that add up
 * like random ones. Eight standard deviations; a step of bf16 is 2⁻⁸ of a number, one of int8 2 / 127 of the greatest, which is four of the usual.
 */
const rounding = ({ layers }) => ({
  bf16: 8 * Math.sqrt((2 * 4 * layers) / 12) * 2 ** -8,
  int8: 8 * Math.sqrt((2 * 4 * layers) / 12) * (8 / 127),
});

/**
 * An encoder's last hidden states. PyTorch computes them in float64 too. How much of the rounding survives twelve normalisations is what its own
 * f32 result shows: nobody may be further away than `slack` times its greatest error.
 */
export function encoderCase({ model, lengths, seed = 1, shape, dtype = 'f32', slack = 8, ...rest }) {
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  return {
    dtype,
    op: 'bert',
    params: { directory: directoryOf(model), model: onnxFile(model, dtype), lengths, precision: dtype },
    inputs: () => ({ ids: { data: indices(rows, 30_000, { seed }), shape: [rows] } }),
    // What rounded products cost is told, and not just allowed.
    quality: dtype !== 'f32',
    expect(_, { torch, ...others }) {
      const width = shape.width;
      if (dtype !== 'f32') return torch ? [nearRounded(torch, width, rounding(shape)[dtype])] : null;
      if (torch) return [nearExact(torch, width, slack)];
      // All the same without PyTorch: peers that agree in their f32 results within what the products' roundings add up to.
      const [, reference] = Object.entries(others).find(([, outputs]) => outputs) ?? [];
      if (!reference || Object.values(others).filter(Boolean).length < 2) return null;
      const want = Float64Array.from(reference.hidden);
      const relative = shape.layers * (2 * gamma(4 * width) + 4 * gamma(width));
      const size = want.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      return [{ output: 'hidden', width, want, bound: new Float64Array(want.length).fill(relative * size) }];
    },
    work: { kind: dtype, amount: encoderWork(shape, lengths) },
    ...rest,
  };
}

function nearRounded({ exact }, width, bound) {
  const want = Float64Array.from(exact);
  return { output: 'hidden', width, want, bound: new Float64Array(want.length).fill(bound) };
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
