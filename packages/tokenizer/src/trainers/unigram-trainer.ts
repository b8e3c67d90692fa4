import { IntList } from '../text/int-list.js';
import type { Pacer } from './pacer.js';
import { PieceLattice, type Weights } from './piece-lattice.js';
import type { PieceText } from './piece-text.js';
import { PieceTrie } from './piece-trie.js';
import { lowestScore, type Pieces, selectPieces } from './pieces.js';
import { type Alternatives, pruneOrder } from './prune-pieces.js';
import { seedPieces } from './seed-pieces.js';

export interface UnigramTrainingPlan {
  vocabSize: number;
  shrinkingFactor: number;
  nSubIterations: number;
  maxPieceLength: number;
  seedSize: number;
}

/** How much less likely an unknown character is than the least likely piece. */
const UNKNOWN_PENALTY = 10;
/** Pieces that are expected less often are dropped. */
const LEAST_EXPECTED = 0.5;
/** Between two looks at the clock. */
const SYMBOLS = 2048;
/** Prunings without effect after which the vocabulary stays as it is. */
const MOST_IDLE = 10;

/** The digamma function by recurrence and its asymptotic series. */
export function digamma(x: number): number {
  let at = x;
  let result = 0;
  for (; at < 7; at++) result -= 1 / at;
  at -= 1 / 2;
  const x2 = (1 / at) * (1 / at);
  const x4 = x2 * x2;
  return result + (Math.log(at) + (1 / 24) * x2 - (7 / 960) * x4 + (31 / 8064) * x4 * x2 - (127 / 30720) * x4 * x4);
}

/**
 * Learns the pieces of a unigram language model (Kudo 2018): begins with all frequent substrings, then in turn fits their
 * probabilities by expectation maximization and drops those whose loss costs the least likelihood, until the vocabulary
 * is a tenth larger than wanted.
 */
export class UnigramTrainer {
  readonly #text: PieceText;
  readonly #plan: UnigramTrainingPlan;
  readonly #pacer: Pacer;
  readonly #lattice = new PieceLattice();
  #pieces: Pieces;
  #trie: PieceTrie;
  #weights: Weights;
  #longest = 0;

  private constructor(
    text: PieceText,
    plan: UnigramTrainingPlan,
    pacer: Pacer,
    seeds: { pieces: Pieces; trie: PieceTrie },
  ) {
    this.#text = text;
    this.#plan = plan;
    this.#pacer = pacer;
    this.#pieces = seeds.pieces;
    this.#trie = seeds.trie;
    this.#weights = this.#weigh();
  }

  /** Finds the pieces to begin with. */
  static async begin(text: PieceText, plan: UnigramTrainingPlan, pacer: Pacer): Promise<UnigramTrainer> {
    const pieces = await seedPieces(text, { longest: plan.maxPieceLength, seedSize: plan.seedSize }, pacer);
    return new UnigramTrainer(text, plan, pacer, { pieces, trie: await PieceTrie.build(text, pieces, pacer) });
  }

  /** `onSize` hears how many pieces are left. */
  async train(onSize: (size: number) => void): Promise<Pieces> {
    const wanted = Math.floor((this.#plan.vocabSize * 11) / 10);
    for (let idle = 0; ; ) {
      for (let i = 0; i < this.#plan.nSubIterations; i++) await this.#maximize(await this.#expectations());
      onSize(this.#pieces.size);
      if (this.#pieces.size <= wanted) return this.#pieces;
      const before = this.#pieces.size;
      await this.#prune(Math.max(wanted, Math.floor(before * this.#plan.shrinkingFactor)));
      // The Rust library would go on for ever where nothing more can be dropped.
      idle = this.#pieces.size === before ? idle + 1 : 0;
      if (idle === MOST_IDLE) return this.#pieces;
    }
  }

  #weigh(): Weights {
    const scores = this.#pieces.scores.slice();
    scores[0] = lowestScore(this.#pieces) - UNKNOWN_PENALTY;
    this.#longest = this.#pieces.lengths.reduce((most, length) => Math.max(most, length), 0);
    return { scores, probabilities: scores.map(Math.exp) };
  }

  /** Calls `visit` for every word, laid out. */
  async #forWords(visit: (count: number) => void): Promise<void> {
    const { symbols, starts, counts, words } = this.#text;
    // Words may be whole lines.
    for (let w = 0, looked = 0; w < words; w++) {
      this.#lattice.fill(this.#trie, symbols, starts[w], starts[w + 1] - 1, this.#longest);
      visit(counts[w]);
      if (starts[w + 1] - looked < SYMBOLS) continue;
      looked = starts[w + 1];
      if (this.#pacer.due) await this.#pacer.pause();
    }
  }

  async #expectations(): Promise<Float64Array> {
    const expected = new Float64Array(this.#pieces.size);
    await this.#forWords((count) => this.#lattice.expect(this.#weights, count, expected));
    return expected;
  }

  /** Scores from expectations, by a variational estimate that favours few pieces (Liang and Klein 2007). */
  async #maximize(expected: Float64Array): Promise<void> {
    const kept = [0];
    let sum = 0;
    for (let i = 1; i < expected.length; i++) {
      if (expected[i] < LEAST_EXPECTED) continue;
      kept.push(i);
      sum += expected[i];
    }
    const all = digamma(sum);
    this.#pieces = selectPieces(this.#pieces, kept);
    this.#pieces.scores[0] = Number.NaN;
    for (let i = 1; i < kept.length; i++) this.#pieces.scores[i] = digamma(expected[kept[i]]) - all;
    this.#trie.select(kept);
    this.#weights = this.#weigh();
  }

  async #prune(size: number): Promise<void> {
    const frequencies = new Float64Array(this.#pieces.size);
    let words = 0;
    await this.#forWords((count) => {
      this.#lattice.best(this.#weights.scores);
      this.#lattice.forBest((piece) => {
        frequencies[piece] += count;
      });
      words += count;
    });
    const state = { frequencies, words, alternatives: await this.#alternatives() };
    this.#pieces = selectPieces(this.#pieces, await pruneOrder(state, size, this.#pacer));
    this.#trie = await PieceTrie.build(this.#text, this.#pieces, this.#pacer);
    this.#weights = this.#weigh();
  }

  /** What each piece would be put together from if it were not there. */
  async #alternatives(): Promise<Alternatives> {
    const { starts, lengths, size } = this.#pieces;
    const { scores } = this.#weights;
    const parts = new IntList();
    const offsets = new Int32Array(size + 1);
    const keep = new Uint8Array(size).fill(1);
    for (let piece = 1; piece < size; piece++) {
      if (lengths[piece] > 1) {
        this.#lattice.fill(
          this.#trie,
          this.#text.symbols,
          starts[piece],
          starts[piece] + lengths[piece],
          this.#longest,
        );
        if (this.#lattice.best(scores, true) > scores[piece]) keep[piece] = 0;
        else this.#lattice.forBest((part) => parts.push(part));
      }
      offsets[piece + 1] = parts.length;
      if ((piece & 255) === 0 && this.#pacer.due) await this.#pacer.pause();
    }
    return { parts: parts.data, offsets, keep };
  }
}
