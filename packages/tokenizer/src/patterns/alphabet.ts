import { type CharSet, CODE_POINT_END } from './char-set.js';

/** How many pairs of set and interval are looked at before a pattern counts as too large. */
const MAX_WORK = 20_000_000;

/** Code points in classes: two of one class are in the same sets. Classes count from 0. */
export class Alphabet {
  /** How many classes there are. */
  readonly size: number;
  /** A code point of each class. */
  readonly samples: Int32Array;
  /** Where each run of one class begins, and which class that is. */
  readonly #starts: Int32Array;
  readonly #classes: Uint16Array;
  /** Classes of 256 code points each, found when first needed. */
  readonly #pages: (Uint16Array | undefined)[] = new Array(CODE_POINT_END >> 8).fill(undefined);
  /** The first page. */
  readonly low: Uint16Array;

  /** @throws RangeError where the sets are too many and too large */
  constructor(sets: readonly CharSet[]) {
    const points = new Set<number>([0]);
    for (const set of sets) for (const point of set) if (point < CODE_POINT_END) points.add(point);
    this.#starts = Int32Array.from(points).sort();
    const refined = this.#refine(sets);
    const numbers = new Map<number, number>();
    for (const each of refined) if (!numbers.has(each)) numbers.set(each, numbers.size);
    this.size = numbers.size;
    this.#classes = Uint16Array.from(refined, (each) => numbers.get(each)!);
    this.samples = new Int32Array(this.size);
    this.#classes.forEach((each, i) => {
      this.samples[each] = this.#starts[i];
    });
    this.low = this.#page(0);
  }

  /** A class per interval: each set divides the classes that it does not hold whole. */
  #refine(sets: readonly CharSet[]): Int32Array {
    const index = new Map<number, number>();
    this.#starts.forEach((start, i) => {
      index.set(start, i);
    });
    const classes = new Int32Array(this.#starts.length);
    let next = 1;
    let work = 0;
    for (const set of sets) {
      const inside = new Map<number, number>();
      for (let k = 0; k < set.length; k += 2) {
        const end = index.get(set[k + 1]) ?? classes.length;
        for (let i = index.get(set[k])!; i < end; i++) {
          if (++work > MAX_WORK) throw new RangeError('too many sets');
          const divided = inside.get(classes[i]) ?? next++;
          inside.set(classes[i], divided);
          classes[i] = divided;
        }
      }
    }
    return classes;
  }

  classOf(code: number): number {
    return (this.#pages[code >> 8] ?? this.#page(code >> 8))[code & 0xff];
  }

  #page(number: number): Uint16Array {
    const page = new Uint16Array(256);
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle] <= number << 8) low = middle;
      else high = middle;
    }
    for (let i = 0; i < 256; i++) {
      const code = (number << 8) | i;
      while (low + 1 < this.#starts.length && this.#starts[low + 1] <= code) low++;
      page[i] = this.#classes[low];
    }
    this.#pages[number] = page;
    return page;
  }
}
