// Prints the speed of the kernels other than the matrix product: attention in Gflop/s of the products it needs (a causal one half of them), the others in
// GB/s of the bytes that they must read and write.
//
//   pnpm --filter @gerbert/native build && node native/lab/kernels.mjs [threads] [part of a kernel's name]
//
// `copy` is what the memory gives: y = x over arrays far larger than the caches. Where a kernel's arrays fit into a cache, it may be faster than that.
import { loadCpu } from '../dist/index.js';

const cpu = loadCpu();
if (!cpu.available) throw new Error(cpu.reason);
cpu.setThreads(Number(process.argv[2] ?? cpu.threads));
const wanted = process.argv[3] ?? '';
const k = cpu.kernels;

function array(dims, make, dtype = 'f32') {
  const size = dims.reduce((a, b) => a * b, 1);
  const data = new ArrayBuffer(size * 4 + 64);
  const { handle, base } = cpu.adopt(data);
  const values = dtype === 'i32' ? new Int32Array(data, base, size) : new Float32Array(data, base, size);
  for (let i = 0; i < size; i++) values[i] = make(i);
  return { buffer: { handle }, offset: 0, dtype, dims };
}
/** Numbers between −1 and 1 that look like none in particular. */
const random = (...dims) => array(dims, (i) => ((i * 2654435761) % 65521) / 32760.5 - 1);
const zeros = (...dims) => array(dims, () => 0);

