/**
 * Random numbers that depend on a seed and on the numbers of a stream alone: sfc32, a chaotic generator of three words and a counter
 * (C. Doty-Humphrey, PractRand), whose three words are hashes of seed and stream.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** `seed` and the numbers of `stream` are whole numbers in [0, 2⁵³). */
  constructor(seed: number, ...stream: readonly number[]) {
    const words = [seed, ...stream].flatMap((n) => [n | 0, Math.floor(n / 2 ** 32) | 0]);
    this.#a = hash(words, 0x243f6a88);
    this.#b = hash(words, 0x85a308d3);
    this.#c = hash(words, 0x13198a2e);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** Uniform in [0, 2³²). */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform among 0 … n − 1, without bias. 1 ≤ n ≤ 2³². */
  below(n: number): number {
    const fair = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const value = this.next();
      if (value < fair) return value % n;
    }
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.next() < p * 2 ** 32;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** `count` different whole numbers in [0, n), in random order. */
  sample(n: number, count: number): number[] {
    const drawn: number[] = [];
    while (drawn.length < count) {
      const i = this.below(n);
      if (!drawn.includes(i)) drawn.push(i);
    }
    return drawn;
  }

  /** One of the items, with probability in proportion to its weight. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
    const total = items.reduce((sum, [, weight]) => sum + weight, 0);
    let left = (this.next() / 2 ** 32) * total;
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return items[items.length - 1][0];
  }
}

/** Mixes words into one: the rounds and the finish of MurmurHash3 (A. Appleby). */
function hash(words: readonly number[], start: number): number {
  return finish(words.reduce(mix, start), words.length);
}

function mix(h: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = h ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(h: number, count: number): number {
  let f = h ^ count;
  f = Math.imul(f ^ (f >>> 16), 0x85ebca6b);
  f = Math.imul(f ^ (f >>> 13), 0xc2b2ae35);
  return f ^ (f >>> 16);
}

/** A word of 32 bits made of texts, each with a length of its own. */
export function hashTexts(texts: readonly string[]): number {
  let h = 0x9e3779b9;
  for (const text of texts) {
    for (let i = 0; i + 1 < text.length; i += 2) h = mix(h, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    if (text.length % 2 === 1) h = mix(h, text.charCodeAt(text.length - 1));
    h = mix(h, text.length);
  }
  return finish(h, texts.length) >>> 0;
}
