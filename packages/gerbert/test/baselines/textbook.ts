/** Modified Kneser–Ney by its definition, in exact rational arithmetic: slow, and without a line in common with the model it checks. */

export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

export function fraction(n: bigint | number, d: bigint | number = 1n): Fraction {
  const [p, q] = [BigInt(n), BigInt(d)];
  const g = gcd(p, q) || 1n;
  return { n: p / g, d: q / g };
}

export const plus = (a: Fraction, b: Fraction) => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
const minus = (a: Fraction, b: Fraction) => plus(a, { n: -b.n, d: b.d });
const times = (a: Fraction, b: Fraction) => fraction(a.n * b.n, a.d * b.d);

/** As a double, exact to its last bits although numerator and denominator may be long. */
export function toNumber({ n, d }: Fraction): number {
  return Number((n * 10n ** 40n) / d) / 1e40;
}

export class Textbook {
  readonly #stream: readonly number[];
  readonly #order: number;
  readonly #vocabSize: number;
  readonly #counts = new Map<string, number>();
  readonly #n = new Map<number, number[]>();

  constructor(stream: readonly number[], order: number, vocabSize: number) {
    this.#stream = stream;
    this.#order = order;
    this.#vocabSize = vocabSize;
  }

  /** Occurrences of an n-gram of the highest order; of a shorter one, the different words before it, the start of the stream among them. */
  count(gram: readonly number[]): number {
    const key = gram.join(' ');
    let count = this.#counts.get(key);
    if (count === undefined) {
      const before = new Set<number>();
      count = 0;
      for (let i = 0; i + gram.length <= this.#stream.length; i++) {
        if (!gram.every((word, j) => this.#stream[i + j] === word)) continue;
        before.add(i === 0 ? -1 : this.#stream[i - 1]);
        count++;
      }
      if (gram.length < this.#order) count = before.size;
      this.#counts.set(key, count);
    }
    return count;
  }

  discount(length: number, count: number): Fraction {
    const r = Math.min(count, 3);
    const n = this.#countsOfCounts(length);
    return minus(fraction(r), fraction((r + 1) * n[1] * n[r + 1], (n[1] + 2 * n[2]) * n[r]));
  }

  /** n[r]: how many n-grams of a length are counted r times. */
  #countsOfCounts(length: number): number[] {
    const known = this.#n.get(length);
    if (known !== undefined) return known;
    const grams = new Map<string, number[]>();
    for (let i = 0; i + length <= this.#stream.length; i++) {
      const gram = this.#stream.slice(i, i + length);
      grams.set(gram.join(' '), gram);
    }
    const n = [0, 0, 0, 0, 0];
    for (const gram of grams.values()) if (this.count(gram) < 5) n[this.count(gram)]++;
    this.#n.set(length, n);
    return n;
  }

  prob(context: readonly number[], word: number): Fraction {
    const shorter = context.length === 0 ? fraction(1, this.#vocabSize) : this.prob(context.slice(1), word);
    const words = Array.from({ length: this.#vocabSize }, (_, w) => w);
    const followers = words.map((w) => this.count([...context, w])).filter((count) => count > 0);
    const total = followers.reduce((sum, count) => sum + count, 0);
    if (total === 0) return shorter;
    const length = context.length + 1;
    const saved = followers.reduce((sum, count) => plus(sum, this.discount(length, count)), fraction(0));
    const own = this.count([...context, word]);
    const kept = own === 0 ? fraction(0) : minus(fraction(own), this.discount(length, own));
    return plus(times(kept, fraction(1, total)), times(times(saved, fraction(1, total)), shorter));
  }
}
