// One training step of the models that `gerbert demo` trains, on every device: verified, then timed in interleaved rounds.
import { BertForPreTraining, bertConfig, PretrainingData } from '@gerbert/bert';
import { CausalData, GptForCausalLM, gptConfig } from '@gerbert/gpt';
import { devices, RandomStream } from '@gerbert/tensor';
import { adamw, Trainer } from '@gerbert/trainer';

const rounds = 7;
const vocabSize = 4096;
const none = { hiddenDropoutProb: 0, attentionProbsDropoutProb: 0, residPdrop: 0, embdPdrop: 0, attnPdrop: 0 };

const random = new RandomStream(1);
const documents = Array.from({ length: 40 }, () =>
  Array.from({ length: 40 }, () => Int32Array.from({ length: 20 }, () => 5 + random.int(vocabSize - 5))),
);

function bert(device) {
  const { hiddenDropoutProb, attentionProbsDropoutProb } = none;
  const shape = { hiddenSize: 128, numHiddenLayers: 3, numAttentionHeads: 4, maxPositionEmbeddings: 128 };
  const config = bertConfig({ ...shape, vocabSize, hiddenDropoutProb, attentionProbsDropoutProb });
  const special = { maskToken: 4, clsToken: 2, sepToken: 3, specialTokens: new Set([0, 1, 2, 3, 4]) };
  const data = new PretrainingData(documents, { ...special, vocabSize, maxLength: 128, batchSize: 8, seed: 1 });
  return trainer(BertForPreTraining.fromConfig(config, { device, seed: 1 }), data);
}

function gpt(device) {
  const { residPdrop, embdPdrop, attnPdrop } = none;
  const shape = { nEmbd: 128, nLayer: 4, nHead: 4, nPositions: 256 };
  const config = gptConfig({ ...shape, vocabSize, residPdrop, embdPdrop, attnPdrop });
  const tokens = Int32Array.from(documents.flatMap((document) => document.flatMap((sentence) => [...sentence])));
  const data = new CausalData(tokens, { length: 256, batchSize: 4, seed: 1 });
  return trainer(GptForCausalLM.fromConfig(config, { device, seed: 1 }), data);
}

function trainer(model, data) {
  return new Trainer(model, { data, optimizer: adamw(model, { lr: 1e-4 }), steps: rounds + 2, seed: 1 }).run();
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const names = devices().flatMap(({ name, available }) => (available && name !== 'cuda' ? [name] : []));
const rows = [];
for (const [name, make] of Object.entries({ bert, gpt })) {
  const runs = names.map((device) => ({ device, steps: make(device), ms: [], losses: [] }));
  for (let round = 0; round < rounds + 2; round++) {
    for (const run of runs) {
      const started = performance.now();
      const { value } = await run.steps.next();
      // The first two steps fill pools and caches; they are verified, not timed.
      if (round >= 2) run.ms.push(performance.now() - started);
      run.losses.push(value.loss);
    }
  }
  const [first] = runs;
  for (const { device, ms, losses } of runs) {
    const apart = Math.max(...losses.map((loss, i) => Math.abs(loss - first.losses[i])));
    const verified = apart < 1e-4 * first.losses[0];
    rows.push({
      case: `${name} step, 1,024 tokens`,
      device,
      ms: Number(median(ms).toFixed(1)),
      spread: `${Math.min(...ms).toFixed(1)}–${Math.max(...ms).toFixed(1)}`,
      timesJs: Number((median(first.ms) / median(ms)).toFixed(1)),
      verified,
    });
  }
}
console.table(rows);
console.log(devices().find(({ name }) => name === 'cpu'));
if (rows.some(({ verified }) => !verified)) process.exitCode = 1;
