import type { Flag, View } from '../backend.js';
import { Arguments, floats } from './arguments.js';
import {
  checkDrop,
  checkLayout,
  checkMask,
  type Drop,
  type Layout,
  type Mask,
  readSpans,
  type Span,
} from './attention-arguments.js';
import {
  type Block,
  blockAt,
  byColumn,
  byRow,
  type Head,
  keptKeys,
  loadHead,
  packed,
  products,
  queryBlock,
  type ScoreRow,
  scoreRow,
  storeHead,
  sumOverKeys,
  sumOverQueries,
  zeroSums,
} from './attention-heads.js';
import { scratch } from './scratch.js';

/**
 * See `Kernels.attentionBackward`. With P the probabilities, M what dropout multiplies them by, and δᵢ = Σ dyᵢ · yᵢ:
 * dv = (P ∘ M)ᵀ · dy; dP = M ∘ (dy · vᵀ); dS = P ∘ (dP − δ); dq = scale · dS · k; dk = scale · dSᵀ · q.
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
  const views: Views = { dq, dk, dv, dy, y, lse, q, k, v };
  const check = new Arguments('attentionBackward', { floats: { ...views }, integers: { spans } });
  const layout: Layout = { qAt, kAt, vAt, heads, headSize };
  const mask: Mask = { causal, window };
  const drop: Drop = { p, seed, step, op };
  checkLayout(check, layout, true);
  checkMask(check, mask);
  checkDrop(check, drop, heads);
  check.sameShape('dq', 'q');
  check.sameShape('dk', 'k');
  check.sameShape('dv', 'v');
  check.shape('y', q.dims[0], heads * headSize);
  check.shape('dy', q.dims[0], heads * headSize);
  check.shape('lse', q.dims[0], heads);
  for (const span of readSpans(check, spans, { queries: true, keys: true })) {
    for (let head = 0; head < heads; head++) headGradients(views, span, head, { layout, mask, drop, scale });
  }
}

interface Views {
  readonly dq: View;
  readonly dk: View;
  readonly dv: View;
  readonly dy: View;
  readonly y: View;
  readonly lse: View;
  readonly q: View;
  readonly k: View;
  readonly v: View;
}

interface Settings {
  readonly layout: Layout;
  readonly mask: Mask;
  readonly drop: Drop;
  readonly scale: number;
}

function headGradients(views: Views, span: Span, head: number, settings: Settings): void {
  const { layout, mask, drop, scale } = settings;
  const { qRow, qCount, kRow, kCount } = span;
  const { heads, headSize: size } = layout;
  const column = head * size;
  const keyRows = { row: kRow, count: kCount, size };
  const k = loadHead('k', views.k, { ...keyRows, column: layout.kAt + column });
  const v = loadHead('v', views.v, { ...keyRows, column: layout.vAt + column });
  const keys = packed('k', byRow(k), kCount, size);
  const keyColumns = packed('k columns', byColumn(k), size, kCount);
  const values = packed('v', byRow(v), kCount, size);
  const dKeys = zeroSums('dk', kCount, size);
  const dValues = zeroSums('dv', kCount, size);
  const lses = floats(views.lse);
  const to = floats(views.dq);
  for (let query = 0; query < qCount; query += queryBlock) {
    const block = blockAt(mask, span, query);
    const seen = { block, mask, span };
    const rows = { row: qRow + query, count: block.count, size };
    const q = loadHead('q', views.q, { ...rows, column: layout.qAt + column });
    const dy = loadHead('dy', views.dy, { ...rows, column });
    const deltas = rowProducts(dy, loadHead('y', views.y, { ...rows, column }));
    const weights = products('scores', block, q, keys);
    const slopes = products('slopes', block, dy, values);
    for (let i = 0; i < block.count; i++) {
      const keep = keptKeys(seen, i, head, drop);
      const lse = lses[(qRow + query + i) * heads + head];
      rowGradients(weights.array, slopes.array, keep, {
        row: scoreRow(seen, weights, i),
        block,
        lse,
        scale,
        delta: deltas[i],
      });
    }
    const dQueries = zeroSums('dq', block.count, size);
    sumOverKeys(dQueries, slopes, k, keyColumns, seen);
    storeHead(to, views.q.dims[1], { ...rows, column: layout.qAt + column }, dQueries);
    sumOverQueries(dKeys, slopes, q, seen);
    sumOverQueries(dValues, weights, dy, seen);
  }
  storeHead(floats(views.dk), views.k.dims[1], { ...keyRows, column: layout.kAt + column }, dKeys);
  storeHead(floats(views.dv), views.v.dims[1], { ...keyRows, column: layout.vAt + column }, dValues);
}

/** δ: the products of two heads' rows. */
function rowProducts(a: Head, b: Head): Float64Array {
  const sums = scratch('attention delta', a.count);
  for (let i = 0; i < a.count; i++) {
    let total = 0;
    for (let d = 0; d < a.size; d++) total += a.values[i * a.size + d] * b.values[i * a.size + d];
    sums[i] = total;
  }
  return sums;
}

/** One row: q·kᵀ becomes P ∘ M, and dy·vᵀ becomes scale · dS; both 0 where masked. */
function rowGradients(
  weights: Float64Array,
  slopes: Float64Array,
  keep: Float64Array | null,
  of: { row: ScoreRow; block: Block; lse: number; scale: number; delta: number },
): void {
  const { row, block, lse, scale, delta } = of;
  const { at, stop } = row;
  // A row whose scores were all −∞, or masked, had no probabilities.
  const [begin, end] = lse === Number.NEGATIVE_INFINITY ? [at, at] : [row.begin, row.end];
  for (let j = begin; j < end; j++) {
    const probability = Math.exp(scale * weights[j] - lse);
    const kept = keep === null ? 1 : keep[j - at + block.key];
    weights[j] = probability * kept;
    slopes[j] = scale * probability * (kept * slopes[j] - delta);
  }
  for (const array of [weights, slopes]) {
    array.fill(0, at, begin);
    array.fill(0, end, stop);
  }
}
