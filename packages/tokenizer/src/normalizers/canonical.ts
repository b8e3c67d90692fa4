import { IntList } from '../text/int-list.js';
import type { Transform } from '../text/transform.js';
import {
  ATTACHES_BY_COMPATIBILITY,
  BY_COMPATIBILITY,
  COMPATIBILITY_COMPOSITE,
  COMPOSITE,
  combiningPlace,
  compose,
  decompose,
  KIND,
  normalFlags,
  PLACE_SHIFT,
  SINGLETON,
} from '../unicode/normal.js';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** A place where canonical ordering would take time of second order. */
const LONG = 32;

/**
 * Normalizes one cluster: a character and all that follow it which may reorder or compose with what stands before them. Nothing
 * of a text acts over a cluster's end (Unicode Standard Annex #15). Every character is written with the change that the Rust
 * library's iterators give for it: 0 replaces, 1 is new, -n replaces and removes n more.
 */
export class Cluster {
  readonly #composes: boolean;
  readonly #byCompatibility: boolean;
  readonly #flags = normalFlags();
  /** What the cluster decomposes to. */
  readonly #codes = new IntList();
  readonly #changes = new IntList();
  readonly #places = new IntList();
  /** What is to be written. */
  readonly #outCodes = new IntList();
  readonly #outChanges = new IntList();
  /** Marks between the starter and what composes with it. */
  readonly #waiting = new IntList();

  constructor(form: UnicodeForm) {
    this.#composes = form === 'NFC' || form === 'NFKC';
    this.#byCompatibility = form === 'NFKC' || form === 'NFKD';
  }

  /** Whether a character with these flags may act on what stands before it. */
  attaches(flags: number): boolean {
    const place = flags >> PLACE_SHIFT;
    if (place === 0 || place === COMPATIBILITY_COMPOSITE) return false;
    return place !== ATTACHES_BY_COMPATIBILITY || this.#byCompatibility;
  }

  /** Whether a character with these flags changes even by itself. */
  changes(flags: number): boolean {
    const kind = flags & KIND;
    if (kind === SINGLETON) return true;
    if (kind === BY_COMPATIBILITY) return this.#byCompatibility;
    if (kind !== COMPOSITE) return false;
    return !this.#composes || (this.#byCompatibility && flags >> PLACE_SHIFT === COMPATIBILITY_COMPOSITE);
  }

  /** Reads the cluster that is the units `from` to `to` of `text`. Returns whether it changes. */
  read(text: string, from: number, to: number): boolean {
    this.#codes.length = 0;
    this.#changes.length = 0;
    this.#places.length = 0;
    this.#outCodes.length = 0;
    this.#outChanges.length = 0;
    for (let i = from; i < to; ) {
      const code = text.codePointAt(i)!;
      i += code > 0xffff ? 2 : 1;
      const kind = this.#flags[code] & KIND;
      if (kind === 0 || (kind === BY_COMPATIBILITY && !this.#byCompatibility)) {
        this.#add(code, 0);
        continue;
      }
      const points = decompose(code, this.#byCompatibility);
      for (let k = 0; k < points.length; k++) this.#add(points[k], k > 0 ? 1 : 0);
    }
    this.#order();
    if (this.#composes) this.#compose();
    else for (let i = 0; i < this.#codes.length; i++) this.#put(this.#codes.data[i], this.#changes.data[i]);
    return !this.#same(text, from, to);
  }

  write(out: Transform): void {
    const { data, length } = this.#outCodes;
    for (let i = 0; i < length; i++) out.write(data[i], this.#outChanges.data[i]);
  }

  #add(code: number, change: number): void {
    this.#codes.push(code);
    this.#changes.push(change);
    this.#places.push(combiningPlace(this.#flags[code]));
  }

  #put(code: number, change: number): void {
    this.#outCodes.push(code);
    this.#outChanges.push(change);
  }

  #same(text: string, from: number, to: number): boolean {
    let at = from;
    for (let i = 0; i < this.#outCodes.length; i++) {
      const code = this.#outCodes.data[i];
      if (at >= to || text.codePointAt(at) !== code || this.#outChanges.data[i] !== 0) return false;
      at += code > 0xffff ? 2 : 1;
    }
    return at === to;
  }

  /** Sorts every run of marks by their places; equal ones stay in order. */
  #order(): void {
    const places = this.#places;
    for (let i = 0; i < places.length; ) {
      const start = i;
      while (i < places.length && places.data[i] !== 0) i++;
      if (i - start > LONG) this.#sortLong(start, i);
      else if (i - start > 1) this.#sortShort(start, i);
      if (i === start) i++;
    }
  }

  #sortShort(from: number, to: number): void {
    const columns = [this.#codes.data, this.#changes.data, this.#places.data];
    const places = this.#places.data;
    for (let i = from + 1; i < to; i++) {
      for (let k = i; k > from && places[k - 1] > places[k]; k--) {
        for (const column of columns) {
          const before = column[k - 1];
          column[k - 1] = column[k];
          column[k] = before;
        }
      }
    }
  }

  #sortLong(from: number, to: number): void {
    const places = this.#places.data;
    const order = Array.from({ length: to - from }, (_, i) => from + i).sort((a, b) => places[a] - places[b]);
    for (const column of [this.#codes.data, this.#changes.data, this.#places.data]) {
      const sorted = order.map((i) => column[i]);
      for (let i = 0; i < sorted.length; i++) column[from + i] = sorted[i];
    }
  }

  /** Composes what was decomposed and sorted; a composite's change counts the characters it takes up. */
  #compose(): void {
    const { data: codes, length } = this.#codes;
    const waiting = this.#waiting;
    let starter = -1;
    let starterChange = 0;
    /** Place of the last mark that waits; -1 where none does. */
    let last = -1;
    for (let i = 0; i < length; i++) {
      const code = codes[i];
      const change = this.#changes.data[i];
      const place = this.#places.data[i];
      if (starter < 0) {
        if (place !== 0) {
          this.#put(code, change);
          continue;
        }
      } else {
        const composite = last < place ? compose(starter, code) : 0;
        if (composite !== 0) {
          starter = composite;
          starterChange += change - 1;
          continue;
        }
        if (place !== 0) {
          waiting.push2(code, change);
          last = place;
          continue;
        }
        this.#put(starter, starterChange);
        this.#flush();
      }
      starter = code;
      starterChange = change;
      last = -1;
    }
    if (starter >= 0) this.#put(starter, starterChange);
    this.#flush();
  }

  #flush(): void {
    const waiting = this.#waiting;
    for (let i = 0; i < waiting.length; i += 2) this.#put(waiting.data[i], waiting.data[i + 1]);
    waiting.length = 0;
  }
}
