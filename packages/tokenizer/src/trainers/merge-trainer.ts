import { IntList } from '../text/int-list.js';
import { type Candidate, MergeQueue } from './merge-queue.js';
import { inRanges } from './paced.js';
import type { Pacer } from './pacer.js';
import { PairCounts } from './pair-counts.js';
import { type SpellingOptions, spellWords } from './spelling.js';
import { SymbolChain } from './symbol-chain.js';
import { SymbolTable } from './symbol-table.js';
import type { CountedWords } from './word-table.js';

export interface MergeTrainingOptions extends SpellingOptions {
  vocabSize: number;
  /** Pairs that are rarer are not merged. */
  minFrequency: number;
  /** Come first in the vocabulary. */
  specialTokens: readonly string[];
  /** Merged tokens stay shorter than this, in characters; the same bound as the Rust library's. */
  maxTokenLength: number;
}

export interface MergeTrainingResult {
  /** Tokens in the order of their ids. */
  tokens: string[];
  merges: [left: string, right: string][];
}

/**
 * Learns merges from word counts: always the most frequent pair, of equally frequent ones that of the lower ids
 * (Sennrich et al. 2016, with the Rust library's order). Every pair lists where it occurs, so that a merge touches only
 * its own occurrences; counts of their neighbours are kept up to date.
 */
export class MergeTrainer {
  readonly #options: MergeTrainingOptions;
  readonly #symbols = new SymbolTable();
  readonly #pairs = new PairCounts();
  readonly #queue = new MergeQueue(this.#pairs);
  #chain!: SymbolChain;
  /** Where queued pairs occur, list behind list, each by ascending place. */
  readonly #places = new IntList();
  /** Pairs and places found since the last queueing, in turn. */
  readonly #found = new IntList();
  readonly #touched = new IntList();
  readonly #merges = new Map<number, [number, number]>();

  constructor(options: MergeTrainingOptions) {
    this.#options = options;
  }

  /** Call once. `onSize` hears the vocabulary's size now and then. */
  async train(words: CountedWords, pacer: Pacer, onSize: (size: number) => void): Promise<MergeTrainingResult> {
    for (const token of this.#options.specialTokens) this.#symbols.add(token);
    this.#chain = new SymbolChain(await spellWords(words, this.#symbols, this.#options, pacer));
    await this.#countPairs(pacer);
    while (this.#symbols.size < this.#options.vocabSize) {
      const best = this.#queue.pop(this.#pairs.counts);
      if (best === undefined || best.count < 1 || best.count < this.#options.minFrequency) break;
      this.#merge(best);
      if (!pacer.due) continue;
      onSize(this.#symbols.size);
      await pacer.pause();
    }
    onSize(this.#symbols.size);
    const text = (id: number) => this.#symbols.texts[id];
    return {
      tokens: this.#symbols.texts,
      merges: [...this.#merges.values()].map(([left, right]) => [text(left), text(right)]),
    };
  }

  async #countPairs(pacer: Pacer): Promise<void> {
    const { symbols, words, starts, counts } = this.#chain;
    this.#found.reserve(symbols.length * 2);
    for (let at = 0; at + 1 < symbols.length; at++) {
      const word = words[at];
      if (at + 1 < starts[word + 1]) this.#count(symbols[at], symbols[at + 1], counts[word], at);
      if ((at & 0x3fff) === 0 && pacer.due) await pacer.pause();
    }
    await this.#enqueueAll(pacer);
  }

  /** Counts a pair that has come to be at `at`. */
  #count(left: number, right: number, by: number, at: number): void {
    const pairs = this.#pairs;
    const pair = pairs.index(left, right);
    pairs.counts[pair] += by;
    if (pairs.fresh[pair]++ === 0) this.#touched.push(pair);
    this.#found.push2(pair, at);
  }

  /** Queues the pairs found since the last time, each with its places in the order in which they were found. */
  #enqueue(): void {
    this.#makeRoom(0, this.#touched.length);
    this.#putPlaces(0, this.#found.length / 2);
    this.#forget();
  }

  /** The same with pauses: the first time it is all pairs. */
  async #enqueueAll(pacer: Pacer): Promise<void> {
    this.#places.reserve(this.#found.length / 2);
    await inRanges(this.#touched.length, pacer, (from, to) => this.#makeRoom(from, to));
    await inRanges(this.#found.length / 2, pacer, (from, to) => this.#putPlaces(from, to));
    this.#forget();
  }

  /** Gives the places of some touched pairs a range of the list, and queues the pairs with it. */
  #makeRoom(first: number, last: number): void {
    const pairs = this.#pairs;
    let end = this.#places.length;
    for (let i = first; i < last; i++) {
      const pair = this.#touched.data[i];
      const from = end;
      end += pairs.fresh[pair];
      // From now on where the pair's next place goes.
      pairs.fresh[pair] = from;
      if (pairs.queued[pair] === 1) pairs.scattered[pair] = 1;
      pairs.queued[pair] = 1;
      if (pairs.counts[pair] > 0) this.#queue.add(pair, from, end, pairs.counts[pair]);
    }
    this.#places.reserve(end - this.#places.length);
    this.#places.length = end;
  }

  #putPlaces(first: number, last: number): void {
    const { fresh } = this.#pairs;
    const { data } = this.#places;
    const found = this.#found.data;
    for (let i = first; i < last; i++) data[fresh[found[2 * i]]++] = found[2 * i + 1];
  }

  #forget(): void {
    for (let i = 0; i < this.#touched.length; i++) this.#pairs.fresh[this.#touched.data[i]] = 0;
    this.#found.length = 0;
    this.#touched.length = 0;
  }

  #merge({ pair, from, to }: Candidate): void {
    const left = this.#pairs.left[pair];
    const right = this.#pairs.right[pair];
    const merged = this.#symbols.add(this.#join(left, right));
    // A pair can come up twice, where two ways of merging make the same token: then the later place counts.
    this.#merges.delete(pair);
    this.#merges.set(pair, [left, right]);
    const { data } = this.#places;
    if (this.#pairs.scattered[pair] === 1) {
      this.#mergeWords(data.subarray(from, to), left, right, merged);
    } else {
      for (let i = from; i < to; i++) this.#mergeAt(data[i], left, right, merged);
    }
    this.#enqueue();
  }

