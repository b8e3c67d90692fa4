import { noGrad, seeded, type TypedArray, tensor } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { packed } from '../src/index.js';
import { need, placement, places } from './places.js';
import { TinyModel, type TinyShape } from './tiny-models.js';

const sequences = [[3, 1, 4, 1, 5, 9, 2, 6], [5], [], [3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3], [11, 18, 0]];
// Beyond any block of keys that a kernel may take at once.
sequences.push(Array.from({ length: 150 }, (_, i) => (i * i + 3) % 19));

const numbers = (first: number) => sequences.map((_, b) => first + b);

/** Hidden states of each sequence; `numbers` are those that key its dropout. */
async function states(model: TinyModel, batch: readonly number[][], numbers: readonly number[]): Promise<TypedArray[]> {
  const at = packed(
    batch.map(({ length }) => length),
    { device: model.device, sequences: numbers },
  );
  const ids = tensor(Int32Array.from(batch.flat()), { dtype: 'i32', device: model.device });
  const hidden = seeded({ seed: 5, step: 3 }, () => noGrad(() => model.hidden(ids, at)));
  const values = await hidden.read();
  let row = 0;
  return batch.map(({ length }) => {
    row += length;
    return values.slice((row - length) * 12, row * 12);
  });
}

describe.each(places)('on $device in $dtype', (place) => {
  const shapes: TinyShape[] = [
    { kind: 'pre-norm' },
    { kind: 'post-norm', causal: false },
    { kind: 'pre-norm', window: 3 },
    { kind: 'post-norm', causal: false, window: 2 },
  ];

  test.for(shapes)('a packed batch has the bits of each sequence alone: %o', async (shape, context) => {
    need(place, context);
    const model = new TinyModel(shape, placement(place));
    const together = await states(model, sequences, numbers(0));
    for (const [b, sequence] of sequences.entries()) {
      expect((await states(model, [sequence], [b]))[0], `sequence ${b}`).toEqual(together[b]);
    }
    expect(together[0]!.some((value) => value !== 0 && Number.isFinite(value))).toBe(true);
  });

  test.for(['pre-norm', 'post-norm'] as const)('dropout follows the sequence: %s', async (kind, context) => {
    need(place, context);
    const model = new TinyModel({ kind, dropout: 0.3 }, placement(place)).train();
    const together = await states(model, sequences, numbers(10));
    for (const [b, sequence] of sequences.entries()) {
      expect((await states(model, [sequence], [10 + b]))[0], `sequence ${b}`).toEqual(together[b]);
    }
    const renumbered = await states(model, sequences, numbers(20));
    expect(renumbered[0]).not.toEqual(together[0]);
    expect(await states(model.eval(), sequences, numbers(0))).not.toEqual(together);
  });
});

test('causal attention sees nothing ahead, a window nothing far behind', async () => {
  const device = 'js';
  const prefix = sequences[3]!.slice(0, 9);
  const causal = new TinyModel({ kind: 'pre-norm', layers: 1 }, { device });
  const [whole] = await states(causal, [sequences[3]!], [0]);
  const [part] = await states(causal, [prefix], [0]);
  expect(part).toEqual(whole!.slice(0, 9 * 12));

  // One layer with a window of 3: the last row depends on the last three tokens alone.
  const windowed = new TinyModel({ kind: 'pre-norm', window: 3, layers: 1 }, { device });
  const changed = [...prefix];
  changed[5] = 18;
  const [before, after] = [await states(windowed, [prefix], [0]), await states(windowed, [changed], [0])];
  expect(after[0]!.slice(8 * 12)).toEqual(before[0]!.slice(8 * 12));
  expect(after[0]!.slice(7 * 12)).not.toEqual(before[0]!.slice(7 * 12));
});

test('lengths that are none are refused', () => {
  for (const length of [-1, 1.5, Number.NaN]) {
    expect(() => packed([2, length], { device: 'js' })).toThrow(expect.objectContaining({ code: 'OPTION_RANGE' }));
  }
});
