import { describe, expect, test } from 'vitest';
import {
  fillNormal,
  fillTruncatedNormal,
  fillUniform,
  philox,
  philoxInto,
  philoxState,
  RandomStream,
} from '../src/philox.js';

describe('philox', () => {
  // The answers that Random123, the authors' own library, is tested with (its file kat_vectors, "philox4x32 10").
  test.each([
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('counter %s, key %s', (counter, key, words) => {
    const parse = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));
    expect([...philox(parse(counter), parse(key))]).toEqual(parse(words));
  });

  test('agrees with its definition in whole numbers of any size', () => {
    const state = philoxState(1, 2);
    for (let n = 0; n < 500; n++) {
      const before = [...state.counter, ...state.key].map(BigInt);
      philoxInto(state);
      expect([...state.words].map(BigInt)).toEqual(definition(before));
      state.counter.set(state.words); // arbitrary words next time
      state.key[n & 1] = state.words[2] ^ n;
    }
  });
});

/** Ten rounds as the paper writes them. */
function definition([c0, c1, c2, c3, k0, k1]: bigint[]): bigint[] {
  const mask = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const [p0, p1] = [0xd2511f53n * c0, 0xcd9e8d57n * c2];
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
    [k0, k1] = [(k0 + 0x9e3779b9n) & mask, (k1 + 0xbb67ae85n) & mask];
  }
  return [c0, c1, c2, c3];
}

const fillers = { fillUniform, fillNormal, fillTruncatedNormal };
const count = 100_000;

function moments(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return { mean, variance: values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length };
}

describe('fillers', () => {
  test.each(Object.entries(fillers))('%s: element i depends on seed, stream and i alone', (_, fill) => {
    const long = new Float64Array(101);
    fill(long, { seed: 2 ** 40 + 3, stream: 5 });
    for (const size of [0, 1, 2, 7]) {
      const short = new Float64Array(size);
      fill(short, { seed: 2 ** 40 + 3, stream: 5 });
      expect(short).toEqual(long.subarray(0, size));
    }
    const single = new Float32Array(101);
    fill(single, { seed: 2 ** 40 + 3, stream: 5 });
    expect(single).toEqual(Float32Array.from(long));
    for (const other of [{ seed: 3, stream: 5 }, { seed: 2 ** 40 + 4, stream: 5 }, { seed: 2 ** 40 + 3 }]) {
      const different = new Float64Array(101);
      fill(different, other);
      expect(different.filter((value, i) => value === long[i]).length).toBe(0);
    }
  });

  test('fillUniform: two words make 53 bits', () => {
    const values = new Float64Array(4);
    fillUniform(values, { seed: 9, stream: 1, low: -2, high: 6 });
    const words = [0, 1].flatMap((block) => [...philox([block, 0, 1, 0], [9, 0xf111f111])]).map(BigInt);
    const expected = [0, 1, 2, 3].map(
      (i) => Number((words[2 * i] >> 5n) * 2n ** 26n + (words[2 * i + 1] >> 6n)) / 2 ** 53,
    );
    expect([...values]).toEqual(expected.map((unit) => -2 + 8 * unit));
  });

  // Five standard deviations of the estimate each: σ²/n for a mean; for a variance (μ₄ − σ⁴)/n.
  test('fillUniform has the moments of its distribution', () => {
    const values = new Float64Array(count);
    fillUniform(values, { seed: 1, low: -1, high: 3 });
    const { mean, variance } = moments(values);
    expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...values.subarray(0, 50_000))).toBeLessThan(3);
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(16 / 12 / count));
    expect(Math.abs(variance - 16 / 12)).toBeLessThan(5 * Math.sqrt((4 ** 4 * (1 / 80 - 1 / 144)) / count));
  });

  test('fillNormal has the moments of its distribution, and independent neighbours', () => {
    const values = new Float64Array(count);
    fillNormal(values, { seed: 1, mean: 5, std: 2 });
    const { mean, variance } = moments(values);
    expect(Math.abs(mean - 5)).toBeLessThan(5 * Math.sqrt(4 / count));
    expect(Math.abs(variance - 4)).toBeLessThan(5 * 4 * Math.sqrt(2 / count));
    const within = values.filter((value) => Math.abs(value - 5) < 2).length / count;
    expect(Math.abs(within - 0.6826894921)).toBeLessThan(5 * Math.sqrt((0.68 * 0.32) / count));
    let covariance = 0;
    for (let i = 0; i < count; i += 2) covariance += ((values[i] - 5) * (values[i + 1] - 5)) / (count / 2);
    expect(Math.abs(covariance)).toBeLessThan(5 * 4 * Math.sqrt(2 / count));
  });

  test('fillTruncatedNormal stays within its cut and is normal there', () => {
    const values = new Float64Array(count);
    fillTruncatedNormal(values, { seed: 1, mean: 1, std: 0.5 });
    expect(values.every((value) => Math.abs(value - 1) <= 1)).toBe(true);
    const { mean, variance } = moments(values);
    // Of the normal distribution cut at ±2σ: variance 1 − 2·2·φ(2) / (2·Φ(2) − 1), here in units of 0.5².
    expect(Math.abs(mean - 1)).toBeLessThan(5 * 0.5 * Math.sqrt(0.7737 / count));
    expect(Math.abs(variance / 0.25 - 0.7737413)).toBeLessThan(5 * Math.sqrt(1.1 / count));
    const narrow = new Float64Array(1000);
    fillTruncatedNormal(narrow, { seed: 1, cut: 0.1 });
    expect(narrow.every((value) => Math.abs(value) <= 0.1)).toBe(true);
  });

  test.each([
    [{ seed: -1 }, /seed = -1/],
    [{ seed: 0.5 }, /seed = 0.5/],
    [{ seed: 2 ** 53 }, /seed/],
    [{ seed: 1, stream: 2 ** 32 }, /stream/],
    [{ seed: 1, cut: 0.01 }, /cut/],
  ])('%j throws', (options, message) => {
    let thrown: unknown;
    try {
      fillTruncatedNormal(new Float32Array(1), options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'RANDOM_ARGUMENT', message: expect.stringMatching(message) });
  });
});

