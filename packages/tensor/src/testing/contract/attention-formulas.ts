import { philoxInto, philoxState } from '../../philox.js';
import { elementary, type FloatType, gamma, unit } from './precision.js';

/** Everything a call of attention is about, but for its arrays. */
export interface Shape {
  readonly heads: number;
  readonly headSize: number;
  readonly scale: number;
  readonly causal: 0 | 1;
  readonly window: number;
  readonly p: number;
  readonly seed: number;
  readonly step: number;
  readonly op: number;
  readonly qAt: number;
  readonly kAt: number;
  readonly vAt: number;
}

export interface Matrix {
  readonly values: Float64Array;
  readonly width: number;
}

/** (first query row, query count, first key row, key count, sequence). */
export type SpanRow = readonly [number, number, number, number, number];

/** Whether query i sees key j, in the words of `Kernels.attention`. */
export function sees({ causal, window }: Shape, [, lq, , lk]: SpanRow, i: number, j: number): boolean {
  if (causal && j - i > lk - lq) return false;
  const distance = i + lk - lq - j;
  return window === 0 || (causal ? distance : Math.abs(distance)) < window;
}

/** 0 where an element is dropped, else 1 / (1 − p), in the words of `Kernels.dropout`. */
export function kept(
  at: { p: number; seed: number; step: number; op: number },
  words: { c: number; row: number; sequence: number; head: number },
): number {
  if (at.p === 0) return 1;
  const state = philoxState(at.seed, at.step);
  state.counter.set([Math.floor(words.c / 4), words.row, words.sequence, at.op * 256 + words.head]);
  philoxInto(state);
  return state.words[words.c % 4] < Math.floor(at.p * 2 ** 32) ? 0 : 1 / (1 - at.p);
}

/** One query's row of one head: its keys, scores, probabilities, and by what share of themselves those may err. */
export interface Row {
  readonly keys: number[];
  readonly probabilities: number[];
  readonly keep: number[];
  readonly lse: number;
  readonly lseError: number;
  readonly share: number[];
  /** The same when computed from a stored lse. */
  readonly backwardShare: number[];
}

/**
 * A score errs by γ(D + 2)·|scale|·Σ|q·k|, at most E in the row; a probability by the share 2E (it and the sum), u·(2|s − max| + 3 `elementary`)
 * of exp and division and γ(Lk) of the sum; log Σ exp by E + γ(Lk) + `elementary`·u and two roundings.
 */
export function attentionRow(
  shape: Shape,
  span: SpanRow,
  at: { i: number; h: number; q: Matrix; k: Matrix; dtype: FloatType },
): Row {
  const { headSize, scale } = shape;
  const { i, h, q, k, dtype } = at;
  const [q0, lq, k0, lk, sequence] = span;
  const u = unit[dtype];
  const keys: number[] = [];
  const scores: number[] = [];
  let error = 0;
  for (let j = 0; j < lk; j++) {
    if (!sees(shape, span, i, j)) continue;
    let dot = 0;
    let size = 0;
    for (let d = 0; d < headSize; d++) {
      const term =
        q.values[(q0 + i) * q.width + shape.qAt + h * headSize + d] *
        k.values[(k0 + j) * k.width + shape.kAt + h * headSize + d];
      dot += term;
      size += Math.abs(term);
    }
    keys.push(j);
    scores.push(scale * dot);
    error = Math.max(error, gamma(headSize + 2, dtype) * Math.abs(scale) * size);
  }
  const max = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - max), 0);
  const lse = keys.length === 0 ? Number.NEGATIVE_INFINITY : max + Math.log(total);
  const own = gamma(lk, dtype) + 3 * elementary * u;
  const lseError = error + own + 2 * u * (Math.abs(max) + Math.abs(lse));
  return {
    keys,
    probabilities: scores.map((score) => Math.exp(score - lse)),
    keep: keys.map((j) => kept(shape, { c: j, row: i + lk - lq, sequence, head: h })),
    lse,
    lseError,
    share: scores.map((score) => 2 * error + own + 2 * u * Math.abs(score - max)),
    backwardShare: scores.map((score) => error + elementary * u + 2 * u * (Math.abs(score) + Math.abs(lse))),
  };
}
