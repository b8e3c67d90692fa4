// Whole models: encoders that read a batch, and training steps.
import { BertForPreTraining, bertConfig, PretrainingData, pack, toDevice } from '@gerbert/bert';
import { CausalData, causalBatch, GptForCausalLM, gptConfig } from '@gerbert/gpt';
import { noGrad, RandomStream, scope } from '@gerbert/tensor';
import { adamw, Trainer } from '@gerbert/trainer';
import { resetPeakMemory } from '../serve.mjs';
import { floats } from './outputs.mjs';

/** Sequences of ids [lengths…] packed one after another → last hidden states [N, C]. */
async function bert(inputs, { directory, lengths, precision = 'f32' }, at) {
  const model = await BertForPreTraining.fromPretrained(directory, { device: at });
  model.pack({ precision: precision === 'f32' ? 'full' : precision });
  const ids = new Int32Array(inputs.ids.size);
  at.backend.readSync(inputs.ids, ids);
  let row = 0;
  const sequences = lengths.map((length) => {
    row += length;
    return { ids: ids.subarray(row - length, row), typeIds: new Int32Array(length) };
  });
  const batch = pack(sequences);
  const forward = () => scope(() => noGrad(() => model.bert.forward(toDevice(batch, at))));
  return {
    run: () => forward().dispose(),
    outputs: () => ({ hidden: floats(forward()) }),
    release: () => model.dispose(),
  };
}

/** Training steps from a checkpoint on fixed batches: the losses of the first `checked` steps, then a step a run. */
async function gptTraining(inputs, { directory, batch, length, checked, lr, precision = 'full' }, at) {
  const model = await GptForCausalLM.fromPretrained(directory, { device: at });
  const tokens = new Int32Array(inputs.tokens.size); // [batches, batch, length + 1]
  at.backend.readSync(inputs.tokens, tokens);
  const size = length + 1;
  const count = tokens.length / (batch * size);
  const data = {
    batch(index) {
      const first = (index % count) * batch;
      const windows = Array.from({ length: batch }, (_, i) =>
        tokens.subarray((first + i) * size, (first + i + 1) * size),
      );
      return causalBatch(windows.map((window) => ({ tokens: window })));
    },
  };
  const optimizer = adamw(model, { lr, maxNorm: 0 });
  resetPeakMemory();
  return training(model, data, { optimizer, checked, precision });
}

/** A `Trainer` as `serve` wants it: the first run takes the steps whose losses are compared, every other one takes one. */
function training(model, data, { optimizer, checked, precision = 'full' }) {
  const options = { data, optimizer, steps: Number.POSITIVE_INFINITY, seed: 1, precision };
  const steps = new Trainer(model, options).run();
  const losses = [];
  const step = async () => {
    const { value } = await steps.next();
    if (losses.length < checked) losses.push(value.loss);
  };
  return {
    run: step,
    async outputs() {
      while (losses.length < checked) await step();
      return { losses: Float32Array.from(losses) };
    },
    release: () => steps.return(),
  };
}

const vocabSize = 4096;

/** The documents of the small training steps: 40 of 40 sentences of 20 random tokens. */
function documents() {
  const random = new RandomStream(1);
  const sentence = () => Int32Array.from({ length: 20 }, () => 5 + random.int(vocabSize - 5));
  return Array.from({ length: 40 }, () => Array.from({ length: 40 }, sentence));
}

/** A step of the BERT that `gerbert demo` trains: 8 sequences of up to 128 tokens. */
function smallBertTraining(_, { checked }, at) {
  const shape = { hiddenSize: 128, numHiddenLayers: 3, numAttentionHeads: 4, maxPositionEmbeddings: 128 };
  const config = bertConfig({ ...shape, vocabSize, hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 });
  const special = { maskToken: 4, clsToken: 2, sepToken: 3, specialTokens: new Set([0, 1, 2, 3, 4]) };
  const data = new PretrainingData(documents(), { ...special, vocabSize, maxLength: 128, batchSize: 8, seed: 1 });
  const model = BertForPreTraining.fromConfig(config, { device: at, seed: 1 });
  return training(model, data, { optimizer: adamw(model, { lr: 1e-4 }), checked });
}

/** A step of the GPT that `gerbert demo` trains: 4 sequences of 256 tokens. */
function smallGptTraining(_, { checked }, at) {
  const shape = { nEmbd: 128, nLayer: 4, nHead: 4, nPositions: 256 };
  const config = gptConfig({ ...shape, vocabSize, residPdrop: 0, embdPdrop: 0, attnPdrop: 0 });
  const tokens = Int32Array.from(documents().flatMap((document) => document.flatMap((sentence) => [...sentence])));
  const data = new CausalData(tokens, { length: 256, batchSize: 4, seed: 1 });
  const model = GptForCausalLM.fromConfig(config, { device: at, seed: 1 });
  return training(model, data, { optimizer: adamw(model, { lr: 1e-4 }), checked });
}

export const models = { bert, gptTraining, smallBertTraining, smallGptTraining };
