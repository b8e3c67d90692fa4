import { describe, expect } from 'vitest';
import { add, addLayerNorm, layerNorm, logSoftmax, multiply, softmax, tensor } from '../src/index.js';
import { checkGradients, expectClose, expectError, leaf, normals, onEachDevice } from './ops-gradients.js';

// N rows, C width

const eps = 1e-3;

/** (s − mean) / √(variance + eps) · gamma + beta, row by row. */
function normalised(s: Float64Array, gamma: ArrayLike<number>, beta: ArrayLike<number>): number[] {
  const c = gamma.length;
  return Array.from(s, (value, e) => {
    const row = s.subarray(e - (e % c), e - (e % c) + c);
    const mean = row.reduce((total, x) => total + x, 0) / c;
    const variance = row.reduce((total, x) => total + (x - mean) ** 2, 0) / c;
    return ((value - mean) / Math.sqrt(variance + eps)) * gamma[e % c] + beta[e % c];
  });
}

describe('layerNorm', () => {
  const [x, r, gamma, beta] = [normals(21, 1), normals(21, 2), normals(7, 3), normals(7, 4)];
  const sums = x.map((value, e) => value + r[e]);

  onEachDevice('normalises rows, whatever the leading dimensions', (at) => {
    const [g, b] = [leaf([7], at, gamma), leaf([7], at, beta)];
    const y = layerNorm(leaf([3, 7], at, x), g, b, eps);
    expectClose(y.readSync(), normalised(x, gamma, beta), at.dtype);
    expect([...layerNorm(leaf([3, 1, 7], at, x), g, b, eps).readSync()]).toEqual([...y.readSync()]);
  });

  onEachDevice('of a sum gives that sum as well', (at) => {
    const options = { beta: leaf([7], at, beta), eps };
    const { y, sum } = addLayerNorm(leaf([3, 7], at, x), leaf([3, 7], at, r), leaf([7], at, gamma), options);
    expectClose(y.readSync(), normalised(sums, gamma, beta), at.dtype);
    expectClose(sum.readSync(), sums, at.dtype);
  });

  const shapes = [[3, 7], [7], [7]];
  checkGradients('layerNorm', shapes, ([x, g, b]) => layerNorm(x, g, b, eps));
  checkGradients('layerNorm of three dimensions', [[2, 2, 7], [7], [7]], ([x, g, b]) => layerNorm(x, g, b, eps));
  checkGradients('layerNorm of a constant, gamma and beta', [[7], [7]], ([g, b], at) =>
    layerNorm(tensor(x, { shape: [3, 7], ...at }), g, b, eps),
  );
  checkGradients('layerNorm with gamma fixed', [[3, 7], [7]], ([x, b], at) => layerNorm(x, tensor(gamma, at), b, eps));
  checkGradients('layerNorm with beta fixed', [[3, 7], [7]], ([x, g], at) => layerNorm(x, g, tensor(beta, at), eps));
  checkGradients('layerNorm with both fixed', [[3, 7]], ([x], at) =>
    layerNorm(x, tensor(gamma, at), tensor(beta, at), eps),
  );
  checkGradients('gamma and beta used twice', shapes, ([x, g, b]) => layerNorm(layerNorm(x, g, b, eps), g, b, eps));
  checkGradients('one tensor as gamma and beta', [[3, 7], [7]], ([x, g]) => layerNorm(x, g, g, eps));
  checkGradients('computed gamma and beta', shapes, ([x, g, b]) => layerNorm(x, multiply(g, b), add(g, b), eps));

  const two = [[3, 7], [3, 7], [7], [7]];
  checkGradients('addLayerNorm through y', two, ([x, r, g, b]) => addLayerNorm(x, r, g, { beta: b, eps }).y);
  checkGradients('addLayerNorm through the sum', two, ([x, r, g, b]) => addLayerNorm(x, r, g, { beta: b, eps }).sum);
  checkGradients('addLayerNorm through both', two, ([x, r, g, b]) => {
    const { y, sum } = addLayerNorm(x, r, g, { beta: b, eps });
    return [y, sum];
  });
  checkGradients('addLayerNorm through both, joined again', two, ([x, r, g, b]) => {
    const { y, sum } = addLayerNorm(x, r, g, { beta: b, eps });
    return add(sum, multiply(y, sum));
  });
  checkGradients('addLayerNorm of one tensor twice', [[3, 7], [7], [7]], ([x, g, b]) => {
    const computed = multiply(x, x);
    const { y, sum } = addLayerNorm(computed, computed, g, { beta: b, eps });
    return [y, sum];
  });
  checkGradients('two residual layers', two, ([x, r, g, b]) => {
    const first = addLayerNorm(x, r, g, { beta: b, eps });
    return addLayerNorm(multiply(first.y, r), first.sum, g, { beta: b, eps }).y;
  });

  onEachDevice('refuses what does not fit', (at) => {
    const [x, g, b] = [leaf([3, 7], at), leaf([7], at), leaf([7], at)];
    const short = leaf([6], at);
    expectError(() => layerNorm(x, short, b, eps), 'SHAPE_MISMATCH', 'layerNorm', 'x [3, 7]', 'gamma [6]');
    expectError(() => layerNorm(x, g, short, eps), 'SHAPE_MISMATCH', 'layerNorm', 'x [3, 7]', 'beta [6]');
    const sum = () => addLayerNorm(x, leaf([7, 3], at), g, { beta: b, eps });
    expectError(sum, 'SHAPE_MISMATCH', 'addLayerNorm', 'x [3, 7]', 'residual [7, 3]');
    const typo = { beta: b, epsilon: eps } as never;
    expectError(() => addLayerNorm(x, x, g, typo), 'OPTION_UNKNOWN', 'addLayerNorm', "'epsilon'", "'eps'");
  });
});

describe('softmax', () => {
  const x = normals(20, 5);
  const row = (e: number) => x.subarray(e - (e % 5), e - (e % 5) + 5);
  const expected = Array.from(x, (value, e) => Math.exp(value) / row(e).reduce((total, z) => total + Math.exp(z), 0));

  onEachDevice('sums to one along the last dimension', (at) => {
    const y = softmax(leaf([2, 2, 5], at, x));
    expect(y.shape).toEqual([2, 2, 5]);
    expectClose(y.readSync(), expected, at.dtype);
    expectClose(logSoftmax(leaf([4, 5], at, x)).readSync(), expected.map(Math.log), at.dtype);
  });

  checkGradients('softmax', [[4, 5]], ([x]) => softmax(x));
  checkGradients('softmax of one row', [[5]], ([x]) => softmax(x));
  checkGradients('logSoftmax', [[4, 5]], ([x]) => logSoftmax(x));
  checkGradients('logSoftmax of a softmax', [[2, 2, 5]], ([x]) => logSoftmax(softmax(x)));
});
