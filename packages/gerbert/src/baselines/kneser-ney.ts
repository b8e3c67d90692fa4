import type { Discounts } from './discounts.js';
import { checkInteger, checkOptions, checkTokens } from './errors.js';
import { type Histories, sortHistories } from './histories.js';
import { continuations, findGrams, type Grams, type Level, occurrences, smooth } from './levels.js';
import { Pacer } from './pacer.js';
import type { LanguageModel, Score } from './result.js';

const LONGEST = 12;

/**
 * An n-gram model with interpolated modified Kneser–Ney smoothing (Chen and Goodman 1999): three discounts per order, and below the
 * highest order a word counts by how many different words it follows. It knows no documents: an end-of-text token is a word
 * like any other, so that contexts cross it, as they do for a GPT that reads one packed stream. The probabilities after any context sum to 1 over the
 * vocabulary.
 */
export class KneserNey implements LanguageModel {
  readonly order: number;
  readonly vocabSize: number;
  readonly tokensSeen: number;
  /** Level k at k − 1. */
  readonly #levels: readonly Level[];

  /** Made by `trainKneserNey` and `chooseKneserNey`. */
  constructor(levels: readonly Level[], { vocabSize, tokensSeen }: { vocabSize: number; tokensSeen: number }) {
    this.order = levels.length;
    this.vocabSize = vocabSize;
    this.tokensSeen = tokensSeen;
    this.#levels = levels;
  }

  /** How many distinct n-grams of 1, 2, … `order` words the model holds. */
  get grams(): number[] {
    return this.#levels.map((level) => level.words.length);
  }

  /** The discounts of 1, 2, … `order` words. */
  get discounts(): Discounts[] {
    return this.#levels.map((level) => level.discounts);
  }

