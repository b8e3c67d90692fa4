import type { IntList } from '../text/int-list.js';
import { HeapMerges } from './heap-merges.js';
import { LongMerges } from './long-merges.js';
import { MergeTable, RANKS_WITH_KEYS } from './merge-table.js';
import { MergeWindow } from './merge-window.js';
import type { TokenSink } from './model.js';

/** Words up to this many symbols are merged in one window. */
const SHORT = 160;

/** Symbols of one word: ids, and where each ends. Merging shortens both. */
export interface Symbols {
  readonly ids: IntList;
  readonly ends: IntList;
}

/** Merges words: of all neighbouring pairs the one of lowest rank is merged first, leftmost of equals. */
export class BpeMerges {
  readonly #table: MergeTable;
  readonly #window: MergeWindow;
  readonly #long: LongMerges;
  readonly #heap: HeapMerges;
  /** By two bytes: the key of the pair of their tokens; -1 where it was not asked for yet. */
  #byteKeys: Int32Array | undefined;

  constructor(capacity: number) {
    this.#table = new MergeTable(capacity);
    this.#window = new MergeWindow(this.#table);
    this.#long = new LongMerges(this.#window);
    this.#heap = new HeapMerges(this.#table);
  }

  /** A pair that is given again takes the new rank. */
  add(left: number, right: number, result: number, rank: number): void {
    this.#table.add(left, right, result, rank);
    this.#byteKeys = undefined;
  }

  /** Adds merges that lie in `ids` as left, right, result, by rank. */
  addAll(ids: Int32Array): void {
    this.#table.addAll(ids);
    this.#byteKeys = undefined;
  }

  apply(symbols: Symbols): void {
    const n = symbols.ids.length;
    if (n < 2) return;
    if (this.#table.ranks > RANKS_WITH_KEYS) this.#heap.merge(symbols);
    else if (n <= SHORT) this.#applyShort(symbols);
    else if (!this.#long.merge(symbols)) this.#heap.merge(symbols);
  }

  /**
   * Appends the tokens of a word of bytes, with starts and ends in bytes from its start; false, and nothing is done, where
   * it is long.
   * @param byteIds by byte: the id of its token
   */
  applyBytes(bytes: Uint8Array, from: number, to: number, byteIds: Int32Array, sink: TokenSink): boolean {
    const n = to - from;
    if (n > SHORT || this.#table.ranks > RANKS_WITH_KEYS) return false;
    this.#byteKeys ??= new Int32Array(0x10000).fill(-1);
    const byteKeys = this.#byteKeys;
    const { symbols, keys, next } = this.#window;
    for (let i = 0; i < n; i++) {
      const byte = bytes[from + i];
      symbols[i] = byteIds[byte];
      const pair = (byte << 8) | bytes[from + i + 1];
      if (byteKeys[pair] < 0) byteKeys[pair] = this.#table.key(byteIds[byte], byteIds[pair & 0xff]);
      keys[i] = byteKeys[pair] | i;
    }
    this.#window.mergeByKeys(n);
    sink.reserve(n);
    const { ids, starts, ends } = sink;
    let count = ids.length;
    for (let i = 0; i < n; i = next[i], count++) {
      ids.data[count] = symbols[i];
      starts.data[count] = i;
      ends.data[count] = next[i];
    }
    sink.truncate(count);
    return true;
  }

  #applyShort({ ids, ends }: Symbols): void {
    const n = ids.length;
    const { symbols, next } = this.#window;
    for (let i = 0; i < n; i++) symbols[i] = ids.data[i];
    this.#window.merge(n);
    let kept = 0;
    for (let i = 0; i < n; i = next[i]) {
      ids.data[kept] = symbols[i];
      ends.data[kept++] = ends.data[next[i] - 1];
    }
    ids.length = kept;
    ends.length = kept;
  }
}
