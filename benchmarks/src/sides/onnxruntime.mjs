// onnxruntime's side: encoders that PyTorch exported.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { nodeFolder } from '../folders.mjs';
import { serve, Unsupported } from './serve.mjs';

const require = createRequire(`${nodeFolder}/package.json`);
const { InferenceSession, Tensor } = require('onnxruntime-node');

/** Packed ids, padded with zeros to the longest: what a model without packed batches reads. */
export function padded(ids, lengths) {
  const longest = Math.max(...lengths);
  const [wide, mask] = [new BigInt64Array(lengths.length * longest), new BigInt64Array(lengths.length * longest)];
  let row = 0;
  for (const [b, length] of lengths.entries()) {
    for (let i = 0; i < length; i++) {
      wide[b * longest + i] = BigInt(ids[row++]);
      mask[b * longest + i] = 1n;
    }
  }
  return { ids: wide, mask, shape: [lengths.length, longest] };
}

/** The rows of real tokens of [B, longest, C]. */
export function unpadded(data, lengths, width) {
  const longest = Math.max(...lengths);
  const rows = lengths.reduce((sum, n) => sum + n, 0);
  const packed = new Float32Array(rows * width);
  let row = 0;
  for (const [b, length] of lengths.entries()) {
    const from = b * longest * width;
    packed.set(data.subarray(from, from + length * width), row * width);
    row += length;
  }
  return packed;
}

async function bert(inputs, { model, lengths }, threads) {
  if (!model) throw new Unsupported('the encoder could not be exported');
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const bytes = readFileSync(inputs.ids.file);
  const batch = padded(new Int32Array(Uint8Array.from(bytes).buffer), lengths);
  const feeds = {
    input_ids: new Tensor('int64', batch.ids, batch.shape),
    attention_mask: new Tensor('int64', batch.mask, batch.shape),
  };
  return {
    run: () => session.run(feeds),
    async outputs() {
      const { last_hidden_state: hidden } = await session.run(feeds);
      return { hidden: unpadded(hidden.data, lengths, hidden.dims[2]) };
    },
    release: () => session.release(),
  };
}

await serve({
  hello: () => ({ versions: { 'onnxruntime-node': require('onnxruntime-node/package.json').version } }),
  prepare({ case: op, inputs, params, threads }) {
    if (op !== 'bert') throw new Unsupported(`there is no case '${op}'`);
    return bert(inputs, params, threads);
  },
});