  /** ln p(token | context), of which the last order − 1 tokens count. @throws BaselineError `BASELINE_TOKEN_OUT_OF_RANGE`. */
  logProb(context: ArrayLike<number>, token: number): number {
    checkTokens([token], this.vocabSize, 'token');
    const near = Array.from({ length: Math.min(context.length, this.order - 1) }, (_, i, n = context.length) => {
      return context[n - Math.min(n, this.order - 1) + i];
    });
    checkTokens(near, this.vocabSize, 'context');
    return Math.log(this.#prob([...near, token], near.length));
  }

  async score(tokens: Int32Array, options: { from?: number; signal?: AbortSignal } = {}): Promise<Score> {
    checkOptions(options, ['from', 'signal'], 'score');
    const { from = 0, signal } = options;
    checkInteger(from, { least: 0, most: tokens.length }, 'from');
    checkTokens(tokens, this.vocabSize, 'tokens');
    let nll = 0;
    const add = (first: number, end: number) => {
      for (let i = from + first; i < from + end; i++) nll -= Math.log(this.#prob(tokens, i));
    };
    await new Pacer(signal).pieces(tokens.length - from, add, 1024);
    return { nll, tokens: tokens.length - from };
  }

  /** p(tokens[at] | the tokens before it): that of the longest n-gram seen, times the weights of the longer contexts that lack it. */
  #prob(tokens: ArrayLike<number>, at: number): number {
    const levels = this.#levels;
    const longest = Math.min(levels.length, at + 1);
    let prob = levels[0].backoff[0] / this.vocabSize;
    let found = 0;
    for (let gram = 0; found < longest; found++) {
      gram = child(levels[found], gram, tokens[at - found]);
      if (gram < 0) break;
      prob = levels[found].probs[gram];
    }
    // Contexts of k words; those of fewer than `found` words are part of `prob`. Beyond one never seen, none was.
    for (let k = 1, context = 0; k < longest; k++) {
      context = child(levels[k - 1], context, tokens[at - k]);
      if (context < 0) break;
      if (k >= found) prob *= levels[k].backoff[context];
    }
    return prob;
  }
}

/** The child of a gram (of the root, 0, at level 1) that begins with `word`, or −1. */
function child({ words, first }: Level, parent: number, word: number): number {
  let low = first[parent];
  let high = first[parent + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low < first[parent + 1] && words[low] === word ? low : -1;
}

export interface KneserNeyOptions {
  /** Words of an n-gram: the context is one shorter. */
  readonly order: number;
  readonly vocabSize: number;
  readonly signal?: AbortSignal;
}

/**
 * Trains a modified Kneser–Ney model on one stream of token ids, in O(order · T) steps. Gives the event loop its turn; rejects with the
 * signal's reason when that is aborted.
 * @throws BaselineError for an unknown option, an order outside 1 … 12, no tokens at all, or a token outside the vocabulary.
 */
export async function trainKneserNey(tokens: Int32Array, options: KneserNeyOptions): Promise<KneserNey> {
  checkOptions(options, ['order', 'vocabSize', 'signal'], 'trainKneserNey');
  const { order, vocabSize, signal } = options;
  checkInteger(order, { least: 1, most: LONGEST }, 'order');
  const pacer = new Pacer(signal);
  const histories = await prepare(tokens, { order, vocabSize, pacer });
  for await (const model of models(histories, { orders: new Set([order]), vocabSize, pacer })) return model;
  throw new Error('unreachable: one order makes one model');
}

export interface ChosenKneserNey {
  readonly model: KneserNey;
  /** Every order that was tried, in the order it was tried. */
  readonly tried: readonly (Score & { readonly order: number })[];
}

/**
 * Trains a model of every order and keeps the one under which `validation` is likeliest; of equals the shortest.
 * `orders` defaults to 2 … 6; `from` is that of `score`. The orders share one sort and all levels but their highest.
 * @throws BaselineError as `trainKneserNey`, and for an empty list of orders or nothing to validate on.
 */
export async function chooseKneserNey(
  train: Int32Array,
  validation: Int32Array,
  options: { orders?: readonly number[]; vocabSize: number; from?: number; signal?: AbortSignal },
): Promise<ChosenKneserNey> {
  checkOptions(options, ['orders', 'vocabSize', 'from', 'signal'], 'chooseKneserNey');
  const { orders = [2, 3, 4, 5, 6], vocabSize, from = 0, signal } = options;
  checkInteger(orders.length, { least: 1, most: LONGEST }, 'the number of orders');
  for (const order of orders) checkInteger(order, { least: 1, most: LONGEST }, 'order');
  checkInteger(from, { least: 0, most: validation.length - 1 }, 'from');
  const pacer = new Pacer(signal);
  const histories = await prepare(train, { order: Math.max(...orders), vocabSize, pacer });
  const tried: (Score & { order: number })[] = [];
  let best: KneserNey | undefined;
  let least = Number.POSITIVE_INFINITY;
  for await (const model of models(histories, { orders: new Set(orders), vocabSize, pacer })) {
    const score = await model.score(validation, { from, signal });
    tried.push({ order: model.order, ...score });
    if (best === undefined || score.nll < least) {
      best = model;
      least = score.nll;
    }
  }
  return { model: best!, tried };
}

async function prepare(
  tokens: Int32Array,
  options: { readonly order: number; readonly vocabSize: number; readonly pacer: Pacer },
): Promise<Histories> {
  checkInteger(options.vocabSize, { least: 1, most: 2 ** 31 - 2 }, 'vocabSize');
  checkInteger(tokens.length, { least: 1, most: 2 ** 31 - 2 }, 'the number of training tokens');
  checkTokens(tokens, options.vocabSize, 'tokens');
  return sortHistories(tokens, options);
}

/** The models of the wanted orders, shortest first. */
async function* models(
  histories: Histories,
  { orders, vocabSize, pacer }: { orders: ReadonlySet<number>; vocabSize: number; pacer: Pacer },
): AsyncGenerator<KneserNey> {
  const lower: Level[] = [];
  /** Levels k − 2 and k − 1. */
  let shorter: Grams | undefined;
  let parents: Grams | undefined;
  for (let k = 1; k <= histories.order; k++) {
    const grams = await findGrams(histories, { k, parents, vocabSize }, pacer);
    if (parents !== undefined) {
      const below = shorter === undefined ? undefined : { grams: shorter, probs: lower[k - 3].probs };
      const counts = await continuations(parents, { longer: grams, k: k - 1 }, pacer);
      lower.push(await smooth(parents, { counts, below, vocabSize }, pacer));
    }
    if (orders.has(k)) {
      const below = parents === undefined ? undefined : { grams: parents, probs: lower[k - 2].probs };
      const counts = await occurrences(grams, k, pacer);
      const highest = await smooth(grams, { counts, below, vocabSize }, pacer);
      yield new KneserNey([...lower, highest], { vocabSize, tokensSeen: histories.tokens.length });
    }
    shorter = parents;
    parents = grams;
  }
}
