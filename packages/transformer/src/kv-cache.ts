import {
  type Device,
  type DType,
  device,
  GerbertError,
  gatherRows,
  keep,
  noGrad,
  type Tensor,
  tensor,
  zeros,
} from '@gerbert/tensor';
import { type Positions, place } from './positions.js';

export interface KvCacheOptions {
  layers: number;
  /** Width of the model: keys and values of one row take twice as much. */
  width: number;
  /** How many sequences are cached side by side. */
  slots: number;
  /** Most positions of one sequence. */
  capacity: number;
  device?: Device;
  /** Of keys and values, as the model computes them. Default f32. */
  dtype?: DType;
}

/**
 * Keys and values of every layer for sequences that grow: slot s holds rows s·capacity … of each layer's [slots · capacity, 2C].
 * It lives until `dispose()`.
 */
export class KvCache {
  readonly capacity: number;
  readonly #device: Device;
  #layers: Tensor[];
  /** Positions filled in each slot. */
  #lengths: number[];

  constructor({ layers, width, slots, capacity, device: at = device(), dtype = 'f32' }: KvCacheOptions) {
    this.capacity = capacity;
    this.#device = at;
    const shape = [slots * capacity, 2 * width];
    this.#layers = Array.from({ length: layers }, () => keep(zeros(shape, { device: at, dtype })));
    this.#lengths = new Array(slots).fill(0);
  }

  get lengths(): readonly number[] {
    return this.#lengths;
  }

  /**
   * Positions for the next `counts[s]` tokens of every slot s: layers given these positions store the new keys and attend to all.
   *
   * @throws `CACHE_FULL` where a slot would pass its capacity; `OPTION_RANGE` for more counts than slots
   */
  advance(counts: readonly number[]): Positions {
    this.#expectSlots('advance', counts.length);
    let query = 0;
    const spans = this.#lengths.map((before, slot) => {
      const queries = counts[slot] ?? 0;
      if (before + queries > this.capacity) {
        const needed = before + queries;
        throw new GerbertError('CACHE_FULL', `The key/value cache holds ${this.capacity} positions, not ${needed}.`);
      }
      const span = { query, queries, key: slot * this.capacity, keys: before + queries };
      query += queries;
      return span;
    });
    const rows = new Int32Array(query);
    for (const { query: first, queries, key, keys } of spans) {
      for (let i = 0; i < queries; i++) rows[first + i] = key + keys - queries + i;
    }
    this.#lengths = spans.map(({ keys }) => keys);
    const positions = place(spans, { device: this.#device });
    const cache = { layers: this.#layers, rows: tensor(rows, { dtype: 'i32', device: this.#device }) };
    return { ...positions, cache };
  }

  /**
   * Slot s becomes a copy of what slot `from[s]` was, as beam search does when it drops and doubles hypotheses. Slots beyond the list are given up.
   *
   * @throws `OPTION_RANGE` for a slot that does not exist
   */
  select(from: readonly number[]): void {
    this.#expectSlots('select', from.length);
    for (const source of from) {
      if (this.#lengths[source] === undefined) {
        const slots = this.#lengths.length;
        throw new GerbertError('OPTION_RANGE', `KvCache.select(): there is no slot ${source} among ${slots}.`);
      }
    }
    if (from.length === this.#lengths.length && from.every((source, slot) => source === slot)) return;
    const { capacity } = this;
    const index = new Int32Array(from.length * capacity);
    for (const [slot, source] of from.entries()) {
      for (let i = 0; i < capacity; i++) index[slot * capacity + i] = source * capacity + i;
    }
    const rows = tensor(index, { dtype: 'i32', device: this.#device });
    this.#layers = this.#layers.map((layer) => {
      const selected = keep(noGrad(() => gatherRows(layer, rows)));
      layer.dispose();
      return selected;
    });
    rows.dispose();
    this.#lengths = from.map((source) => this.#lengths[source]!);
  }

  #expectSlots(method: string, count: number): void {
    const slots = this.#lengths.length;
    if (count <= slots) return;
    throw new GerbertError('OPTION_RANGE', `KvCache.${method}(): ${count} slots are named, but there are ${slots}.`);
  }

  dispose(): void {
    for (const layer of this.#layers) layer.dispose();
  }
}
