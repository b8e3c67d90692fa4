// One head of attention in float64, with a bound on the error of every number, written down as the formulas have it.
import { gamma, u } from './verify.mjs';

// Q queries and as many keys, D head size; all arrays are [Q, D]. Errors as those of the kernels' contract: a probability is off by that of its score
// (twice: numerator and sum), by those of exp, and by that of a sum over the keys.

/** exp is right within this many units of roundoff. */
const elementary = 8;

/** The sum over D of a[i]·b[j], and of the magnitudes. */
function dots(a, i, b, j, size) {
  let [sum, magnitude] = [0, 0];
  for (let d = 0; d < size; d++) {
    const term = a[i * size + d] * b[j * size + d];
    sum += term;
    magnitude += Math.abs(term);
  }
  return [sum, magnitude];
}

/** Probabilities of one query over the keys it sees, and their relative error. */
function probabilities({ q, k }, i, seen, { size, scale }) {
  const p = new Float64Array(seen);
  let [greatest, worst] = [Number.NEGATIVE_INFINITY, 0];
  for (let j = 0; j < seen; j++) {
    const [score, magnitude] = dots(q, i, k, j, size);
    p[j] = scale * score;
    greatest = Math.max(greatest, p[j]);
    worst = Math.max(worst, gamma(size + 2) * scale * magnitude + 2 * u * Math.abs(p[j]));
  }
  let [sum, range] = [0, 0];
  for (let j = 0; j < seen; j++) {
    range = Math.max(range, greatest - p[j]);
    p[j] = Math.exp(p[j] - greatest);
    sum += p[j];
  }
  for (let j = 0; j < seen; j++) p[j] /= sum;
  return { p, share: 2 * worst + gamma(seen + 2) + 2 * (elementary + range) * u };
}

/** to[i, :] += weight·from[j, :], and the bounds by error·|from[j, :]|. */
function add({ value, bound }, i, weight, error, from, j, size) {
  for (let d = 0; d < size; d++) {
    const x = from[j * size + d];
    value[i * size + d] += weight * x;
    bound[i * size + d] += error * Math.abs(x);
  }
}

const bounded = (length) => ({ value: new Float64Array(length), bound: new Float64Array(length) });

/** y = softmax(scale·q·kᵀ + mask)·v. */
function forwardRow(row, i, { p, share }, { v }, { size }) {
  const error = share + gamma(p.length + 2);
  for (let j = 0; j < p.length; j++) add(row, i, p[j], p[j] * error, v, j, size);
}

/**
 * Δ = dy·y; dP = dy·vᵀ; dS = P∘(dP − Δ); dv = Pᵀ·dy; dq = scale·dS·k; dk = scale·dSᵀ·q (Dao et al. 2022, appendix B.2).
 */
function backwardRow({ dq, dk, dv }, i, { p, share }, { q, k, v, dy, y }, { size, scale, length }) {
  const [delta, deltaSize] = dots(dy, i, y.value, i, size);
  let deltaError = gamma(size + 2) * deltaSize;
  for (let d = 0; d < size; d++) deltaError += Math.abs(dy[i * size + d]) * y.bound[i * size + d];
  const sums = gamma(length + 4);
  for (let j = 0; j < p.length; j++) {
    const [dP, magnitude] = dots(dy, i, v, j, size);
    const dS = scale * p[j] * (dP - delta);
    const products = gamma(size + 2) * magnitude + deltaError;
    const error = scale * p[j] * ((share + sums) * (Math.abs(dP) + Math.abs(delta)) + products);
    add(dq, i, dS, error, k, j, size);
    add(dk, j, dS, error, q, i, size);
    add(dv, j, p[j], p[j] * (share + sums), dy, i, size);
  }
}

/**
 * Attention of one head and, where `dy` is given, its gradients; each as `{ value, bound }`.
 *
 * @param {{ q: Float64Array, k: Float64Array, v: Float64Array, dy?: Float64Array }} inputs
 * @param {{ length: number, size: number, causal: boolean }} shape
 */
export function attentionHead(inputs, { length, size, causal }) {
  const how = { size, scale: 1 / Math.sqrt(size), length };
  const count = length * size;
  const y = bounded(count);
  const gradients = { dq: bounded(count), dk: bounded(count), dv: bounded(count) };
  for (let i = 0; i < length; i++) {
    const row = probabilities(inputs, i, causal ? i + 1 : length, how);
    forwardRow(y, i, row, inputs, how);
    if (inputs.dy) backwardRow(gradients, i, row, { ...inputs, y }, how);
  }
  return inputs.dy ? { y, ...gradients } : { y };
}
