import { describe, expect, test } from 'vitest';
import {
  attention,
  type Device,
  device,
  devices,
  dropout,
  ones,
  randn,
  seeded,
  type Tensor,
  tensor,
} from '../src/index.js';
import { expectError, indices, leaf, onEachDevice, type Where } from './ops-gradients.js';

const shape = [6, 9];
const key = { seed: 11, step: 3 };
const numbers = (t: Tensor) => Array.from(t.readSync());

function mask(at: Where, { seed, step } = key, keys: Tensor | null = null): number[] {
  return seeded({ seed, step }, () => numbers(dropout(ones(shape, at), 0.5, keys)));
}

describe('seeded', () => {
  onEachDevice('gives one mask for one seed, step and op', (at) => {
    expect(mask(at)).toEqual(mask(at));
    expect(new Set(mask(at))).toEqual(new Set([0, 2]));
    expect(mask(at, { ...key, seed: 12 })).not.toEqual(mask(at));
    expect(mask(at, { ...key, step: 4 })).not.toEqual(mask(at));
    const [first, second] = seeded(key, () => [dropout(ones(shape, at), 0.5), dropout(ones(shape, at), 0.5)]);
    expect(numbers(first)).toEqual(mask(at));
    expect(numbers(second)).not.toEqual(numbers(first));
  });

  onEachDevice('does not depend on what other dropout was drawn between', (at) => {
    const outside = () => dropout(ones(shape, at), 0.5);
    outside();
    const [first, inner, second] = seeded(key, () => {
      const first = outside();
      const inner = seeded({ seed: 1, step: 1 }, outside);
      return [first, inner, outside()];
    });
    const [alone, alsoAlone] = seeded(key, () => [outside(), outside()]);
    expect([first, second].map(numbers)).toEqual([alone, alsoAlone].map(numbers));
    expect(numbers(inner)).toEqual(mask(at, { seed: 1, step: 1 }));
  });

  onEachDevice('outside of it every op has another mask', (at) => {
    const [a, b] = [dropout(ones(shape, at), 0.5), dropout(ones(shape, at), 0.5)];
    expect(numbers(a)).not.toEqual(numbers(b));
  });

  onEachDevice('is left when its body throws', (at) => {
    const before = seeded(key, () => {
      expect(() =>
        seeded({ seed: 1, step: 1 }, () => {
          throw new Error('inside');
        }),
      ).toThrow('inside');
      return numbers(dropout(ones(shape, at), 0.5));
    });
    expect(before).toEqual(mask(at));
  });

  test('takes whole numbers below 2³² and a synchronous function', () => {
    for (const bad of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expectError(() => seeded({ seed: bad, step: 0 }, () => 0), 'OPTION_RANGE', 'seed', String(bad));
      expectError(() => seeded({ seed: 0, step: bad }, () => 0), 'OPTION_RANGE', 'step', String(bad));
    }
    expect(seeded({ seed: 2 ** 32 - 1, step: 0 }, () => 7)).toBe(7);
    expectError(() => seeded(key, async () => 0), 'SCOPE_ASYNC', 'seeded');
    expectError(() => seeded({ seed: 1, step: 1, stp: 2 } as never, () => 0), 'OPTION_UNKNOWN', "'stp'", "'step'");
  });
});

