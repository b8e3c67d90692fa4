import type { View } from '../backend.js';
import { Arguments, floats } from './arguments.js';
import { scratch } from './scratch.js';

/** See `Kernels.layerNorm`. */
export function layerNorm(
  y: View,
  mean: View | null,
  rstd: View | null,
  sum: View | null,
  x: View,
  residual: View | null,
  gamma: View,
  beta: View,
  eps: number,
): void {
  const check = new Arguments('layerNorm', {
    floats: { y, mean, rstd, sum, x, residual, gamma, beta },
    optional: ['mean', 'rstd', 'sum', 'residual'],
  });
  const [n, c] = check.rank('x', 2);
  for (const name of ['y', 'sum', 'residual']) check.shape(name, n, c);
  for (const name of ['mean', 'rstd']) check.shape(name, n);
  for (const name of ['gamma', 'beta']) check.shape(name, c);
  if (!(eps >= 0)) check.fail(`eps = ${eps} must not be negative`);
  const to = floats(y);
  const from = floats(x);
  const other = residual === null ? null : floats(residual);
  const sums = sum === null ? null : floats(sum);
  const means = mean === null ? null : floats(mean);
  const rstds = rstd === null ? null : floats(rstd);
  const scale = floats(gamma);
  const shift = floats(beta);
  const s = scratch('layerNorm', c);
  for (let i = 0, at = 0; i < n; i++, at += c) {
    let total = 0;
    for (let j = 0; j < c; j++) {
      const value = other === null ? from[at + j] : from[at + j] + other[at + j];
      s[j] = value;
      total += value;
    }
    const m = total / c;
    let squares = 0;
    for (let j = 0; j < c; j++) squares += (s[j] - m) * (s[j] - m);
    const r = 1 / Math.sqrt(squares / c + eps);
    if (sums !== null) for (let j = 0; j < c; j++) sums[at + j] = s[j];
    for (let j = 0; j < c; j++) to[at + j] = (s[j] - m) * r * scale[j] + shift[j];
    if (means !== null) means[i] = m;
    if (rstds !== null) rstds[i] = r;
  }
}

/**
 * See `Kernels.layerNormBackward`. With x̂ = (s − mean) · rstd and g = dy · gamma:
 * dx = rstd · (g − mean(g) − x̂ · mean(g · x̂)); dgamma += Σₙ dy · x̂; dbeta += Σₙ dy.
 */
export function layerNormBackward(
  dx: View,
  dgamma: View | null,
  dbeta: View | null,
  dy: View,
  s: View,
  mean: View,
  rstd: View,
  gamma: View,
): void {
  const check = new Arguments('layerNormBackward', {
    floats: { dx, dgamma, dbeta, dy, s, mean, rstd, gamma },
    optional: ['dgamma', 'dbeta'],
  });
  const [n, c] = check.rank('s', 2);
  for (const name of ['dx', 'dy']) check.shape(name, n, c);
  for (const name of ['mean', 'rstd']) check.shape(name, n);
  for (const name of ['dgamma', 'dbeta', 'gamma']) check.shape(name, c);
  const to = floats(dx);
  const upstream = floats(dy);
  const from = floats(s);
  const means = floats(mean);
  const rstds = floats(rstd);
  const scale = floats(gamma);
  const gammaSum = scratch('layerNormBackward dgamma', c);
  const betaSum = scratch('layerNormBackward dbeta', c);
  for (let j = 0; j < c; j++) gammaSum[j] = betaSum[j] = 0;
  for (let i = 0, at = 0; i < n; i++, at += c) {
    const m = means[i];
    const r = rstds[i];
    let gSum = 0;
    let gxSum = 0;
    for (let j = 0; j < c; j++) {
      const d = upstream[at + j];
      const normal = (from[at + j] - m) * r;
      const g = d * scale[j];
      gSum += g;
      gxSum += g * normal;
      gammaSum[j] += d * normal;
      betaSum[j] += d;
    }
    gSum /= c;
    gxSum /= c;
    for (let j = 0; j < c; j++) {
      const normal = (from[at + j] - m) * r;
      to[at + j] = r * (upstream[at + j] * scale[j] - gSum - normal * gxSum);
    }
  }
  addTo(dgamma, gammaSum);
  addTo(dbeta, betaSum);
}

function addTo(view: View | null, sums: Float64Array): void {
  if (view === null) return;
  const to = floats(view);
  for (let j = 0; j < to.length; j++) to[j] += sums[j];
}
