// Prints the matrix product's speed on shapes of the models, alone and as a share of the multiply-add peak measured in the same run.
//
//   pnpm --filter @gerbert/native build && node native/lab/gemm.mjs [threads]
//
// The peak is that of one 8 × 256-deep product which lies in the first cache: what the register tile itself reaches.
import { loadCpu } from '../dist/index.js';

const cpu = loadCpu();
if (!cpu.available) throw new Error(cpu.reason);
cpu.setThreads(Number(process.argv[2] ?? cpu.threads));

function matrix(rows, columns) {
  const data = new ArrayBuffer(rows * columns * 4 + 64);
  const { handle, base } = cpu.adopt(data);
  new Float32Array(data, base, rows * columns).forEach((_, i, all) => {
    all[i] = ((i * 2654435761) % 1000) / 1000 - 0.5;
  });
  return { buffer: { handle }, offset: 0, dtype: 'f32', dims: [rows, columns] };
}

/** The fastest of several runs, in seconds: what the machine can do when nobody else uses it. */
function fastest(run) {
  run();
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + 300;
  while (performance.now() < end) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}

function speed(m, n, k, transA = 0, transB = 0, repeat = 1) {
  const a = transA ? matrix(k, m) : matrix(m, k);
  const b = transB ? matrix(n, k) : matrix(k, n);
  const y = matrix(m, n);
  const seconds = fastest(() => {
    for (let i = 0; i < repeat; i++) cpu.kernels.gemm(y, a, b, null, null, null, transA, transB, 0, 1, 0);
  });
  return (2 * m * n * k * repeat) / seconds / 1e9;
}

const shapes = [
  ['512³', 512, 512, 512, 0, 0],
  ['1024³', 1024, 1024, 1024, 0, 0],
  ['BERT-base b8 s128 qkv', 1024, 2304, 768, 0, 1],
  ['BERT-base b8 s128 up', 1024, 3072, 768, 0, 1],
  ['BERT-base b8 s128 down', 1024, 768, 3072, 0, 1],
  ['BERT-base b1 s128 up', 128, 3072, 768, 0, 1],
  ['weight gradient', 3072, 768, 1024, 1, 0],
  ['GPT-2 one token up', 1, 3072, 768, 0, 1],
  ['GPT-2 one token logits', 1, 50257, 768, 0, 1],
];
console.log(`${cpu.isa}, ${cpu.threads} threads`);
for (const [name, m, n, k, transA, transB] of shapes) {
  const flops = speed(m, n, k, transA, transB);
  console.log(`${name.padEnd(26)} ${flops.toFixed(1).padStart(7)} Gflop/s`);
}