describe('masks keyed by sequence and position', () => {
  onEachDevice('do not depend on where a row is packed', (at) => {
    // Rows (sequence, position), and the same in another order and company.
    const rows = [
      [4, 0],
      [4, 1],
      [4, 2],
      [9, 0],
      [9, 1],
      [2, 5],
    ];
    const order = [3, 5, 0, 4, 1, 2];
    const packed = mask(at, key, indices(rows, at));
    const moved = mask(
      at,
      key,
      indices(
        order.map((row) => rows[row]),
        at,
      ),
    );
    const line = (values: number[], row: number) => values.slice(row * 9, row * 9 + 9);
    for (const [to, from] of order.entries()) expect(line(moved, to)).toEqual(line(packed, from));
    expect(new Set(rows.map((_, row) => line(packed, row).join())).size).toBe(rows.length);
    expect(
      mask(
        at,
        key,
        indices(
          [0, 1, 2, 3, 4, 5].map((row) => [0, row]),
          at,
        ),
      ),
    ).toEqual(mask(at));
  });

  onEachDevice('of attention belong to the sequence, not to its rows', (at) => {
    const x = leaf([5, 12], at);
    const attend = (x: Tensor, spans: number[][]) =>
      seeded(key, () => attention(x, { heads: 2, spans: indices(spans, at), dropout: 0.5 }));
    const alone = attend(x, [[0, 5, 0, 5, 7]]);
    const values = [...numbers(leaf([3, 12], at)), ...numbers(x)];
    const after = attend(tensor(values, { shape: [8, 12], ...at }), [
      [0, 3, 0, 3, 1],
      [3, 5, 3, 5, 7],
    ]);
    expect(numbers(after.rows(3, 8))).toEqual(numbers(alone));
    expect(numbers(attend(x, [[0, 5, 0, 5, 8]]))).not.toEqual(numbers(alone));
  });

  onEachDevice('of attention follow seed, step and op', (at) => {
    const x = leaf([5, 12], at);
    const attend = () => attention(x, { heads: 2, spans: indices([[0, 5, 0, 5, 7]], at), dropout: 0.5 });
    const [first, second] = seeded(key, () => [attend(), attend()]).map(numbers);
    expect(numbers(seeded(key, attend))).toEqual(first);
    expect(second).not.toEqual(first);
    expect(numbers(seeded({ ...key, seed: 12 }, attend))).not.toEqual(first);
    expect(numbers(seeded({ ...key, step: 4 }, attend))).not.toEqual(first);
  });
});

describe('devices agree', () => {
  const others = (): [Device, Device] | string => {
    const cpu = devices().find(({ name }) => name === 'cpu')!;
    return cpu.available ? [device('js'), device('cpu')] : cpu.reason!;
  };

  test('on masks', (context) => {
    const pair = others();
    if (typeof pair === 'string') return context.skip(pair);
    const [js, cpu] = pair.map((device) => mask({ device, dtype: 'f32' }));
    expect(js).toEqual(cpu);
    const keyed = pair.map((device) => {
      const at = { device, dtype: 'f32' } as const;
      return mask(
        at,
        key,
        indices(
          Array.from({ length: 6 }, (_, i) => [i * 7, 2 ** 20 - i]),
          at,
        ),
      );
    });
    expect(keyed[0]).toEqual(keyed[1]);
  });

  test('on the attention weights dropped', (context) => {
    const pair = others();
    if (typeof pair === 'string') return context.skip(pair);
    // Values that tell which keys were kept: all scores are 0, and the value of key j is 2ʲ.
    const kept = pair.map((device) => {
      const at = { device, dtype: 'f32' } as const;
      const rows = Array.from({ length: 8 }, (_, j) => [0, 0, 0, 0, 2 ** j, 2 ** j]);
      const spans = indices([[0, 8, 0, 8, 5]], at);
      return numbers(seeded(key, () => attention(tensor(rows, at), { heads: 2, spans, dropout: 0.5 })));
    });
    expect(kept[0].map((value) => value * 4)).toEqual(
      kept[1].map((value) => Math.round(value * 4 * 2 ** 16) / 2 ** 16),
    );
  });

  test('on randn', (context) => {
    const pair = others();
    if (typeof pair === 'string') return context.skip(pair);
    const [js, cpu] = pair.map((device) => numbers(randn([33], { device, seed: 4, mean: 2, std: 0.5 })));
    expect(js).toEqual(cpu);
    expect(js).not.toEqual(numbers(randn([33], { device: 'js', seed: 5, mean: 2, std: 0.5 })));
  });
});
