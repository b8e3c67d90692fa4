import {
  attention,
  constant,
  dropout,
  embedding,
  gatherRows,
  layerNorm,
  linear,
  linearCrossEntropy,
  Module,
  multiply,
  normal,
  type Placement,
  RandomStream,
  sum,
  type Tensor,
  tensor,
} from '@gerbert/tensor';
import type { Batch, BatchSource, Trainable } from '../src/index.js';

const vocabSize = 13;
const width = 8;
const places = 12;

export interface TinyBatch extends Batch {
  ids: Int32Array;
  targets: Int32Array;
  lengths: readonly number[];
  counts: { next: number; small: number };
}

/** One attention layer that predicts the next token, and a second part of the loss with other counts: small outputs. */
export class TinyNet extends Module implements Trainable<TinyBatch> {
  readonly words = this.parameter('words', [vocabSize, width], normal(0.5));
  readonly positions = this.parameter('positions', [places, width], normal(0.5));
  readonly gamma = this.parameter('norm.weight', [width], constant(1));
  readonly beta = this.parameter('norm.bias', [width], constant(0));
  readonly qkv = this.parameter('qkv.weight', [3 * width, width], normal(0.5));
  readonly qkvBias = this.parameter('qkv.bias', [3 * width], constant(0));
  readonly output = this.parameter('output.weight', [width, width], normal(0.5));
  readonly #placement: Placement;
  readonly #dropout: number;

  constructor(placement: Placement, options: { dropout?: number; seed?: number } = {}) {
    super(placement);
    this.#placement = placement;
    this.#dropout = options.dropout ?? 0;
    this.initialise(options.seed ?? 1);
  }

  loss({ ids, targets, lengths }: TinyBatch): { next: Tensor; small: Tensor } {
    const index = { dtype: 'i32', device: this.#placement.device } as const;
    const p = this.training ? this.#dropout : 0;
    const rows = lengths.reduce((n, length) => n + length, 0);
    const spans = new Int32Array(lengths.length * 5);
    const at = new Int32Array(rows);
    let row = 0;
    for (const [b, length] of lengths.entries()) {
      spans.set([row, length, row, length, b], 5 * b);
      for (let t = 0; t < length; t++) at[row++] = t;
    }
    const x = embedding([this.words, tensor(ids, index)], [this.positions, tensor(at, index)]); // [N, C]
    const normed = layerNorm(dropout(x, p), this.gamma, this.beta, 1e-5);
    const qkv = linear(normed, this.qkv, this.qkvBias); // [N, 3C]
    const seen = { heads: 2, causal: true, spans: tensor(spans, { ...index, shape: [lengths.length, 5] }), dropout: p };
    const y = linear(attention(qkv, seen), this.output, null, { residual: x }); // [N, C]
    const firsts = gatherRows(
      y,
      tensor(
        Int32Array.from(lengths, (_, b) => spans[5 * b]!),
        index,
      ),
    );
    return {
      next: linearCrossEntropy(y, this.words, null, tensor(targets, index)),
      small: sum(multiply(firsts, firsts)),
    };
  }
}

export function tinyBatch(sequences: readonly (readonly number[])[]): TinyBatch {
  const lengths = sequences.map(({ length }) => length - 1);
  const ids = Int32Array.from(sequences.flatMap((tokens) => tokens.slice(0, -1)));
  const targets = Int32Array.from(sequences.flatMap((tokens) => tokens.slice(1)));
  return { ids, targets, lengths, tokens: ids.length, counts: { next: ids.length, small: lengths.length } };
}

/** `count` sequences of different lengths. */
export function randomSequences(count: number, seed: number): number[][] {
  const random = new RandomStream(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + random.int(places - 1) }, () => random.int(vocabSize)),
  );
}

/** Batch i holds i mod 3 + 1 sequences of its own. */
export const data: BatchSource<TinyBatch> = {
  batch: (index) => tinyBatch(randomSequences(1 + (index % 3), 100 + index)),
};

export async function parameters(model: Module): Promise<Map<string, number[]>> {
  const all = new Map<string, number[]>();
  for (const [name, parameter] of model.parameters()) all.set(name, Array.from(await parameter.read()));
  return all;
}
