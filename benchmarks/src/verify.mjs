// Whether a result is right: against float64 expectations with a bound on the error for every number.

/** Unit roundoff of f32. */
export const u = 2 ** -24;

/** γ(n) = n·u / (1 − n·u): the relative error of n roundings in a row (Higham 2002, §3.1). */
export const gamma = (n, unit = u) => (n * unit) / (1 - n * unit);

/**
 * What one output has to be.
 *
 * @typedef {object} Expectation
 * @property {string} output its name
 * @property {number} width numbers in a row
 * @property {ArrayLike<number>} [rows] which rows `want` holds; default all
 * @property {ArrayLike<number>} [project] when given, `want` holds for each row its product with this vector
 * @property {Float64Array} want
 * @property {Float64Array} bound greatest error of each
 * @property {Float64Array} [size] of the projection: how large its terms are together, for outputs rounded to fewer digits
 */

/**
 * The worst error in units of its bound: at most 1 for a right result. A number that should be finite and is not counts as infinite.
 *
 * @param {Record<string, Float32Array>} outputs
 * @param {Expectation[]} expectations
 * @param {number} unit unit roundoff of the format the outputs were rounded to, when it is coarser than f32
 */
export function worstError(outputs, expectations, unit = 0) {
  let worst = 0;
  for (const { output, width, rows, project, want, bound, size } of expectations) {
    const y = outputs[output];
    if (!y) return Number.POSITIVE_INFINITY;
    const columns = project ? 1 : width;
    for (let i = 0; i < want.length; i++) {
      const at = rows ? rows[Math.floor(i / columns)] * width + (i % columns) : i * (project ? width : 1);
      const got = project ? dot(y, at, project) : y[at];
      if (Object.is(got, want[i]) || got === want[i]) continue;
      const allowed = bound[i] + unit * (size ? size[i] : Math.abs(want[i]));
      const error = Math.abs(got - want[i]) / allowed;
      if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    }
  }
  return worst;
}

/** The greatest and the mean error of the first expected output, which is whole. */
export function errors(outputs, [{ output, want }]) {
  const y = outputs[output];
  let [greatest, sum] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    const error = Math.abs(y[i] - want[i]);
    greatest = Math.max(greatest, error);
    sum += error;
  }
  return { greatest, mean: sum / want.length };
}

function dot(y, at, t) {
  let sum = 0;
  for (let j = 0; j < t.length; j++) sum += y[at + j] * t[j];
  return sum;
}
