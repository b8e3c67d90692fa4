/**
 * Philox4x32-10, a counter-based generator of random numbers: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Ten rounds of two 32×32 → 64-bit products turn a counter of four words
 * and a key of two into four random words, so any element of any stream is had without the ones before it.
 */

import { GerbertError } from './errors.js';

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
/** The keys' increments: the golden ratio and √3 − 1. */
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

const M0Low = M0 & 0xffff;
const M0High = M0 >>> 16;
const M1Low = M1 & 0xffff;
const M1High = M1 >>> 16;

/** Counter and key, six 32-bit words; and the four random words that `philoxInto` makes of them. Reused from call to call. */
export interface PhiloxState {
  readonly counter: Uint32Array;
  readonly key: Uint32Array;
  readonly words: Uint32Array;
}

export function philoxState(key0: number, key1: number): PhiloxState {
  return { counter: new Uint32Array(4), key: new Uint32Array([key0, key1]), words: new Uint32Array(4) };
}

/** The four random words of a counter of four words and a key of two. */
export function philox(counter: ArrayLike<number>, key: ArrayLike<number>): Uint32Array {
  const state = philoxState(key[0], key[1]);
  state.counter.set(counter);
  philoxInto(state);
  return state.words;
}

/** The hot form: reads `counter` and `key`, writes `words`, allocates nothing. */
export function philoxInto({ counter, key, words }: PhiloxState): void {
  let c0 = counter[0] | 0;
  let c1 = counter[1] | 0;
  let c2 = counter[2] | 0;
  let c3 = counter[3] | 0;
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < 10; round++) {
    // The upper halves of M0·c0 and M1·c2 from products of 16-bit pieces, none of which overflows 32 bits.
    let low = c0 & 0xffff;
    let high = c0 >>> 16;
    let middle = (Math.imul(M0High, low) + (Math.imul(M0Low, low) >>> 16)) | 0;
    let carry = (Math.imul(M0Low, high) + (middle & 0xffff)) | 0;
    const high0 = (Math.imul(M0High, high) + (middle >>> 16) + (carry >>> 16)) | 0;
    low = c2 & 0xffff;
    high = c2 >>> 16;
    middle = (Math.imul(M1High, low) + (Math.imul(M1Low, low) >>> 16)) | 0;
    carry = (Math.imul(M1Low, high) + (middle & 0xffff)) | 0;
    const high1 = (Math.imul(M1High, high) + (middle >>> 16) + (carry >>> 16)) | 0;
    const low0 = Math.imul(M0, c0);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

// ---- numbers for weights and decisions -----------------------------------------------------------------------------------
//
// key = (seed's lower word, seed's upper word ⊕ purpose) and counter = (index's lower word, its upper word, stream, attempt). The purposes keep
// these numbers apart from each other and from dropout's, whose second key word is a step and so small.

const purposes = { fill: 0xf111f111, stream: 0x57ea57ea } as const;

/** Where random numbers come from: one sequence of them for every seed and stream. */
export interface RandomSource {
  /** A whole number in [0, 2⁵³). */
  readonly seed: number;
  /** A whole number in [0, 2³²): one for every tensor or purpose. Default 0. */
  readonly stream?: number;
}

function sourceState({ seed, stream = 0 }: RandomSource, purpose: number): PhiloxState {
  whole('seed', seed, 2 ** 53);
  whole('stream', stream, 2 ** 32);
  const state = philoxState(seed, Math.floor(seed / 2 ** 32) ^ purpose);
  state.counter[2] = stream;
  return state;
}

function whole(name: string, value: number, limit: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value >= limit) {
    throw new GerbertError('RANDOM_ARGUMENT', `${name} = ${value} must be a whole number in [0, ${limit})`);
  }
}

/** Fills `words` for an index. */
function draw(state: PhiloxState, index: number): void {
  state.counter[0] = index;
  state.counter[1] = Math.floor(index / 2 ** 32);
  philoxInto(state);
}

/** Two words as one of the 2⁵³ multiples of 2⁻⁵³ in [0, 1). */
function unit({ words }: PhiloxState, at: 0 | 2): number {
  return ((words[at] >>> 5) * 2 ** 26 + (words[at + 1] >>> 6)) * 2 ** -53;
}

