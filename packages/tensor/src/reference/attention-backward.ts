import type { Flag, View } from '../backend.js';
import { Arguments, type Floats, floats } from './arguments.js';
import { dropRow } from './attention.js';
import {
  checkDrop,
  checkLayout,
  checkMask,
  type Drop,
  endKey,
  firstKey,
  loadHead,
  type Mask,
  readSpans,
} from './attention-arguments.js';
import { scratch } from './scratch.js';

/**
 * See `Kernels.attentionBackward`. With P the probabilities, P′ those after dropout M, and δᵢ = Σ dyᵢ · yᵢ:
 * dv = P′ᵀ · dy; dP = M ∘ (dy · vᵀ); dS = P ∘ (dP − δ); dq = scale · dS · k; dk = scale · dSᵀ · q.
 */
export function attentionBackward(
  dq: View,
  dk: View,
  dv: View,
  dy: View,
  y: View,
  lse: View,
  q: View,
  k: View,
  v: View,
  spans: View,
  qAt: number,
  kAt: number,
  vAt: number,
  heads: number,
  headSize: number,
  scale: number,
  causal: Flag,
  window: number,
  p: number,
  seed: number,
  step: number,
  op: number,
): void {
  const check = new Arguments('attentionBackward', {
    floats: { dq, dk, dv, dy, y, lse, q, k, v },
    integers: { spans },
  });
  const mask: Mask = { causal, window };
  const drop: Drop = { p, seed, step, op };
  checkLayout(check, { qAt, kAt, vAt, heads, headSize }, true);
  checkMask(check, mask);
  checkDrop(check, drop, heads);
  const size = headSize;
  const width = heads * size;
  check.sameShape('dq', 'q');
  check.sameShape('dk', 'k');
  check.sameShape('dv', 'v');
  check.shape('y', q.dims[0], width);
  check.shape('dy', q.dims[0], width);
  check.shape('lse', q.dims[0], heads);
  const lses = floats(lse);
  for (const span of readSpans(check, spans, { queries: true, keys: true })) {
    const { qRow, qCount, kRow, kCount } = span;
    const queries = scratch('attention q', qCount * size);
    const upstream = scratch('attention dy', qCount * size);
    const output = scratch('attention y', qCount * size);
    const keys = scratch('attention k', kCount * size);
    const values = scratch('attention v', kCount * size);
    const dQueries = scratch('attention dq', qCount * size).fill(0, 0, qCount * size);
    const dKeys = scratch('attention dk', kCount * size);
    const dValues = scratch('attention dv', kCount * size);
    const probabilities = scratch('attention scores', kCount);
    const slopes = scratch('attention slopes', kCount);
    for (let h = 0; h < heads; h++) {
      const qPlace = { row: qRow, count: qCount, stride: q.dims[1], column: qAt + h * size, size };
      const yPlace = { row: qRow, count: qCount, stride: width, column: h * size, size };
      const kPlace = { row: kRow, count: kCount, stride: k.dims[1], column: kAt + h * size, size };
      const vPlace = { row: kRow, count: kCount, stride: v.dims[1], column: vAt + h * size, size };
      loadHead(queries, floats(q), qPlace);
      loadHead(upstream, floats(dy), yPlace);
      loadHead(output, floats(y), yPlace);
      loadHead(keys, floats(k), kPlace);
      loadHead(values, floats(v), vPlace);
      dQueries.fill(0, 0, qCount * size);
      dKeys.fill(0, 0, kCount * size);
      dValues.fill(0, 0, kCount * size);
      for (let i = 0; i < qCount; i++) {
        const first = firstKey(mask, span, i);
        const end = endKey(mask, span, i);
        const total = lses[(qRow + i) * heads + h];
        if (total === Number.NEGATIVE_INFINITY) continue;
        const row = i * size;
        let delta = 0;
        for (let d = 0; d < size; d++) delta += upstream[row + d] * output[row + d];
        for (let j = first; j < end; j++) {
          let score = 0;
          let slope = 0;
          for (let d = 0; d < size; d++) {
            score += queries[row + d] * keys[j * size + d];
            slope += upstream[row + d] * values[j * size + d];
          }
          probabilities[j] = Math.exp(scale * score - total);
          slopes[j] = slope * probabilities[j];
        }
        // slopes = P ∘ M ∘ (dy · vᵀ) from here on; P itself is needed once more, for P ∘ δ.
        for (let j = first; j < end; j++) {
          const weight = scale * probabilities[j] * delta;
          for (let d = 0; d < size; d++) {
            dQueries[row + d] -= weight * keys[j * size + d];
            dKeys[j * size + d] -= weight * queries[row + d];
          }
        }
        if (p > 0) dropRow(probabilities, slopes, { span, i, first, end, h, drop });
        for (let j = first; j < end; j++) {
          const weight = scale * slopes[j];
          for (let d = 0; d < size; d++) {
            dQueries[row + d] += weight * keys[j * size + d];
            dKeys[j * size + d] += weight * queries[row + d];
            dValues[j * size + d] += probabilities[j] * upstream[row + d];
          }
        }
      }
      storeHead(floats(dq), dQueries, qPlace);
      storeHead(floats(dk), dKeys, kPlace);
      storeHead(floats(dv), dValues, vPlace);
    }
  }
}

function storeHead(
  to: Floats,
  from: Float64Array,
  at: { row: number; count: number; stride: number; column: number; size: number },
): void {
  const { row, count, stride, column, size } = at;
  for (let i = 0; i < count; i++) {
    const target = (row + i) * stride + column;
    for (let d = 0; d < size; d++) to[target + d] = from[i * size + d];
  }
}