/** Seconds. Of one thread, those it was given: what else runs on the machine counts less then. */
const now = () => {
  if (cpu.threads > 1) return performance.now() / 1000;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** The median and the fastest of several runs, in seconds. Short ones are taken together, up to a millisecond. */
function time(once) {
  once();
  const before = performance.now();
  once();
  const count = Math.ceil(1 / (performance.now() - before));
  const run = () => {
    for (let i = 0; i < count; i++) once();
  };
  const all = [];
  const end = performance.now() + 250;
  while (performance.now() < end || all.length < 5) {
    const start = now();
    run();
    all.push((now() - start) / count);
  }
  all.sort((a, b) => a - b);
  return { median: all[all.length >> 1], best: all[0] };
}

function report(name, amount, unit, prepare) {
  if (!name.includes(wanted)) return;
  const { median, best } = time(prepare());
  const rate = (seconds) => (amount / seconds / 1e9).toFixed(1).padStart(7);
  console.log(
    `${name.padEnd(44)} ${(best * 1e6).toFixed(1).padStart(10)} µs best, median ${rate(median)}, best ${rate(best)} ${unit}`,
  );
}
const bytes = (name, count, prepare) => report(name, count * 4, 'GB/s', prepare);

function attention(B, S, H, D, causal, p = 0) {
  const name = `B${B} S${S} H${H} D${D}${causal ? ' causal' : ''}${p ? ' dropout' : ''}`;
  const width = H * D;
  const make = () => {
    const rows = B * S;
    const qkv = random(rows, 3 * width);
    const spans = array([B, 5], (i) => [((i / 5) | 0) * S, S, ((i / 5) | 0) * S, S, (i / 5) | 0][i % 5], 'i32');
    const y = zeros(rows, width);
    const lse = zeros(rows, H);
    const tail = [0, width, 2 * width, H, D, 1 / Math.sqrt(D), causal, 0, p, 1, 2, 3];
    return { rows, qkv, spans, y, lse, tail };
  };
  const flops = (4 * B * H * S * S * D) / (causal ? 2 : 1);
  report(`attention ${name}`, flops, 'Gflop/s', () => {
    const { qkv, spans, y, lse, tail } = make();
    return () => k.attention(y, lse, qkv, qkv, qkv, spans, ...tail);
  });
  report(`attentionBackward ${name}`, 2.5 * flops, 'Gflop/s', () => {
    const { rows, qkv, spans, y, lse, tail } = make();
    const dy = random(rows, width);
    const d = zeros(rows, 3 * width);
    k.attention(y, lse, qkv, qkv, qkv, spans, ...tail);
    return () => k.attentionBackward(d, d, d, dy, y, lse, qkv, qkv, qkv, spans, ...tail);
  });
}

/** One token: its query against all keys so far, `S` of them. */
function generation(S, H, D) {
  const width = H * D;
  bytes(`attention of one query, S${S} H${H} D${D}`, 2 * S * width, () => {
    const [q, keys, y] = [random(1, width), random(S, 2 * width), zeros(1, width)];
    const spans = array([1, 5], (i) => [0, 1, 0, S, 0][i], 'i32');
    const tail = [0, 0, width, H, D, 1 / Math.sqrt(D), 1, 0, 0, 1, 2, 3];
    return () => k.attention(y, null, q, keys, keys, spans, ...tail);
  });
}

console.log(`${cpu.isa}, ${cpu.threads} threads`);
{
  const n = 1 << 24;
  bytes('copy', 2 * n, () => {
    const [x, y] = [random(n), zeros(n)];
    return () => k.cast(y, x);
  });
}
for (const [B, S] of [
  [32, 16],
  [16, 32],
  [8, 64],
  [1, 128],
  [1, 256],
  [1, 512],
  [1, 1024],
]) {
  attention(B, S, 12, 64, 0);
  attention(B, S, 12, 64, 1);
}
attention(16, 64, 4, 32, 0);
attention(16, 64, 4, 32, 0, 0.1);
attention(1, 1024, 1, 64, 1);
for (const S of [128, 1024]) generation(S, 12, 64);

for (const [N, C] of [
  [1024, 768],
  [16384, 768],
  [4096, 128],
]) {
  const size = N * C;
  const shape = `[${N}, ${C}]`;
  bytes(`layerNorm ${shape}`, 2 * size, () => {
    const [x, y, gamma, beta, mean, rstd] = [random(N, C), zeros(N, C), random(C), random(C), zeros(N), zeros(N)];
    return () => k.layerNorm(y, mean, rstd, null, x, null, gamma, beta, 1e-5);
  });
  bytes(`layerNorm with residual ${shape}`, 4 * size, () => {
    const [x, r, s, y, gamma, beta] = [random(N, C), random(N, C), zeros(N, C), zeros(N, C), random(C), random(C)];
    const [mean, rstd] = [zeros(N), zeros(N)];
    return () => k.layerNorm(y, mean, rstd, s, x, r, gamma, beta, 1e-5);
  });
  bytes(`layerNormBackward ${shape}`, 3 * size, () => {
    const [s, y, dy, dx, gamma, beta] = [random(N, C), zeros(N, C), random(N, C), zeros(N, C), random(C), random(C)];
    const [mean, rstd, dgamma, dbeta] = [zeros(N), zeros(N), zeros(C), zeros(C)];
    k.layerNorm(y, mean, rstd, null, s, null, gamma, beta, 1e-5);
    return () => k.layerNormBackward(dx, dgamma, dbeta, dy, s, mean, rstd, gamma);
  });
}
for (const [N, C] of [
  [1536, 128],
  [6144, 512],
  [256, 50257],
  [256, 8192],
]) {
  const shape = `[${N}, ${C}]`;
  for (const log of [0, 1]) {
    const name = log ? 'logSoftmax' : 'softmax';
    bytes(`${name} ${shape}`, 2 * N * C, () => {
      const [x, y] = [random(N, C), zeros(N, C)];
      return () => k.softmax(y, x, log);
    });
    bytes(`${name}Backward ${shape}`, 3 * N * C, () => {
      const [x, y, dy, dx] = [random(N, C), zeros(N, C), random(N, C), zeros(N, C)];
      k.softmax(y, x, log);
      return () => k.softmaxBackward(dx, dy, y, log);
    });
  }
}
for (const n of [1024 * 3072, 64 * 3072]) {
  for (const [name, kind] of [
    ['gelu', 1],
    ['geluTanh', 2],
    ['relu', 3],
    ['tanh', 4],
    ['silu', 6],
  ]) {
    bytes(`${name} ${n}`, 2 * n, () => {
      const [x, y] = [array([n], (i) => (((i * 2654435761) % 65521) / 32760.5 - 1) * 4), zeros(n)];
      return () => k.activation(y, x, kind);
    });
    bytes(`${name}Backward ${n}`, 3 * n, () => {
      const [x, dy, dx] = [array([n], (i) => (((i * 2654435761) % 65521) / 32760.5 - 1) * 4), random(n), zeros(n)];
      return () => k.activationBackward(dx, dy, x, kind);
    });
  }
  bytes(`add ${n}`, 3 * n, () => {
    const [x, y, z] = [random(n), random(n), zeros(n)];
    return () => k.binary(z, x, y, 0);
  });
  bytes(`affine ${n}`, 2 * n, () => {
    const [x, y] = [random(n), zeros(n)];
    return () => k.affine(y, x, 2, 1);
  });
  bytes(`dropout ${n}`, 2 * n, () => {
    const [x, y] = [random(n / 768, 768), zeros(n / 768, 768)];
    return () => k.dropout(y, x, null, 0.1, 1, 2, 3);
  });
  bytes(`sum ${n}`, n, () => {
    const [x, y] = [random(n), zeros(1)];
    return () => k.sum(y, x);
  });
  bytes(`sumSquares ${n}`, n, () => {
    const [x, y] = [random(n), zeros(1)];
    return () => k.sumSquares(y, x, 0);
  });
  bytes(`sumRows ${n}`, n, () => {
    const [x, y] = [random(n / 3072, 3072), zeros(3072)];
    return () => k.sumRows(y, x, 0);
  });
}
bytes('argmaxRows [256, 50257]', 256 * 50257, () => {
  const [x, y] = [random(256, 50257), array([256], () => 0, 'i32')];
  return () => k.argmaxRows(y, x);
});
for (const n of [768 * 3072, 1 << 24]) {
  bytes(`adamw ${n}`, 7 * n, () => {
    const [w, g, m, v, factor] = [random(n), random(n), zeros(n), zeros(n), array([1], () => 1)];
    return () => k.adamw(w, g, m, v, factor, 1e-3, 0.9, 0.999, 1e-8, 0.01, 0.1, 0.001);
  });
}
{
  const [N, V, C] = [4096, 30522, 768];
  const index = () => array([N], (i) => (i * 2654435761) % V, 'i32');
  bytes(`gatherRows [${N}, ${C}] of ${V}`, 2 * N * C, () => {
    const [y, x, at] = [zeros(N, C), random(V, C), index()];
    return () => k.gatherRows(y, x, at, 0);
  });
  bytes(`scatterAddRows [${N}, ${C}] to ${V}`, 3 * N * C, () => {
    const [y, x, at] = [zeros(V, C), random(N, C), index()];
    return () => k.scatterAddRows(y, x, at);
  });
}
