import { IntList } from '../text/int-list.js';

/** Distinct words one behind the other in one array of code units, with how often each occurs. */
export interface CountedWords {
  readonly size: number;
  readonly units: Uint16Array;
  /** Word `w` is `units` from `starts[w]` to `starts[w + 1]`. */
  readonly starts: Int32Array;
  readonly counts: Float64Array;
}

/** The word as a string of its own. */
export function wordText({ units, starts }: CountedWords, w: number): string {
  return textOf(units, starts[w], starts[w + 1]);
}

/** Code units to text, a piece at a time: an argument list has its limits. */
export function textOf(units: Uint16Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i += 8192) {
    text += String.fromCharCode.apply(null, units.subarray(i, Math.min(to, i + 8192)) as unknown as number[]);
  }
  return text;
}

/** Order of the UTF-8 bytes of two words, which is that of their code points. */
export function compareCodePoints({ units, starts }: CountedWords, a: number, b: number): number {
  const lengthA = starts[a + 1] - starts[a];
  const lengthB = starts[b + 1] - starts[b];
  const common = Math.min(lengthA, lengthB);
  for (let i = 0; i < common; i++) {
    const difference = rank(units[starts[a] + i]) - rank(units[starts[b] + i]);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * Counts words by their code units: open addressing over typed arrays, so that an occurrence of a known word makes no
 * string and no other object.
 */
export class WordTable implements CountedWords {
  units: Uint16Array = new Uint16Array(1 << 16);
  counts: Float64Array = new Float64Array(1 << 12);
  readonly #starts = new IntList(1 << 12);
  #hashes: Int32Array = new Int32Array(1 << 12);
  /** Word + 1 by slot; 0 is free. At most half of the slots are taken. */
  #slots: Int32Array = new Int32Array(1 << 13);
  #size = 0;

  constructor() {
    this.#starts.push(0);
  }

  get size(): number {
    return this.#size;
  }

  get starts(): Int32Array {
    return this.#starts.data;
  }

  /** Counts the word `text.slice(from, to)`. */
  add(text: string, from: number, to: number): void {
    const start = this.#starts.data[this.#size];
    const end = start + to - from;
    if (end > this.units.length) this.#growUnits(end);
    const units = this.units;
    let hash = 0x811c9dc5;
    for (let i = from, k = start; i < to; i++, k++) {
      const unit = text.charCodeAt(i);
      units[k] = unit;
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    this.#count(hash, start, end);
  }

  /** The same for a word of ASCII, each of whose units stands for what `map` makes of it. */
  addAscii(text: string, from: number, to: number, map: Uint8Array): void {
    const start = this.#starts.data[this.#size];
    const end = start + to - from;
    if (end > this.units.length) this.#growUnits(end);
    const units = this.units;
    let hash = 0x811c9dc5;
    for (let i = from, k = start; i < to; i++, k++) {
      const unit = map[text.charCodeAt(i)];
      units[k] = unit;
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    this.#count(hash, start, end);
  }

  #count(raw: number, start: number, end: number): void {
    let hash = raw ^ (raw >>> 15);
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    const word = this.#find(hash, start, end);
    if (word < this.#size) this.counts[word]++;
    else this.#insert(hash, end);
  }

  /** The word whose units stand behind the known ones; `size` where it is new. */
  #find(hash: number, start: number, end: number): number {
    const { units } = this;
    const slots = this.#slots;
    const starts = this.#starts.data;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = slots[slot] - 1;
      if (word < 0) return this.#size;
      if (this.#hashes[word] !== hash) continue;
      let i = starts[word];
      if (starts[word + 1] - i !== end - start) continue;
      let k = start;
      while (k < end && units[i] === units[k]) {
        i++;
        k++;
      }
      if (k === end) return word;
    }
  }

  #insert(hash: number, end: number): void {
    const word = this.#size++;
    if (word === this.counts.length) this.#growWords();
    this.#starts.push(end);
    this.#hashes[word] = hash;
    this.counts[word] = 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    else this.#place(word);
  }

  #place(word: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes[word] & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = word + 1;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let word = 0; word < this.#size; word++) this.#place(word);
  }

  #growUnits(least: number): void {
    const units = new Uint16Array(Math.max(least, this.units.length * 2));
    units.set(this.units);
    this.units = units;
  }

  #growWords(): void {
    const counts = new Float64Array(this.counts.length * 2);
    counts.set(this.counts);
    this.counts = counts;
    const hashes = new Int32Array(counts.length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }
}
