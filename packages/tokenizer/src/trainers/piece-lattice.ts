import { IntList } from '../text/int-list.js';
import type { PieceTrie } from './piece-trie.js';

/** Scores and probabilities by piece; those of the piece 0 are the unknown piece's. */
export interface Weights {
  readonly scores: Float64Array;
  readonly probabilities: Float64Array;
}

/** Below this a product of probabilities is computed by logarithms. */
const TINY = 1e-280;

/**
 * All ways to put one word together from pieces: an edge for each piece that fits, and one of the unknown piece where no
 * piece is the character alone.
 */
export class PieceLattice {
  /** Edges by their beginnings: those from place `i` are from `#offsets[i]` to `#offsets[i + 1]`. */
  readonly #offsets = new IntList(64);
  readonly #pieces = new IntList(256);
  readonly #targets = new IntList(256);
  #length = 0;
  #forward: Float64Array = new Float64Array(64);
  #backward: Float64Array = new Float64Array(64);
  #from: Int32Array = new Int32Array(64);

  /** Lays out the symbols `from` to `to`. Edges longer than `longest` are left out. */
  fill(trie: PieceTrie, symbols: Int32Array, from: number, to: number, longest: number): void {
    const n = to - from;
    this.#length = n;
    this.#room(n);
    const offsets = this.#offsets.data;
    const pieces = this.#pieces;
    const targets = this.#targets;
    pieces.length = 0;
    targets.length = 0;
    for (let i = 0; i < n; i++) {
      offsets[i] = pieces.length;
      let alone = false;
      let node = trie.first(symbols[from + i]);
      const stop = Math.min(n, i + longest);
      for (let end = i + 1; node !== 0; end++) {
        const piece = trie.piece(node);
        if (piece >= 0) {
          pieces.push(piece);
          targets.push(end);
          if (end === i + 1) alone = true;
        }
        if (end >= stop) break;
        node = trie.next(node, symbols[from + end]);
      }
      if (!alone) {
        pieces.push(0);
        targets.push(i + 1);
      }
    }
    offsets[n] = pieces.length;
  }

  /** Adds to `expected` how often each piece is to be expected, `frequency` times (forward-backward). */
  expect({ scores, probabilities }: Weights, frequency: number, expected: Float64Array): void {
    const n = this.#length;
    const offsets = this.#offsets.data;
    const pieces = this.#pieces.data;
    const targets = this.#targets.data;
    const forward = this.#forward;
    const backward = this.#backward;
    forward.fill(0, 1, n + 1);
    forward[0] = 1;
    for (let i = 0; i < n; i++) {
      const before = forward[i];
      for (let e = offsets[i]; e < offsets[i + 1]; e++) forward[targets[e]] += before * probabilities[pieces[e]];
    }
    const all = forward[n];
    // As small numbers lose digits well before they become 0.
    if (!(all > TINY)) {
      this.#expectByLogarithms(scores, frequency, expected);
      return;
    }
    const share = frequency / all;
    backward[n] = 1;
    for (let i = n - 1; i >= 0; i--) {
      const before = forward[i] * share;
      let sum = 0;
      for (let e = offsets[i]; e < offsets[i + 1]; e++) {
        const rest = probabilities[pieces[e]] * backward[targets[e]];
        expected[pieces[e]] += before * rest;
        sum += rest;
      }
      backward[i] = sum;
    }
  }

  #expectByLogarithms(scores: Float64Array, frequency: number, expected: Float64Array): void {
    const n = this.#length;
    const offsets = this.#offsets.data;
    const pieces = this.#pieces.data;
    const targets = this.#targets.data;
    const forward = this.#forward;
    const backward = this.#backward;
    forward.fill(-Infinity, 1, n + 1);
    forward[0] = 0;
    for (let i = 0; i < n; i++) {
      for (let e = offsets[i]; e < offsets[i + 1]; e++) {
        forward[targets[e]] = logSum(forward[targets[e]], forward[i] + scores[pieces[e]]);
      }
    }
    backward[n] = 0;
    for (let i = n - 1; i >= 0; i--) {
      backward[i] = -Infinity;
      for (let e = offsets[i]; e < offsets[i + 1]; e++) {
        const rest = scores[pieces[e]] + backward[targets[e]];
        expected[pieces[e]] += frequency * Math.exp(forward[i] + rest - forward[n]);
        backward[i] = logSum(backward[i], rest);
      }
    }
  }

  /**
   * Finds the way of the highest score (Viterbi), of equals the one whose last pieces begin first. Edges over the whole
   * word are left out where `divided`.
   */
  best(scores: Float64Array, divided = false): number {
    const n = this.#length;
    const offsets = this.#offsets.data;
    const pieces = this.#pieces.data;
    const targets = this.#targets.data;
    const best = this.#forward;
    best.fill(-Infinity, 1, n + 1);
    best[0] = 0;
    for (let i = 0; i < n; i++) {
      for (let e = offsets[i]; e < offsets[i + 1]; e++) {
        const end = targets[e];
        const score = best[i] + scores[pieces[e]];
        if (score <= best[end] || (divided && end - i === n)) continue;
        best[end] = score;
        this.#from[end] = e;
      }
    }
    return best[n];
  }

  /** Calls `visit` with the pieces of the way that `best` found, from the last to the first. */
  forBest(visit: (piece: number) => void): void {
    for (let at = this.#length; at > 0; ) {
      const edge = this.#from[at];
      visit(this.#pieces.data[edge]);
      at = this.#begin(edge, at);
    }
  }

  /** Where the edge begins that ends at `end`. */
  #begin(edge: number, end: number): number {
    const offsets = this.#offsets.data;
    let i = end - 1;
    while (offsets[i] > edge) i--;
    return i;
  }

  #room(length: number): void {
    this.#offsets.length = 0;
    this.#offsets.reserve(length + 1);
    if (length < this.#forward.length) return;
    this.#forward = new Float64Array(2 * length);
    this.#backward = new Float64Array(2 * length);
    this.#from = new Int32Array(2 * length);
  }
}

/** log(exp(a) + exp(b)). */
function logSum(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}
