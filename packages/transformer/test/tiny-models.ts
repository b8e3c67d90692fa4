import {
  type Device,
  embedding,
  gatherRows,
  linear,
  Module,
  normal,
  type Placement,
  type Tensor,
} from '@gerbert/tensor';
import {
  type BlockSpec,
  type CausalModel,
  Embedding,
  KvCache,
  LayerNorm,
  type Positions,
  PostNormBlock,
  PreNormBlock,
} from '../src/index.js';

export interface TinyShape {
  kind: 'pre-norm' | 'post-norm';
  causal?: boolean;
  window?: number;
  dropout?: number;
  layers?: number;
  vocabSize?: number;
}

const width = 12;
const heads = 3;
const maxPositions = 160;

export function tinySpec(layer: number, { causal = true, window, dropout = 0 }: Omit<TinyShape, 'kind'>): BlockSpec {
  const init = normal(0.4);
  return {
    attention: { width, heads, causal, window, dropout, layer, init, names: { qkv: 'qkv', output: 'out' } },
    feedForward: { width, inner: 20, activation: 'gelu', init, names: { up: 'up', down: 'down' } },
    dropout,
    eps: 1e-5,
    names: { attention: 'attention', norm1: 'norm1', feedForward: 'mlp', norm2: 'norm2' },
  };
}

/** A language model of two blocks that can be told all over the place, with random weights. */
export class TinyModel extends Module implements CausalModel {
  readonly maxPositions = maxPositions;
  readonly vocabSize: number;
  readonly words: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly (PreNormBlock | PostNormBlock)[];
  readonly norm: LayerNorm;

  constructor(shape: TinyShape, placement: Placement) {
    super(placement);
    const { kind, layers = 2, vocabSize = 19 } = shape;
    this.vocabSize = vocabSize;
    const init = normal(1);
    this.words = this.child('words', new Embedding({ size: vocabSize, width, init }, placement));
    this.positions = this.child('positions', new Embedding({ size: maxPositions, width, init }, placement));
    const Block = kind === 'pre-norm' ? PreNormBlock : PostNormBlock;
    this.blocks = Array.from({ length: layers }, (_, layer) =>
      this.child(`blocks.${layer}`, new Block(tinySpec(layer, shape), placement)),
    );
    this.norm = this.child('norm', new LayerNorm(width, 1e-5, placement));
    this.initialise(7);
  }

  get device(): Device {
    return this.words.weight.device;
  }

  hidden(ids: Tensor, at: Positions): Tensor {
    let x = embedding([this.words.weight, ids], [this.positions.weight, at.positions]); // [N, C]
    for (const block of this.blocks) x = block.forward(x, at);
    return this.norm.forward(x);
  }

  logits(hidden: Tensor): Tensor {
    return linear(hidden, this.words.weight, null);
  }

  cache(slots: number, capacity: number): KvCache {
    const { dtype } = this.words.weight;
    return new KvCache({ layers: this.blocks.length, width, slots, capacity, device: this.device, dtype });
  }
}

/** A model whose next token depends on the last alone: row t of `table` [V, V] holds the logits after token t. */
export class MarkovModel implements CausalModel {
  readonly maxPositions = 64;
  readonly table: Tensor;
  /** Counts the calls of `hidden`. */
  forwards = 0;

  constructor(table: Tensor) {
    this.table = table;
  }

  get device(): Device {
    return this.table.device;
  }

  get vocabSize(): number {
    return this.table.shape[1]!;
  }

  hidden(ids: Tensor): Tensor {
    this.forwards += 1;
    return gatherRows(this.table, ids);
  }

  logits(hidden: Tensor): Tensor {
    return hidden;
  }

  cache(slots: number, capacity: number): KvCache {
    return new KvCache({ layers: 1, width: 1, slots, capacity, device: this.device });
  }
}
