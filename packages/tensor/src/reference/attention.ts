import type { Flag, View } from '../backend.js';
import { philoxInto } from '../philox.js';
import { Arguments, floats } from './arguments.js';
import {
  checkDrop,
  checkLayout,
  checkMask,
  type Drop,
  endKey,
  firstKey,
  type Layout,
  loadHead,
  type Mask,
  probabilityCount,
  readSpans,
  type Span,
} from './attention-arguments.js';
import { dropoutState, dropoutThreshold } from './dropout.js';
import { scratch } from './scratch.js';
import { greatest } from './softmax.js';

/** See `Kernels.attention`. */
export function attention(
  y: View,
  lse: View | null,
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
  const check = new Arguments('attention', { floats: { y, lse, q, k, v }, integers: { spans }, optional: ['lse'] });
  const layout: Layout = { qAt, kAt, vAt, heads, headSize };
  const mask: Mask = { causal, window };
  const drop: Drop = { p, seed, step, op };
  checkLayout(check, layout, true);
  checkMask(check, mask);
  checkDrop(check, drop, heads);
  const width = heads * headSize;
  check.shape('y', q.dims[0], width);
  check.shape('lse', q.dims[0], heads);
  const to = floats(y);
  const lses = lse === null ? null : floats(lse);
  const out = scratch('attention y', headSize);
  for (const span of readSpans(check, spans, { queries: true, keys: false })) {
    const { qRow, qCount, kRow, kCount } = span;
    const queries = scratch('attention q', qCount * headSize);
    const keys = scratch('attention k', kCount * headSize);
    const values = scratch('attention v', kCount * headSize);
    const scores = scratch('attention scores', kCount);
    for (let h = 0; h < heads; h++) {
      const column = h * headSize;
      loadHead(queries, floats(q), {
        row: qRow,
        count: qCount,
        stride: q.dims[1],
        column: qAt + column,
        size: headSize,
      });
      loadHead(keys, floats(k), { row: kRow, count: kCount, stride: k.dims[1], column: kAt + column, size: headSize });
      loadHead(values, floats(v), {
        row: kRow,
        count: kCount,
        stride: v.dims[1],
        column: vAt + column,
        size: headSize,
      });
      for (let i = 0; i < qCount; i++) {
        const first = firstKey(mask, span, i);
        const end = endKey(mask, span, i);
        const total = rowProbabilities(scores, queries, keys, { i, first, end, headSize, scale });
        if (lses !== null) lses[(qRow + i) * heads + h] = total;
        if (p > 0) dropRow(scores, null, { span, i, first, end, h, drop });
        out.fill(0, 0, headSize);
        for (let j = first; j < end; j++) {
          const weight = scores[j];
          for (let d = 0; d < headSize; d++) out[d] += weight * values[j * headSize + d];
        }
        const target = (qRow + i) * width + column;
        for (let d = 0; d < headSize; d++) to[target + d] = out[d];
      }
    }
  }
}

/** Probabilities of query i in `scores[first … end)`; returns log Σ exp of its scaled scores. */
function rowProbabilities(
  scores: Float64Array,
  queries: Float64Array,
  keys: Float64Array,
  at: { i: number; first: number; end: number; headSize: number; scale: number },
): number {
  const { i, first, end, headSize, scale } = at;
  for (let j = first; j < end; j++) {
    let dot = 0;
    for (let d = 0; d < headSize; d++) dot += queries[i * headSize + d] * keys[j * headSize + d];
    scores[j] = scale * dot;
  }
  const max = greatest(scores, first, Math.max(0, end - first));
  if (max === Number.NEGATIVE_INFINITY) {
    for (let j = first; j < end; j++) scores[j] = 0;
    return max;
  }
  let total = 0;
  for (let j = first; j < end; j++) {
    scores[j] = Math.exp(scores[j] - max);
    total += scores[j];
  }
  for (let j = first; j < end; j++) scores[j] /= total;
  return max + Math.log(total);
}

/** Applies dropout to `row[first … end)` and, when given, alike to `other`. */
export function dropRow(
  row: Float64Array,
  other: Float64Array | null,
  at: { span: Span; i: number; first: number; end: number; h: number; drop: Drop },
): void {
  const { span, i, first, end, h, drop } = at;
  const random = dropoutState(drop.seed, drop.step);
  const { counter, words } = random;
  const threshold = dropoutThreshold(drop.p);
  counter[1] = i + span.kCount - span.qCount;
  counter[2] = span.sequence;
  counter[3] = drop.op * 256 + h;
  for (let j = first; j < end; ) {
    counter[0] = j >>> 2;
    philoxInto(random);
    const stop = Math.min(end, (j | 3) + 1);
    for (; j < stop; j++) {
      const keep = words[j & 3] < threshold ? 0 : 1 / (1 - drop.p);
      row[j] *= keep;
      if (other !== null) other[j] *= keep;
    }
  }
}

/** See `Kernels.attentionProbabilities`. */
export function attentionProbabilities(
  probabilities: View,
  q: View,
  k: View,
  spans: View,
  qAt: number,
  kAt: number,
  heads: number,
  headSize: number,
  scale: number,
  causal: Flag,
  window: number,
): void {
  const check = new Arguments('attentionProbabilities', { floats: { probabilities, q, k }, integers: { spans } });
  const mask: Mask = { causal, window };
  checkLayout(check, { qAt, kAt, vAt: 0, heads, headSize }, false);
  checkMask(check, mask);
  const read = readSpans(check, spans, { queries: false, keys: false });
  check.shape('probabilities', probabilityCount(read, heads));
  const to = floats(probabilities);
  let at = 0;
  for (const span of read) {
    const { qRow, qCount, kRow, kCount } = span;
    const queries = scratch('attention q', qCount * headSize);
    const keys = scratch('attention k', kCount * headSize);
    const scores = scratch('attention scores', kCount);
    for (let h = 0; h < heads; h++) {
      const column = h * headSize;
      loadHead(queries, floats(q), {
        row: qRow,
        count: qCount,
        stride: q.dims[1],
        column: qAt + column,
        size: headSize,
      });
      loadHead(keys, floats(k), { row: kRow, count: kCount, stride: k.dims[1], column: kAt + column, size: headSize });
      for (let i = 0; i < qCount; i++, at += kCount) {
        const first = firstKey(mask, span, i);
        const end = endKey(mask, span, i);
        rowProbabilities(scores, queries, keys, { i, first, end, headSize, scale });
        for (let j = 0; j < kCount; j++) to[at + j] = j >= first && j < end ? scores[j] : 0;
      }
    }
  }
}
