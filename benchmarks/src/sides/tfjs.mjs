// TensorFlow.js, plain JavaScript or WebAssembly: `node tfjs.mjs cpu` or `wasm`. The encoder of BERT, written in its ops.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readSafetensors } from '@gerbert/tensor';
import { nodeFolder } from '../folders.mjs';
import { serve, Unsupported } from './serve.mjs';

const name = process.argv[2] ?? 'cpu';
const require = createRequire(`${nodeFolder}/package.json`);
const tf = require('@tensorflow/tfjs');

/** [N, C] · [O, C]ᵀ + [O] */
const dense = (x, { weight, bias }) => tf.add(tf.matMul(x, weight, false, true), bias);

function layerNorm(x, { weight, bias }, eps) {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, eps))), weight), bias);
}

const gelu = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));

/** One sequence: x [T, C]. */
function attention(x, layer, { heads }) {
  const [rows, width] = x.shape;
  const size = width / heads;
  const split = (y) => tf.transpose(tf.reshape(y, [rows, heads, size]), [1, 0, 2]); // [H, T, D]
  const [q, k, v] = ['query', 'key', 'value'].map((each) => split(dense(x, layer(`attention.self.${each}`))));
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size));
  const mixed = tf.matMul(tf.softmax(scores), v);
  return dense(tf.reshape(tf.transpose(mixed, [1, 0, 2]), [rows, width]), layer('attention.output.dense'));
}

function block(x, layer, config) {
  const attended = tf.add(x, attention(x, layer, config));
  const y = layerNorm(attended, layer('attention.output.LayerNorm'), config.eps);
  const wide = gelu(dense(y, layer('intermediate.dense')));
  return layerNorm(tf.add(y, dense(wide, layer('output.dense'))), layer('output.LayerNorm'), config.eps);
}

function encoder(weights, config) {
  const get = (key) => weights.get(`bert.${key}`);
  const pair = (prefix) => ({ weight: get(`${prefix}.weight`), bias: get(`${prefix}.bias`) });
  return (ids) => {
    const words = tf.gather(get('embeddings.word_embeddings.weight'), ids);
    const positions = tf.slice(get('embeddings.position_embeddings.weight'), [0, 0], [ids.shape[0], -1]);
    const types = tf.slice(get('embeddings.token_type_embeddings.weight'), [0, 0], [1, -1]);
    let x = layerNorm(tf.add(tf.add(words, positions), types), pair('embeddings.LayerNorm'), config.eps);
    for (let i = 0; i < config.layers; i++) x = block(x, (part) => pair(`encoder.layer.${i}.${part}`), config);
    return x;
  };
}

async function bert(inputs, { directory, lengths }) {
  if (lengths.length !== 1) throw new Unsupported('this encoder reads one sequence');
  const file = JSON.parse(readFileSync(`${directory}/config.json`, 'utf8'));
  const tensors = await readSafetensors(`${directory}/model.safetensors`);
  const weights = new Map([...tensors].map(([key, { data, shape }]) => [key, tf.tensor(data, shape, 'float32')]));
  const config = { heads: file.num_attention_heads, layers: file.num_hidden_layers, eps: file.layer_norm_eps };
  const bytes = readFileSync(inputs.ids.file);
  const ids = tf.tensor1d(new Int32Array(Uint8Array.from(bytes).buffer), 'int32');
  const forward = encoder(weights, config);
  return {
    // Reading the result is what makes an asynchronous backend finish.
    run: () => tf.tidy(() => void forward(ids).dataSync()),
    outputs: () => tf.tidy(() => ({ hidden: Float32Array.from(forward(ids).dataSync()) })),
    release: () => tf.dispose([...weights.values(), ids]),
  };
}

await serve({
  async hello() {
    if (name === 'wasm') {
      const { setThreadsCount, setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(`${nodeFolder}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
      setThreadsCount(1);
    }
    await tf.setBackend(name);
    await tf.ready();
    return { versions: { '@tensorflow/tfjs': tf.version.tfjs } };
  },
  prepare({ case: op, inputs, params }) {
    if (op !== 'bert') throw new Unsupported(`there is no case '${op}'`);
    return bert(inputs, params);
  },
});
