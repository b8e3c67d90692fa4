import { describe, expect, test } from 'vitest';
import type { Buffer, Memory } from '../src/index.js';
import { GerbertError, Pool } from '../src/index.js';
import { RandomStream } from '../src/philox.js';
import { sizeClass } from '../src/pool.js';

/** A system that has `limit` bytes and counts. */
function system(limit = Number.POSITIVE_INFINITY) {
  const taken = new Set<Buffer>();
  const total = () => [...taken].reduce((sum, { bytes }) => sum + bytes, 0);
  const memory: Memory = {
    allocate(bytes) {
      if (total() + bytes > limit) throw new GerbertError('OUT_OF_MEMORY', `no ${bytes} bytes`);
      const buffer = { bytes };
      taken.add(buffer);
      return buffer;
    },
    free(buffer) {
      expect(taken.delete(buffer)).toBe(true);
    },
    write() {},
    async read() {},
  };
  return { memory, taken };
}

describe('size classes', () => {
  const random = new RandomStream(1);
  const sizes = [
    ...Array.from({ length: 5000 }, (_, bytes) => bytes),
    ...Array.from({ length: 5000 }, () => Math.floor(2 ** (8 + 30 * random.next()))),
    ...Array.from({ length: 40 }, (_, k) => [2 ** k - 1, 2 ** k, 2 ** k + 1]).flat(),
  ].sort((a, b) => a - b);

  test('hold what they are asked for and waste at most a fifth', () => {
    for (const bytes of sizes) {
      const size = sizeClass(bytes);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(sizeClass(size)).toBe(size);
      if (bytes > 256) expect((size - bytes) / size).toBeLessThan(1 / 5);
      else expect(size).toBe(256);
    }
  });

  test('grow with the size, four per octave', () => {
    const classes = sizes.map(sizeClass);
    expect(classes).toEqual([...classes].sort((a, b) => a - b));
    const octave = new Set(Array.from({ length: 4096 }, (_, i) => sizeClass(4097 + i)));
    expect([...octave]).toEqual([5120, 6144, 7168, 8192]);
  });
});

describe('pool', () => {
  test('hands out again what was given back, and counts', () => {
    const { memory, taken } = system();
    const pool = new Pool(memory);
    const first = pool.take(1000);
    expect(first.bytes).toBe(1024);
    expect(pool.stats()).toEqual({ bytes: 1024, idleBytes: 0, allocations: 1 });
    pool.give(first);
    expect(pool.stats()).toEqual({ bytes: 1024, idleBytes: 1024, allocations: 1 });
    expect(pool.take(900)).toBe(first);
    const second = pool.take(900);
    expect(second).not.toBe(first);
    expect(pool.stats()).toEqual({ bytes: 2048, idleBytes: 0, allocations: 2 });
    expect(taken.size).toBe(2);
  });

  test('takes the smallest larger buffer for memory that passes, when its own class has none', () => {
    const pool = new Pool(system().memory);
    const [small, large, larger] = [300, 3000, 30_000].map((bytes) => pool.take(bytes));
    for (const buffer of [large, larger, small]) pool.give(buffer);
    expect(pool.take(700)).toBe(large);
    expect(pool.take(300)).toBe(small);
    expect(pool.take(300)).toBe(larger);
    expect(pool.stats()).toMatchObject({ idleBytes: 0, allocations: 3 });
    pool.give(larger);
    expect(pool.take(30_000)).toBe(larger);
    expect(pool.take(300).bytes).toBe(320);
  });

  test('keeps memory that lasts apart, in its own class', () => {
    const pool = new Pool(system().memory);
    pool.give(pool.take(3000));
    const lasting = pool.take(300, 'lasting');
    expect(lasting.bytes).toBe(320);
    pool.give(lasting, 'lasting');
    expect(pool.take(300, 'passing')).not.toBe(lasting);
    expect(pool.take(200, 'lasting')).not.toBe(lasting);
    expect(pool.take(300, 'lasting')).toBe(lasting);
    pool.give(lasting, 'lasting');
    expect(pool.stats().idleBytes).toBe(320);
  });

  test('gives back to the system what goes beyond its cap', () => {
    const { memory, taken } = system();
    const pool = new Pool(memory, { cap: 2048 });
    const buffers = [1024, 1024, 1024].map((bytes) => pool.take(bytes));
    for (const buffer of buffers) pool.give(buffer);
    expect([...taken]).toEqual(buffers.slice(0, 2));
    expect(pool.stats()).toEqual({ bytes: 2048, idleBytes: 2048, allocations: 3 });
  });

  test('trims all that is idle and nothing else', () => {
    const { memory, taken } = system();
    const pool = new Pool(memory);
    const used = pool.take(500);
    pool.give(pool.take(5000));
    pool.give(pool.take(50, 'lasting'), 'lasting');
    pool.trim();
    expect([...taken]).toEqual([used]);
    expect(pool.stats()).toEqual({ bytes: 512, idleBytes: 0, allocations: 3 });
    expect(pool.take(5000).bytes).toBe(5120);
  });

  test('trims before it gives up', () => {
    const { memory, taken } = system(10_000);
    const pool = new Pool(memory);
    pool.give(pool.take(4096));
    const large = pool.take(8192);
    expect(large.bytes).toBe(8192);
    expect([...taken]).toEqual([large]);
    expect(() => pool.take(4096)).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
    expect(pool.stats()).toEqual({ bytes: 8192, idleBytes: 0, allocations: 2 });
  });
});