  #join(left: number, right: number): string {
    const prefix = this.#options.continuingSubwordPrefix;
    const tail = this.#symbols.texts[right];
    return this.#symbols.texts[left] + (tail.startsWith(prefix) ? tail.slice(prefix.length) : tail);
  }

  /**
   * Merges throughout the words of the given places, as the Rust library does: occurrences that another list holds, or
   * none, go with them.
   */
  #mergeWords(places: Int32Array, left: number, right: number, merged: number): void {
    const { starts, words } = this.#chain;
    const touched = new Set<number>();
    for (const at of places) touched.add(words[at]);
    for (const word of touched) {
      for (let at = starts[word]; at >= 0 && at < starts[word + 1]; at = this.#chain.next(at)) {
        this.#mergeAt(at, left, right, merged);
      }
    }
  }

  /** Merges what stands at `at`, where that is still the pair. */
  #mergeAt(at: number, left: number, right: number, merged: number): void {
    const chain = this.#chain;
    const { symbols, lengths } = chain;
    if (symbols[at] !== left) return;
    const second = chain.next(at);
    if (second < 0 || symbols[second] !== right) return;
    const count = chain.counts[chain.words[at]];
    const length = lengths[at] + lengths[second];
    const before = chain.previous(at);
    const after = chain.next(second);
    chain.join(at, second, merged);
    if (before >= 0) {
      const symbol = symbols[before];
      this.#pairs.counts[this.#pairs.index(symbol, left)] -= count;
      this.#come(symbol, merged, count, before, lengths[before] + length);
    }
    if (after >= 0) {
      const symbol = symbols[after];
      this.#pairs.counts[this.#pairs.index(right, symbol)] -= count;
      this.#come(merged, symbol, count, at, lengths[after] + length);
    }
  }

  /** A new pair of neighbours, which counts where its merged token would not be too long. */
  #come(left: number, right: number, count: number, at: number, length: number): void {
    if (length < this.#options.maxTokenLength) this.#count(left, right, count, at);
    else this.#pairs.scattered[this.#pairs.index(left, right)] = 1;
  }
}