describe('RandomStream', () => {
  test('depends on seed and stream alone, and is none of the fillers', () => {
    const draw = (random: RandomStream) => Array.from({ length: 20 }, () => random.next());
    const values = draw(new RandomStream(5, 6));
    expect(draw(new RandomStream(5, 6))).toEqual(values);
    expect(draw(new RandomStream(5, 7)).some((value) => values.includes(value))).toBe(false);
    expect(draw(new RandomStream(6, 6)).some((value) => values.includes(value))).toBe(false);
    const filled = new Float64Array(20);
    fillUniform(filled, { seed: 5, stream: 6 });
    expect([...filled].some((value) => values.includes(value))).toBe(false);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  });

  test('goes on from its state, through JSON', () => {
    const random = new RandomStream(1, 2);
    const values = Array.from({ length: 40 }, () => new RandomStream(1, 2)).map((fresh, i) => {
      for (let before = 0; before < i; before++) fresh.next();
      return fresh.next();
    });
    for (let drawn = 0; drawn < 9; drawn++) {
      const copy = RandomStream.from(JSON.parse(JSON.stringify(random.state())));
      expect([copy.next(), copy.next(), copy.next()]).toEqual(values.slice(drawn, drawn + 3));
      const [one, other] = [RandomStream.from(random.state()), RandomStream.from(random.state())];
      const next = (stream: RandomStream) => [
        stream.int(10),
        stream.normal(),
        stream.shuffle([1, 2, 3, 4]),
        stream.state(),
      ];
      expect(next(one)).toEqual(next(other));
      expect(random.next()).toBe(values[drawn]);
    }
    expect(random.state()).toEqual({ seed: 1, stream: 2, position: 9 });
    expect(() => RandomStream.from({ seed: 1, stream: 2, position: -1 })).toThrow(/position/);
  });

  test('int is uniform, up to the largest range', () => {
    const random = new RandomStream(3);
    const counts = new Array(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.int(7)]++;
    for (const n of counts) expect(Math.abs(n - 10_000)).toBeLessThan(5 * Math.sqrt(70_000 * (1 / 7) * (6 / 7)));
    expect(random.int(1)).toBe(0);
    // With n = 3/4 · 2⁵³ a plain remainder would make the lower third twice as likely.
    const third = 2 ** 51;
    let lower = 0;
    for (let i = 0; i < 9000; i++) lower += random.int(3 * third) < third ? 1 : 0;
    expect(Math.abs(lower - 3000)).toBeLessThan(5 * Math.sqrt(9000 * (2 / 9)));
    for (const n of [0, -1, 1.5, 2 ** 53 + 2, Number.NaN]) expect(() => random.int(n)).toThrow(/n/);
  });

  test('shuffle makes every order equally often', () => {
    const random = new RandomStream(4);
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle(['a', 'b', 'c', 'd']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    for (const n of orders.values()) expect(Math.abs(n - 1000)).toBeLessThan(5 * Math.sqrt(1000));
    const typed = Int32Array.of(1, 2, 3);
    expect(random.shuffle(typed)).toBe(typed);
    expect([...typed].sort()).toEqual([1, 2, 3]);
  });

  test('normal has mean 0 and variance 1', () => {
    const random = new RandomStream(5);
    const { mean, variance } = moments(Float64Array.from({ length: count }, () => random.normal()));
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  });
});
