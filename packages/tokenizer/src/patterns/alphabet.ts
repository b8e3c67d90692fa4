import { type CharSet, CODE_POINT_END, contains } from './char-set.js';

/** How many pairs of set and interval, or of set and class, are looked at before a pattern counts as too large. */
const MAX_WORK = 4_000_000;

/** Code points in classes: two of one class are in the same sets. Classes count from 0. */
export class Alphabet {
  /** How many classes there are. */
  readonly size: number;
  /** How many sets there are. */
  readonly setCount: number;
  /** By class and set: 255 where the class is in the set, 0 where not. */
  readonly members: Uint8Array;
  /** Where each run of one class begins, and which class that is. */
  readonly #starts: Int32Array;
  readonly #classes: Uint16Array;
  /** Classes of 256 code points each, found when first needed. */
  readonly #pages: (Uint16Array | undefined)[] = new Array(CODE_POINT_END >> 8).fill(undefined);
  /** The first page. */
  readonly low: Uint16Array;

  /** @throws RangeError where the sets are too many and too large */
  constructor(sets: readonly CharSet[]) {
    this.#starts = startsOf(sets);
    const refined = this.#refine(sets);
    const numbers = new Map<number, number>();
    const samples: number[] = [];
    refined.forEach((each, i) => {
      if (numbers.has(each)) return;
      numbers.set(each, numbers.size);
      samples.push(this.#starts[i]);
    });
    this.size = samples.length;
    this.setCount = sets.length;
    if (this.size > 0xffff || this.size * sets.length > MAX_WORK) throw new RangeError('too many classes');
    this.#classes = Uint16Array.from(refined, (each) => numbers.get(each)!);
    this.members = new Uint8Array(this.size * sets.length);
    samples.forEach((sample, letter) => {
      for (let k = 0; k < sets.length; k++) if (contains(sets[k], sample)) this.members[letter * sets.length + k] = 255;
    });
    this.low = this.#page(0);
  }

  /** A class per interval: each set divides the classes that it does not hold whole. */
  #refine(sets: readonly CharSet[]): Int32Array {
    const starts = this.#starts;
    const classes = new Int32Array(starts.length);
    // What the set at hand makes of each class. A set leaves no more classes than there are intervals, twice over.
    const divided = new Map<number, number>();
    let next = 1;
    let work = 0;
    for (const set of sets) {
      divided.clear();
      for (let k = 0; k < set.length; k += 2) {
        const end = indexOf(starts, set[k + 1]);
        for (let i = indexOf(starts, set[k]); i < end; i++) {
          if (++work > MAX_WORK) throw new RangeError('too many sets');
          let made = divided.get(classes[i]);
          if (made === undefined) {
            made = next++;
            divided.set(classes[i], made);
          }
          classes[i] = made;
        }
      }
    }
    return classes;
  }

  classOf(code: number): number {
    return (this.#pages[code >> 8] ?? this.#page(code >> 8))[code & 0xff];
  }

  /** Whether the code points of class `letter` are in the set. */
  has(set: number, letter: number): boolean {
    return this.members[letter * this.setCount + set] !== 0;
  }

  #page(number: number): Uint16Array {
    const page = new Uint16Array(256);
    let run = indexOf(this.#starts, (number << 8) + 1) - 1;
    for (let i = 0; i < 256; i++) {
      const code = (number << 8) | i;
      while (run + 1 < this.#starts.length && this.#starts[run + 1] <= code) run++;
      page[i] = this.#classes[run];
    }
    this.#pages[number] = page;
    return page;
  }
}

/** Where membership of some set begins or ends, in order, and 0. */
function startsOf(sets: readonly CharSet[]): Int32Array {
  let length = 1;
  for (const set of sets) length += set.length;
  if (length > MAX_WORK) throw new RangeError('too large sets');
  const all = new Int32Array(length);
  let at = 1;
  for (const set of sets) {
    all.set(set, at);
    at += set.length;
  }
  all.sort();
  let kept = 0;
  for (let i = 0; i < length; i++) {
    if (all[i] < CODE_POINT_END && (kept === 0 || all[i] !== all[kept - 1])) all[kept++] = all[i];
  }
  return all.slice(0, kept);
}

/** The first index whose entry is not below `value`. */
function indexOf(starts: Int32Array, value: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
