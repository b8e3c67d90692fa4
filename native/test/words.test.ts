import { beforeEach, describe, expect, test } from 'vitest';
import { wordScanner } from '../loader/index.js';
import { needAddon, runProcess } from './built.js';

beforeEach((context) => {
  needAddon(context);
  if (wordScanner() === undefined) throw new Error('the addon is older than the scanner: run build:addon again');
});

describe('arrays that do not fit', () => {
  const length = 20;
  type Arguments = Parameters<NonNullable<ReturnType<typeof wordScanner>>['scanWords']>;

  /** What a call takes, over a table of nothing. */
  function valid(): Arguments {
    const text = new Uint8Array(length + 32).fill(0x61);
    text[length] = 0xff;
    const state = new Int32Array(15);
    state.set([0, length, 32 - 3, 1, 3, 5, 7, 9]);
    return [
      state,
      text,
      new Uint8Array(0x110000).fill(1),
      new Int32Array(64),
      new Int32Array(8),
      new Int32Array(length + 4),
      new Int32Array(2 * length),
    ];
  }

  const scan = (args: unknown[]) => wordScanner()!.scanWords(...(args as Arguments));
  const refusal = (args: unknown[]) => {
    try {
      scan(args);
    } catch (error) {
      return error as Error & { code: string; [key: symbol]: unknown };
    }
    throw new Error('nothing was thrown');
  };

  test('are what makes the difference: the others are scanned', () => {
    const args = valid();
    expect(scan(args)).toBe(1);
    expect([...args[0].subarray(8)]).toEqual([length, 0, 0, length, 0, length, 0]);
    expect(scan(args)).toBe(0);
    expect(scan(valid().slice(0, 6))).toBe(1);
  });

  const detached = <T extends ArrayBufferView>(array: T): T => {
    structuredClone(array, { transfer: [array.buffer as ArrayBuffer] });
    return array;
  };
  const names = [
    'the state',
    'the text',
    'the list of kinds',
    'the table of words',
    'the pool',
    'the list of ids',
    'the list of records',
  ];

  test.each(names.map((name, i) => [name, i] as const))(
    'are refused where %s is another type, or shared',
    (name, i) => {
      type Growable = new (bytes: number, options: { maxByteLength: number }) => SharedArrayBuffer;
      const growing = (size: number) => new (SharedArrayBuffer as Growable)(size, { maxByteLength: 1 << 22 });
      const shared = (array: Int32Array | Uint8Array) =>
        new (array.constructor as Int32ArrayConstructor)(growing(array.byteLength));
      for (const wrong of [
        undefined,
        null,
        1,
        'abc',
        {},
        [],
        new ArrayBuffer(8),
        new Float64Array(99),
        new Uint32Array(99),
        shared(valid()[i]!),
      ]) {
        const error = refusal(valid().with(i, wrong as never));
        expect(error.code).toBe('SCAN_ARGUMENT');
        expect(error[Symbol.for('gerbert.error')]).toBe(true);
        expect(error.message).toContain(`${name} must be a`);
      }
    },
  );

  test.each([0, 1, 2, 3, 5, 6])('are refused where the memory of number %i has been taken away', (i) => {
    const args = valid();
    args[3].set(knownWord(), 0);
    for (let entry = 0; entry < 64; entry += 8) args[3].set(knownWord(), entry);
    args[0][1] = 1;
    args[1][1] = 0xff;
    detached(args[i]!);
    expect(refusal(args).code).toBe('SCAN_ARGUMENT');
  });

  /** An entry of the word `a`, with one token. */
  const knownWord = () => [0x61, 0, 0, 0, 1 | (1 << 5) | (1 << 10), 42, 0, 0];

  test.each<[string, RegExp, (args: Arguments) => unknown]>([
    ['the state is too short', /state is too short/, (args) => (args[0] = args[0].subarray(1))],
    ['the text is longer than its memory', /ends too close/, (args) => (args[0][1] = length + 1)],
    ['the text has a negative length', /ends too close/, (args) => (args[0][1] = -1)],
    ['the rules are not known', /rules are not known/, (args) => (args[0][0] = 2)],
    ['the position is behind the text', /position lies outside/, (args) => (args[0][8] = length + 1)],
    ['the position is negative', /position lies outside/, (args) => (args[0][8] = -1)],
    ['the number of tokens is negative', /tokens is negative/, (args) => (args[0][9] = -1)],
    ['the kinds do not go far enough', /not those of all code points/, (args) => (args[2] = args[2].subarray(1))],
    ['the table has no room', /no power of two/, (args) => (args[3] = args[3].subarray(0, 0))],
    ['the table is of an odd size', /no power of two/, (args) => (args[3] = args[3].subarray(0, 24))],
    ['a character goes on behind the text', /not UTF-8/, (args) => args[1].set([0xf0, 0xff], length - 1)],
    ['a character is beyond all code points', /not UTF-8/, (args) => args[1].fill(0xff, 0, length)],
  ])('are refused where %s', (_, text, change) => {
    const args = valid();
    change(args);
    const error = refusal(args);
    expect(error.code).toBe('SCAN_ARGUMENT');
    expect(error.message).toMatch(text);
  });

  test.each<[string, RegExp, number, number]>([
    ['points before the pool', /outside the pool/, (1 << 30) | 1 | (1 << 5), -1],
    ['points behind the pool', /outside the pool/, (1 << 30) | 1 | (2 << 5), 7],
    ['has more tokens than there is room for', /no room for the tokens/, (1 << 30) | 1 | (2 << 5), 0],
    ['says that it holds more tokens than it can', /more tokens than there is room for/, 1 | (31 << 5), 0],
  ])('are refused where an entry %s', (_, text, packed, first) => {
    const args = valid();
    args[0][1] = 1;
    args[1][1] = 0xff;
    for (let entry = 0; entry < 64; entry += 8) args[3].set([0x61, 0, 0, 0, packed, first, 0, 0], entry);
    if (packed > 1 << 30 && first === 0) args[5] = args[5].subarray(0, 1);
    args.length = 6;
    const error = refusal(args);
    expect(error.code).toBe('SCAN_ARGUMENT');
    expect(error.message).toMatch(text);
  });

  test.each([
    [5, 2, /no room for the tokens/],
    [6, 1, /no room for the records/],
  ] as const)('are refused where there is no room in number %i', (i, room, text) => {
    const args = valid();
    args[0][1] = 1;
    args[1][1] = 0xff;
    for (let entry = 0; entry < 64; entry += 8) args[3].set(knownWord(), entry);
    expect(scan([...args])).toBe(0);
    args[0].fill(0, 8);
    args[i] = args[i]!.subarray(0, room);
    expect(refusal(args).message).toMatch(text);
  });

  test('are refused where white space behind a space goes on with what is none', () => {
    const args = valid();
    args[1].set([0x20, 0xe3, 0x80, 0x80]);
    args[2][0x3000] = 4;
    expect(refusal(args).message).toMatch(/kinds are not those of the rules/);
  });

  test('and numbers at random are refused or computed, and never crash', () => {
    for (const seed of ['1', '2', '3']) {
      const { passed, codes } = runProcess('words.mjs', [seed, '20000']) as {
        passed: number;
        codes: Record<string, number>;
      };
      expect(Object.keys(codes)).toEqual(['SCAN_ARGUMENT']);
      expect(passed).toBeGreaterThan(2000);
      expect(passed + codes.SCAN_ARGUMENT).toBe(20000);
    }
  });
});
