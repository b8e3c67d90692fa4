import type { Flag, View } from '../backend.js';
import { Arguments, floats } from './arguments.js';
import {
  checkDrop,
  checkLayout,
  checkMask,
  type Drop,
  type Layout,
  type Mask,
  probabilityCount,
  readSpans,
  type Span,
} from './attention-arguments.js';
import {
  blockAt,
  byColumn,
  byRow,
  keptKeys,
  loadHead,
  packed,
  products,
  queryBlock,
  scoreRow,
  softmaxRow,
  storeHead,
  sumOverKeys,
  zeroSums,
} from './attention-heads.js';

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
  check.shape('y', q.dims[0], heads * headSize);
  check.shape('lse', q.dims[0], heads);
  for (const span of readSpans(check, spans, { queries: true, keys: false })) {
    for (let head = 0; head < heads; head++) {
      attendHead({ y, lse, q, k, v }, span, head, { layout, mask, drop, scale });
    }
  }
}

interface Views {
  readonly y: View;
  readonly lse: View | null;
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

function attendHead(views: Views, span: Span, head: number, settings: Settings): void {
  const { layout, mask, drop, scale } = settings;
  const { qRow, qCount, kRow, kCount } = span;
  const { heads, headSize: size } = layout;
  const column = head * size;
  const k = loadHead('k', views.k, { row: kRow, count: kCount, column: layout.kAt + column, size });
  const v = loadHead('v', views.v, { row: kRow, count: kCount, column: layout.vAt + column, size });
  const keys = packed('k', byRow(k), kCount, size);
  const values = packed('v', byColumn(v), size, kCount);
  const to = floats(views.y);
  const lses = views.lse === null ? null : floats(views.lse);
  for (let query = 0; query < qCount; query += queryBlock) {
    const block = blockAt(mask, span, query);
    const seen = { block, mask, span };
    const rows = { row: qRow + query, count: block.count, size };
    const q = loadHead('q', views.q, { ...rows, column: layout.qAt + column });
    const scores = products('scores', block, q, keys);
    for (let i = 0; i < block.count; i++) {
      const row = scoreRow(seen, scores, i);
      const total = softmaxRow(scores.array, row, scale);
      if (lses !== null) lses[(qRow + query + i) * heads + head] = total;
      const keep = keptKeys(seen, i, head, drop);
      const shift = block.key - row.at;
      if (keep !== null) for (let j = row.begin; j < row.end; j++) scores.array[j] *= keep[j + shift];
    }
    const sums = zeroSums('y', block.count, size);
    sumOverKeys(sums, scores, v, values, seen);
    storeHead(to, heads * size, { ...rows, column }, sums);
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
  const layout: Layout = { qAt, kAt, vAt: 0, heads, headSize };
  const mask: Mask = { causal, window };
  checkLayout(check, layout, false);
  checkMask(check, mask);
  const read = readSpans(check, spans, { queries: false, keys: false });
  check.shape('probabilities', probabilityCount(read, heads));
  let at = 0;
  for (const span of read) {
    for (let head = 0; head < heads; head++) {
      headProbabilities({ probabilities, q, k }, { span, head, at }, { layout, mask, scale });
      at += span.qCount * span.kCount;
    }
  }
}

function headProbabilities(
  views: { probabilities: View; q: View; k: View },
  { span, head, at }: { span: Span; head: number; at: number },
  { layout, mask, scale }: Omit<Settings, 'drop'>,
): void {
  const { qRow, qCount, kRow, kCount } = span;
  const size = layout.headSize;
  const column = head * size;
  const k = loadHead('k', views.k, { row: kRow, count: kCount, column: layout.kAt + column, size });
  const keys = packed('k', byRow(k), kCount, size);
  const to = floats(views.probabilities);
  for (let query = 0; query < qCount; query += queryBlock) {
    const block = blockAt(mask, span, query);
    const place = { row: qRow + query, count: block.count, column: layout.qAt + column, size };
    const scores = products('scores', block, loadHead('q', views.q, place), keys);
    for (let i = 0; i < block.count; i++) {
      const row = scoreRow({ block, mask, span }, scores, i);
      softmaxRow(scores.array, row, scale);
      const target = at + (query + i) * kCount;
      to.fill(0, target, target + kCount);
      for (let j = row.begin; j < row.end; j++) to[target + block.key + j - row.at] = scores.array[j];
    }
  }
}
