// Gerbert's side, in a process of its own: `node gerbert.mjs cpu` or `js`.
import { readFileSync } from 'node:fs';
import { loadCpu } from '@gerbert/native';
import { device, empty } from '@gerbert/tensor';
import { kernels } from './gerbert/kernels.mjs';
import { models } from './gerbert/models.mjs';
import { gemm } from './gerbert/product.mjs';
import { serve, Unsupported } from './serve.mjs';

const name = process.argv[2] ?? 'cpu';
const cpu = loadCpu();
const ops = { gemm, ...kernels, ...models };

/** An input as a tensor on the device. */
function load({ file, dtype, shape }, at) {
  const bytes = readFileSync(file);
  const tensor = empty(shape, dtype, at);
  at.backend.write(tensor, bytes);
  return tensor;
}

await serve({
  hello() {
    const { version } = JSON.parse(readFileSync(new URL('../../../native/package.json', import.meta.url), 'utf8'));
    if (name === 'cpu' && !cpu.available) return { error: cpu.reason };
    return { isa: name === 'cpu' ? cpu.isa : null, versions: { gerbert: version, node: process.versions.node } };
  },
  prepare({ case: op, inputs, params, threads }) {
    const make = ops[op];
    if (!make) throw new Unsupported(`there is no case '${op}'`);
    if (name === 'cpu') cpu.setThreads(threads);
    const at = device(name);
    const tensors = Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, load(input, at)]));
    return make(tensors, params, at);
  },
});