/** out[i] uniform in [low, high) before it is rounded to out's type; default [0, 1). Depends on (seed, stream, i) alone. */
export function fillUniform(
  out: Float32Array | Float64Array,
  options: RandomSource & { readonly low?: number; readonly high?: number },
): void {
  const { low = 0, high = 1 } = options;
  const state = sourceState(options, purposes.fill);
  for (let i = 0; i < out.length; i++) {
    if ((i & 1) === 0) draw(state, i / 2);
    out[i] = low + (high - low) * unit(state, i & 1 ? 2 : 0);
  }
}

/** out[i] from the normal distribution, by Box and Muller (1958); default mean 0, std 1. Depends on (seed, stream, i) alone. */
export function fillNormal(
  out: Float32Array | Float64Array,
  options: RandomSource & { readonly mean?: number; readonly std?: number },
): void {
  const { mean = 0, std = 1 } = options;
  const state = sourceState(options, purposes.fill);
  for (let i = 0; i < out.length; i++) {
    if ((i & 1) === 0) draw(state, i / 2);
    out[i] = mean + std * boxMuller(state, i & 1 ? Math.sin : Math.cos);
  }
}

/** One of the two normal numbers that a block of four words makes. */
function boxMuller(state: PhiloxState, side: (angle: number) => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - unit(state, 0)));
  return radius * side(2 * Math.PI * unit(state, 2));
}

/**
 * out[i] from the normal distribution cut off at mean ± cut · std, by drawing again what lies outside (as BERT's weights were drawn,
 * Devlin et al. 2018, with cut 2, the default). 0.1 ≤ cut. Depends on (seed, stream, i) alone.
 */
export function fillTruncatedNormal(
  out: Float32Array | Float64Array,
  options: RandomSource & { readonly mean?: number; readonly std?: number; readonly cut?: number },
): void {
  const { mean = 0, std = 1, cut = 2 } = options;
  if (!(cut >= 0.1)) throw new GerbertError('RANDOM_ARGUMENT', `cut = ${cut} must be at least 0.1 standard deviations`);
  const state = sourceState(options, purposes.fill);
  for (let i = 0; i < out.length; i++) {
    let value: number;
    state.counter[3] = 0;
    do {
      draw(state, i);
      value = boxMuller(state, Math.cos);
      state.counter[3]++;
    } while (Math.abs(value) > cut);
    out[i] = mean + std * value;
  }
}

/** What a `RandomStream` is made of again: plain data, for a checkpoint. */
export interface RandomStreamState {
  readonly seed: number;
  readonly stream: number;
  /** How many numbers were drawn. */
  readonly position: number;
}

/** Random decisions on the host, such as shuffling and masking: a sequence that depends on seed and stream alone and can be taken up anywhere. */
export class RandomStream {
  readonly #seed: number;
  readonly #stream: number;
  readonly #philox: PhiloxState;
  #position = 0;

  /** `seed` in [0, 2⁵³), `stream` in [0, 2³²), whole numbers; else throws `RANDOM_ARGUMENT`. */
  constructor(seed: number, stream = 0) {
    this.#philox = sourceState({ seed, stream }, purposes.stream);
    this.#seed = seed;
    this.#stream = stream;
  }

  /** Uniform in [0, 1): a multiple of 2⁻⁵³. */
  next(): number {
    const index = this.#position++;
    draw(this.#philox, Math.floor(index / 2));
    return unit(this.#philox, index % 2 === 0 ? 0 : 2);
  }

  /** Uniform among 0 … n − 1, without bias. 1 ≤ n ≤ 2⁵³. */
  int(n: number): number {
    whole('n − 1', n - 1, 2 ** 53);
    const all = 2 ** 53;
    const fair = all - (all % n);
    for (;;) {
      const value = this.next() * all;
      if (value < fair) return value % n;
    }
  }

  /** From the normal distribution with mean 0 and standard deviation 1; draws two numbers. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Puts the elements in random order, in place (Fisher and Yates), and returns the array. */
  shuffle<T extends { [index: number]: unknown; readonly length: number }>(array: T): T {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const kept = array[i];
      array[i] = array[j];
      array[j] = kept;
    }
    return array;
  }

  state(): RandomStreamState {
    return { seed: this.#seed, stream: this.#stream, position: this.#position };
  }

  /** The stream that `state()` was called on, where it was then. */
  static from({ seed, stream, position }: RandomStreamState): RandomStream {
    whole('position', position, 2 ** 53);
    const random = new RandomStream(seed, stream);
    random.#position = position;
    return random;
  }
}
