import { PairTable } from '../models/pair-table.js';
import { type Candidate, MergeQueue } from './merge-queue.js';
import type { Pacer } from './pacer.js';
import { type AlphabetOptions, alphabet, SymbolTable } from './symbol-table.js';
import { SymbolWords } from './symbol-words.js';

export interface MergeTrainingOptions extends AlphabetOptions {
  vocabSize: number;
  /** Pairs that are rarer are not merged. */
  minFrequency: number;
  /** Come first in the vocabulary. */
  specialTokens: readonly string[];
  /** What symbols inside a word begin with. */
  continuingSubwordPrefix: string;
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
 * (Sennrich et al. 2016, with the Rust library's order). Counts of pairs are kept up to date word by word.
 */
export class MergeTrainer {
  readonly #options: MergeTrainingOptions;
  readonly #symbols = new SymbolTable();
  readonly #words = new SymbolWords();
  readonly #pairs = new PairTable(1 << 16);
  /** By pair. */
  readonly #counts: number[] = [];
  readonly #queue = new MergeQueue();
  /** Words by pair, of pairs that have yet to be queued. */
  readonly #seen = new Map<number, number[]>();
  readonly #merges = new Map<number, [number, number]>();

  constructor(options: MergeTrainingOptions) {
    this.#options = options;
  }

  /** Call once. `onSize` hears the vocabulary's size now and then. */
  async train(
    words: ReadonlyMap<string, number>,
    pacer: Pacer,
    onSize: (size: number) => void,
  ): Promise<MergeTrainingResult> {
    await this.#spellWords(words, pacer);
    await this.#countPairs(pacer);
    while (this.#symbols.size < this.#options.vocabSize) {
      const best = this.#next();
      if (best === undefined) break;
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

  /** Numbers the special tokens, the alphabet and its continuing forms, and spells the words in them. */
  async #spellWords(words: ReadonlyMap<string, number>, pacer: Pacer): Promise<void> {
    const counts = new Map<string, number>();
    const inside = new Set<string>();
    let done = 0;
    for (const [word, count] of words) {
      let first = true;
      for (const character of word) {
        counts.set(character, (counts.get(character) ?? 0) + count);
        if (!first) inside.add(character);
        first = false;
      }
      if ((++done & 255) === 0 && pacer.due) await pacer.pause();
    }
    for (const token of this.#options.specialTokens) this.#symbols.add(token, [...token].length);
    const kept = alphabet(counts, this.#options);
    const initial = new Map(kept.map((character) => [character, this.#symbols.add(character, 1)]));
    // The Rust library numbers these in the order of a hash map, which changes from run to run; here it is by code point.
    const prefix = this.#options.continuingSubwordPrefix;
    const continuing = new Map(
      kept.filter((c) => inside.has(c)).map((character) => [character, this.#symbols.add(prefix + character, 1)]),
    );
    this.#words.reserve(words.size);
    for (const [word, count] of words) {
      this.#words.begin(count);
      let known = initial;
      for (const character of word) {
        const id = known.get(character);
        if (id !== undefined) this.#words.push(id);
        known = continuing;
      }
      if ((++done & 255) === 0 && pacer.due) await pacer.pause();
    }
  }

  async #countPairs(pacer: Pacer): Promise<void> {
    for (let w = 0; w < this.#words.length; w++) {
      const count = this.#words.count(w);
      this.#words.forPairs(w, (left, right) => this.#change(w, this.#pairs.add(left, right), count));
      if ((w & 255) === 0 && pacer.due) await pacer.pause();
    }
    this.#enqueue();
  }

  #change(word: number, pair: number, by: number): void {
    this.#counts[pair] = (this.#counts[pair] ?? 0) + by;
    if (by <= 0) return;
    const seen = this.#seen.get(pair);
    if (seen === undefined) this.#seen.set(pair, [word]);
    else if (seen[seen.length - 1] !== word) seen.push(word);
  }

  #enqueue(): void {
    for (const [pair, words] of this.#seen) {
      const count = this.#counts[pair];
      const left = this.#pairs.left(pair);
      const right = this.#pairs.right(pair);
      if (count > 0) this.#queue.push({ pair, left, right, count, words });
    }
    this.#seen.clear();
  }

  /** The best candidate whose count still holds; undefined where none is frequent enough. */
  #next(): Candidate | undefined {
    for (;;) {
      const best = this.#queue.pop();
      if (best === undefined) return undefined;
      const count = this.#counts[best.pair];
      if (best.count === count) return count < 1 || count < this.#options.minFrequency ? undefined : best;
      best.count = count;
      this.#queue.push(best);
    }
  }

  #merge({ pair, left, right, words }: Candidate): void {
    const symbols = this.#symbols;
    const prefix = this.#options.continuingSubwordPrefix;
    const tail = symbols.texts[right];
    const length = symbols.length(left) + symbols.length(right);
    const text = symbols.texts[left] + (tail.startsWith(prefix) ? tail.slice(prefix.length) : tail);
    const merged = symbols.add(text, length);
    // A pair can come up twice, where two ways of merging make the same token: then the later place counts.
    this.#merges.delete(pair);
    this.#merges.set(pair, [left, right]);
    const most = this.#options.maxTokenLength;
    const rule = { left, right, merged, allowed: (neighbour: number) => symbols.length(neighbour) + length < most };
    for (const w of words) {
      const count = this.#words.count(w);
      this.#words.merge(w, rule, (a, b, by) => this.#change(w, this.#pairs.add(a, b), by * count));
    }
    this.#enqueue();
  }
}
