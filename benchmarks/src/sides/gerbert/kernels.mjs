// The kernels that move about as many bytes as they compute numbers, and attention. Inputs are tensors, outputs have the names of `Kernels`.
import { Activation, empty, full, tensor } from '@gerbert/tensor';
import { prepared } from './outputs.mjs';

const like = (x, at) => empty(x.shape, 'f32', at);
const eps = 1e-5;

/** x [N, C] → y */
function softmax(inputs, _, at) {
  const y = like(inputs.x, at);
  return prepared(() => at.backend.softmax(y, inputs.x, 0), { y }, inputs, at);
}

function softmaxBackward(inputs, _, at) {
  const { dy, y } = inputs;
  const dx = like(y, at);
  return prepared(() => at.backend.softmaxBackward(dx, dy, y, 0), { dx }, inputs, at);
}

/** x, residual [N, C], gamma, beta [C] → y */
function layerNorm(inputs, _, at) {
  const { x, residual = null, gamma, beta } = inputs;
  const [y, sum] = [like(x, at), residual && like(x, at)];
  const [mean, rstd] = [empty([x.shape[0]], 'f32', at), empty([x.shape[0]], 'f32', at)];
  const run = () => at.backend.layerNorm(y, mean, rstd, sum, x, residual, gamma, beta, eps);
  return prepared(run, { y }, inputs, at, [mean, rstd, ...(sum ? [sum] : [])]);
}

/** dy, x [N, C], gamma, beta [C] → dx, dgamma, dbeta of the first run */
function layerNormBackward(inputs, _, at) {
  const { dy, x, gamma, beta } = inputs;
  const [rows, width] = x.shape;
  const dx = like(x, at);
  const [mean, rstd] = [empty([rows], 'f32', at), empty([rows], 'f32', at)];
  const [dgamma, dbeta] = [full([width], 0, { device: at }), full([width], 0, { device: at })];
  at.backend.layerNorm(dx, mean, rstd, null, x, null, gamma, beta, eps);
  const run = () => at.backend.layerNormBackward(dx, dgamma, dbeta, dy, x, mean, rstd, gamma);
  return prepared(run, { dx, dgamma, dbeta }, inputs, at, [mean, rstd]);
}

const kinds = { erf: Activation.gelu, tanh: Activation.geluTanh };

function gelu(inputs, { kind }, at) {
  const y = like(inputs.x, at);
  return prepared(() => at.backend.activation(y, inputs.x, kinds[kind]), { y }, inputs, at);
}

function geluBackward(inputs, { kind }, at) {
  const dx = like(inputs.x, at);
  const run = () => at.backend.activationBackward(dx, inputs.dy, inputs.x, kinds[kind]);
  return prepared(run, { dx }, inputs, at);
}

/** w, g, m, v [N] → w after the first step */
function adamw(inputs, { lr, beta1, beta2, eps: small, decay }, at) {
  const { w, g, m, v } = inputs;
  const one = full([1], 1, { device: at });
  const run = () => at.backend.adamw(w, g, m, v, one, lr, beta1, beta2, small, decay, 1 - beta1, 1 - beta2);
  return prepared(run, { w }, inputs, at, [one]);
}

/** logits [N, V], targets [N] → loss, and dlogits with `backward` */
function crossEntropy(inputs, { backward }, at) {
  const { logits, targets } = inputs;
  const [rows, classes] = logits.shape;
  const [loss, lse] = [empty([rows], 'f32', at), empty([rows], 'f32', at)];
  const forward = () => at.backend.crossEntropy(loss, lse, null, logits, targets, -100, 0, classes);
  if (!backward) return prepared(forward, { loss }, inputs, at, [lse]);
  const [dlogits, dloss] = [like(logits, at), full([rows], 1, { device: at })];
  const run = () => {
    forward();
    at.backend.crossEntropyBackward(dlogits, dloss, logits, lse, targets, -100, 0, classes);
  };
  return prepared(run, { loss, dlogits }, inputs, at, [lse, dloss]);
}

/** x [V, C], index [N] → y [N, C] */
function gatherRows(inputs, _, at) {
  const { x, index } = inputs;
  const y = empty([index.shape[0], x.shape[1]], 'f32', at);
  return prepared(() => at.backend.gatherRows(y, x, index, 0), { y }, inputs, at);
}

/** dy [N, C], index [N] → dx [V, C] of the first run */
function scatterAddRows(inputs, { size }, at) {
  const { dy, index } = inputs;
  const dx = full([size, dy.shape[1]], 0, { device: at });
  return prepared(() => at.backend.scatterAddRows(dx, dy, index), { dx }, inputs, at);
}

/** Rows of B sequences of S tokens, H heads of D: qkv [B·S, 3·H·D] as models hold it → y; with `backward` also dy → dqkv instead. */
function attention(inputs, { batch, length, heads, headSize, causal, backward }, at) {
  const { qkv, dy } = inputs;
  const width = heads * headSize;
  const rows = Array.from({ length: batch }, (_, b) => [b * length, length, b * length, length, b]);
  const spans = tensor(Int32Array.from(rows.flat()), { dtype: 'i32', device: at, shape: [batch, 5] });
  const y = empty([batch * length, width], 'f32', at);
  const lse = empty([batch * length, heads], 'f32', at);
  const shape = [0, width, 2 * width, heads, headSize, 1 / Math.sqrt(headSize), Number(causal), 0, 0, 0, 0, 0];
  const forward = () => at.backend.attention(y, lse, qkv, qkv, qkv, spans, ...shape);
  if (!backward) return prepared(forward, { y }, inputs, at, [lse, spans]);
  const dqkv = like(qkv, at);
  forward();
  const run = () => at.backend.attentionBackward(dqkv, dqkv, dqkv, dy, y, lse, qkv, qkv, qkv, spans, ...shape);
  return prepared(run, { dqkv }, inputs, at, [lse, spans, y]);
}

export const kernels = {
  softmax,
  softmaxBackward,
  layerNorm,
  layerNormBackward,
  gelu,
  geluBackward,
  adamw,
  crossEntropy,
  gatherRows,
  scatterAddRows,
  attention,
};
