// Trains a small model for many steps and prints whether memory stays flat. Needs built packages.
//
//   node packages/trainer/scripts/flat-memory.mjs [device] [steps]        both js and cpu, and 2000 steps, by default
//
// Exits with 1 where the pool asks the system for memory after the first fifth of the steps.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  attention,
  constant,
  device,
  devices,
  dropout,
  embedding,
  layerNorm,
  linear,
  linearCrossEntropy,
  Module,
  normal,
  RandomStream,
  tensor,
} from '@gerbert/tensor';
import { adamw, Trainer } from '@gerbert/trainer';

const [vocabSize, width, longest, period] = [61, 32, 24, 11];

/** One attention layer that predicts the next token. */
class Net extends Module {
  constructor(name) {
    super({ device: name });
    this.index = { dtype: 'i32', device: name };
    this.words = this.parameter('words', [vocabSize, width], normal(0.1));
    this.positions = this.parameter('positions', [longest, width], normal(0.1));
    this.gamma = this.parameter('gamma', [width], constant(1));
    this.beta = this.parameter('beta', [width], constant(0));
    this.qkv = this.parameter('qkv', [3 * width, width], normal(0.1));
    this.output = this.parameter('output', [width, width], normal(0.1));
    this.initialise(1);
  }

  loss({ ids, targets, positions, spans }) {
    const x = embedding([this.words, tensor(ids, this.index)], [this.positions, tensor(positions, this.index)]);
    const normed = layerNorm(dropout(x, 0.1), this.gamma, this.beta, 1e-5);
    const seen = { heads: 4, causal: true, dropout: 0.1 };
    const at = tensor(spans, { ...this.index, shape: [spans.length / 5, 5] });
    const y = attention(linear(normed, this.qkv, null), { ...seen, spans: at });
    const logits = linear(y, this.output, null, { residual: x });
    return { next: linearCrossEntropy(logits, this.words, null, tensor(targets, this.index)) };
  }
}

/** Batch i of `period` different ones: 1 to 8 sequences of up to `longest` tokens. */
function batch(i) {
  const random = new RandomStream(i % period);
  const lengths = Array.from({ length: 1 + random.int(8) }, () => 1 + random.int(longest));
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  const tokens = () => Int32Array.from({ length: rows }, () => random.int(vocabSize));
  let row = 0;
  const spans = lengths.flatMap((length, b) => {
    row += length;
    return [row - length, length, row - length, length, b];
  });
  const positions = Int32Array.from(lengths.flatMap((length) => [...new Array(length).keys()]));
  return {
    ids: tokens(),
    targets: tokens(),
    positions,
    spans: Int32Array.from(spans),
    tokens: rows,
    counts: { next: rows },
  };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** Bytes of the heap and of the process after a collection. Twice: what the first one finalises is freed by the second. */
async function settled() {
  for (let i = 0; i < 2; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heapUsed, rss };
}

/** Least squares: by how much y grows with x. */
function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  return mean(([x, y]) => (x - mx) * (y - my)) / mean(([x]) => (x - mx) ** 2);
}

async function measure(name, steps) {
  const model = new Net(name);
  const trainer = new Trainer(model, { data: { batch }, optimizer: adamw(model, { lr: 1e-3 }), steps });
  const { pool } = device(name);
  const begin = Math.floor(steps / 5);
  const heap = [];
  let start;
  for await (const { step } of trainer.run()) {
    if (step < begin || (step - begin) % Math.max(1, Math.floor(steps / 40)) !== 0) continue;
    const now = await settled();
    heap.push([step, now.heapUsed]);
    start ??= { ...now, ...pool.stats() };
  }
  const end = { ...(await settled()), ...pool.stats() };
  console.log(`${name}, ${steps} steps, the first ${begin} of them left out`);
  console.log(`  pool            ${start.bytes} → ${end.bytes} bytes`);
  console.log(`  allocations     ${start.allocations} → ${end.allocations}`);
  console.log(`  collected heap  ${slope(heap).toFixed(1)} bytes a step over ${heap.length} measurements`);
  console.log(
    `  resident set    ${((end.rss - start.rss) / 1024).toFixed(0)} KiB grown, of ${(end.rss / 1024).toFixed(0)}`,
  );
  return end.bytes === start.bytes && end.allocations === start.allocations;
}

const [wanted, steps = '2000'] = process.argv.slice(2);
const available = devices().filter((each) => each.available && (wanted === undefined || each.name === wanted));
if (available.length === 0) throw new Error(`no device ${wanted} on this machine`);
for (const { name } of available) if (!(await measure(name, Number(steps)))) process.exitCode = 1;
