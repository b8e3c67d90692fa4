import { noGrad, scope, type TypedArray, tensor } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { KvCache, packed } from '../src/index.js';
import { need, placement, places } from './places.js';
import { TinyModel } from './tiny-models.js';

/** Hidden states of the tokens each slot is fed, slot after slot. */
async function feed(model: TinyModel, cache: KvCache, fed: readonly (readonly number[])[]): Promise<TypedArray[]> {
  const hidden = scope(() =>
    noGrad(() => {
      const at = cache.advance(fed.map(({ length }) => length));
      return model.hidden(tensor(Int32Array.from(fed.flat()), { dtype: 'i32', device: model.device }), at);
    }),
  );
  const values = await hidden.read();
  let row = 0;
  return fed.map(({ length }) => {
    row += length;
    return values.slice((row - length) * 12, row * 12);
  });
}

async function full(model: TinyModel, sequence: readonly number[]): Promise<TypedArray> {
  const at = packed([sequence.length], { device: model.device });
  const ids = tensor(Int32Array.from(sequence), { dtype: 'i32', device: model.device });
  return noGrad(() => model.hidden(ids, at)).read();
}

const sequences = [
  [3, 1, 4, 1, 5, 9, 2, 6],
  [2, 7, 1, 8, 2, 8, 1, 8, 2, 8],
  [16, 11, 5],
];
/** Beyond any block of keys that a kernel may take at once. */
const long = Array.from({ length: 150 }, (_, i) => (i * i + 3) % 19);

describe.each(places)('on $device in $dtype', (place) => {
  test.for(['pre-norm', 'post-norm'] as const)('decoding has the bits of one full pass: %s', async (kind, context) => {
    need(place, context);
    const model = new TinyModel({ kind }, placement(place));
    const cache = model.cache(3, 12);
    // A prompt at once, then token by token; slots grow at different times.
    const plan = [
      [4, 1, 0],
      [1, 3, 0],
      [0, 1, 2],
      [3, 5, 1],
    ];
    const done = [0, 0, 0];
    const states: number[][] = [[], [], []];
    for (const counts of plan) {
      const fed = counts.map((count, slot) => sequences[slot]!.slice(done[slot], done[slot]! + count));
      for (const [slot, values] of (await feed(model, cache, fed)).entries()) states[slot]!.push(...values);
      for (const [slot, count] of counts.entries()) done[slot]! += count;
      expect(cache.lengths).toEqual(done);
    }
    for (const [slot, sequence] of sequences.entries()) {
      expect(states[slot], `slot ${slot}`).toEqual(Array.from(await full(model, sequence)));
    }
    cache.dispose();
  });

  test('decoding has the bits of one full pass over a long sequence', async (context) => {
    need(place, context);
    const model = new TinyModel({ kind: 'pre-norm' }, placement(place));
    const cache = model.cache(1, long.length);
    const states: number[] = [];
    for (const [begin, end] of [
      [0, 1],
      [1, 62],
      [62, 63],
      [63, 64],
      [64, 65],
      [65, 140],
      [140, 141],
      [141, 150],
    ]) {
      states.push(...(await feed(model, cache, [long.slice(begin, end)]))[0]!);
    }
    expect(states).toEqual(Array.from(await full(model, long)));
    cache.dispose();
  });

  test('select doubles, swaps and gives up slots', async (context) => {
    need(place, context);
    const model = new TinyModel({ kind: 'pre-norm' }, placement(place));
    const cache = model.cache(3, 12);
    const begun = [
      [3, 1, 4],
      [2, 7, 1, 8],
      [16, 11],
    ];
    await feed(model, cache, begun);
    cache.select([1, 1, 0]);
    expect(cache.lengths).toEqual([4, 4, 3]);
    const next = [[5], [6], [7, 8]];
    const origins = [1, 1, 0];
    for (const [slot, values] of (await feed(model, cache, next)).entries()) {
      const whole = [...begun[origins[slot]!]!, ...next[slot]!];
      const expected = (await full(model, whole)).slice(-values.length);
      expect(values, `slot ${slot}`).toEqual(expected);
    }
    cache.select([2]);
    expect(cache.lengths).toEqual([5]);
    const [last] = await feed(model, cache, [[9]]);
    expect(last).toEqual((await full(model, [3, 1, 4, 7, 8, 9])).slice(-12));
    cache.select([0]);
    expect(cache.lengths).toEqual([5 + 1]);
    cache.dispose();
  });
});

describe('a cache refuses', () => {
  const make = () => new KvCache({ layers: 1, width: 2, slots: 2, capacity: 4, device: undefined });

  test('more than it holds, and is then as it was', () => {
    const cache = make();
    cache.advance([3, 1]);
    expect(() => cache.advance([2, 1])).toThrow(expect.objectContaining({ code: 'CACHE_FULL' }));
    expect(cache.lengths).toEqual([3, 1]);
  });

  test('slots that it does not have', () => {
    const cache = make();
    const refused = expect.objectContaining({ code: 'OPTION_RANGE' });
    expect(() => cache.advance([1, 1, 1])).toThrow(refused);
    expect(() => cache.select([0, 1, 0])).toThrow(refused);
    expect(() => cache.select([0, 2])).toThrow(refused);
    expect(() => cache.select([-1])).toThrow(refused);
  });
});
