// What results have to be, in float64: by loops written down here for products, and for all else by Gerbert's reference kernels, which compute in
// float64 and are themselves tested against finite differences.
import { device, empty } from '@gerbert/tensor';
import { gamma, u } from './verify.mjs';

const at = device('js');

/** A float64 copy of an array on the reference device. */
export function exact(values, shape) {
  const tensor = empty(shape, 'f64', at);
  at.backend.write(tensor, values instanceof Float64Array ? values : new Float64Array(values));
  return tensor;
}

export function whole(values, shape = [values.length]) {
  const tensor = empty(shape, 'i32', at);
  at.backend.write(tensor, values);
  return tensor;
}

export const blank = (shape, value = 0) => exact(new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape);

export function read(tensor) {
  const host = new Float64Array(tensor.size);
  at.backend.readSync(tensor, host);
  return host;
}

/** The reference kernels. */
export const reference = at.backend;

/** Rows to look at closely: the first, the last, and some between them that no tile begins with. */
export function sampleRows(count, most = 12) {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

/**
 * y = op(a)·op(b) + bias: some rows number by number, and every row's product with a vector of ±1, so that no number goes unseen.
 * For each number the error is at most γ(K + 2)·(|a|·|b| + |bias|), and |a|·|b| ≤ ‖row of a‖·‖column of b‖.
 *
 * a [M, K], b [K, N], or [N, K] with transB.
 */
export function product(a, b, { m, n, k, transB, bias = null, extra = () => 0 }) {
  const at = transB ? (p, j) => j * k + p : (p, j) => p * n + j;
  const rowSizes = norms(m, k, (i, p) => a[i * k + p]);
  const columnSizes = norms(n, k, (j, p) => b[at(p, j)]);
  const factor = gamma(k + 2);
  const boundAt = (i, j) => factor * (rowSizes[i] * columnSizes[j] + Math.abs(bias?.[j] ?? 0)) + extra(i, j);

  const rows = sampleRows(m);
  const [want, bound] = [new Float64Array(rows.length * n), new Float64Array(rows.length * n)];
  for (const [r, i] of rows.entries()) {
    const line = want.subarray(r * n, (r + 1) * n);
    if (bias) line.set(bias);
    if (transB) for (let j = 0; j < n; j++) line[j] += along(a, i * k, b, j * k, k);
    else for (let p = 0; p < k; p++) addScaled(line, a[i * k + p], b, p * n);
    for (let j = 0; j < n; j++) bound[r * n + j] = boundAt(i, j);
  }
  return [
    { output: 'y', width: n, rows, want, bound },
    projection(a, b, { m, n, k, at, bias, boundAt, rowSizes, columnSizes }),
  ];
}

function projection(a, b, { m, n, k, at, bias, boundAt, rowSizes, columnSizes }) {
  const signs = Float64Array.from({ length: n }, (_, j) => (Math.imul(j + 1, 0x9e3779b1) & 0x10000 ? 1 : -1));
  const mixed = new Float64Array(k); // b · signs
  for (let j = 0; j < n; j++) for (let p = 0; p < k; p++) mixed[p] += b[at(p, j)] * signs[j];
  const shift = bias ? along(bias, 0, signs, 0, n) : 0;
  const columns = columnSizes.reduce((sum, size) => sum + size, 0);
  const [want, bound, size] = [new Float64Array(m), new Float64Array(m), new Float64Array(m)];
  const biasSize = bias ? bias.reduce((sum, x) => sum + Math.abs(x), 0) : 0;
  for (let i = 0; i < m; i++) {
    want[i] = along(a, i * k, mixed, 0, k) + shift;
    bound[i] = gamma(k + 2) * (rowSizes[i] * columns + biasSize);
    size[i] = rowSizes[i] * columns + biasSize;
  }
  // Where there is more error than that of rounding, it is added up number by number.
  if (boundAt(0, 0) > gamma(k + 2) * (rowSizes[0] * columnSizes[0] + Math.abs(bias?.[0] ?? 0))) {
    for (let i = 0; i < m; i++) {
      bound[i] = 0;
      for (let j = 0; j < n; j++) bound[i] += boundAt(i, j);
    }
  }
  return { output: 'y', width: n, project: signs, want, bound, size };
}

function norms(count, k, value) {
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let p = 0; p < k; p++) sum += value(i, p) ** 2;
    return Math.sqrt(sum);
  });
}

function along(a, aAt, b, bAt, length) {
  let sum = 0;
  for (let p = 0; p < length; p++) sum += a[aAt + p] * b[bAt + p];
  return sum;
}

function addScaled(line, factor, b, bAt) {
  for (let j = 0; j < line.length; j++) line[j] += factor * b[bAt + j];
}

/** Numbers that small are below what f32 tells apart from 0. */
const least = u * 2 ** -125;

/** An expectation for all numbers of an output: the error of each is at most `relative`·|value| + `absolute`. */
export function closeTo(output, want, { width, relative, absolute = 0 }) {
  const floor = typeof absolute === 'function' ? absolute : () => absolute;
  // A loop: `from` with a function takes ten times as long, and there are tens of millions.
  const bound = new Float64Array(want.length);
  for (let i = 0; i < want.length; i++) bound[i] = relative * Math.abs(want[i]) + floor(i) + least;
  return { output, width, want, bound };
}
