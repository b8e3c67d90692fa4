import { inRanges } from './paced.js';
import type { Pacer } from './pacer.js';
import type { PieceText } from './piece-text.js';
import type { Pieces } from './pieces.js';

/** Pieces by their symbols: edges in one table with open addressing, those of the root by symbol. */
export class PieceTrie {
  readonly #root: Int32Array;
  /** Node + 1, symbol, child, unused; 0 is free. */
  readonly #edges: Int32Array;
  readonly #mask: number;
  #nodes = 1;
  /** The piece that ends at a node, or -1. */
  #pieces: Int32Array = new Int32Array(0);
  /** The node at which a piece ends. */
  readonly #ends: Int32Array;

  private constructor(symbols: number, { lengths, size }: Pieces) {
    let edges = 0;
    for (let piece = 0; piece < size; piece++) edges += lengths[piece];
    const slots = 2 ** Math.ceil(Math.log2(edges * 1.5 + 16));
    this.#root = new Int32Array(symbols);
    this.#edges = new Int32Array(slots * 4);
    this.#mask = slots - 1;
    this.#ends = new Int32Array(size);
  }

  static async build({ symbols, codes }: PieceText, pieces: Pieces, pacer: Pacer): Promise<PieceTrie> {
    const { starts, lengths, size } = pieces;
    const trie = new PieceTrie(codes.length, pieces);
    const add = (from: number, to: number): void => {
      for (let piece = from + 1; piece <= to; piece++) {
        let node = trie.#rootChild(symbols[starts[piece]]);
        for (let i = 1; i < lengths[piece]; i++) node = trie.#addChild(node, symbols[starts[piece] + i]);
        trie.#ends[piece] = node;
      }
    };
    // Nodes of a large trie are far apart in memory.
    await inRanges(size - 1, pacer, add, 2048);
    trie.#pieces = new Int32Array(trie.#nodes).fill(-1);
    for (let piece = 1; piece < size; piece++) trie.#pieces[trie.#ends[piece]] = piece;
    return trie;
  }

  /** Renumbers the pieces: the i-th is from now on what `chosen[i]` was; the others are gone. */
  select(chosen: ArrayLike<number>): void {
    this.#pieces.fill(-1);
    // In place, as the chosen ones ascend.
    for (let i = 1; i < chosen.length; i++) {
      this.#ends[i] = this.#ends[chosen[i]];
      this.#pieces[this.#ends[i]] = i;
    }
  }

  /** The node behind the root, or 0. */
  first(symbol: number): number {
    return this.#root[symbol];
  }

  /** The node behind `node`, or 0. */
  next(node: number, symbol: number): number {
    const edges = this.#edges;
    const mask = this.#mask;
    for (let slot = hash(node, symbol) & mask; ; slot = (slot + 1) & mask) {
      const i = slot << 2;
      const found = edges[i] - 1;
      if (found < 0) return 0;
      if (found === node && edges[i + 1] === symbol) return edges[i + 2];
    }
  }

  /** The piece that ends at the node, or -1. */
  piece(node: number): number {
    return this.#pieces[node];
  }

  #rootChild(symbol: number): number {
    if (this.#root[symbol] === 0) this.#root[symbol] = this.#nodes++;
    return this.#root[symbol];
  }

  #addChild(node: number, symbol: number): number {
    const edges = this.#edges;
    let slot = hash(node, symbol) & this.#mask;
    for (; edges[slot << 2] !== 0; slot = (slot + 1) & this.#mask) {
      const i = slot << 2;
      if (edges[i] === node + 1 && edges[i + 1] === symbol) return edges[i + 2];
    }
    const i = slot << 2;
    edges[i] = node + 1;
    edges[i + 1] = symbol;
    edges[i + 2] = this.#nodes++;
    return edges[i + 2];
  }
}

function hash(node: number, symbol: number): number {
  const mixed = Math.imul(Math.imul(node, 0x9e3779b1) ^ symbol, 0x85ebca77);
  return mixed ^ (mixed >>> 15);
}
