import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Bpe } from '../src/models/bpe.js';
import { BpeMerges, type Symbols } from '../src/models/bpe-merges.js';
import { HeapMerges } from '../src/models/heap-merges.js';
import { LongMerges } from '../src/models/long-merges.js';
import { MergeTable, NO_RANK } from '../src/models/merge-table.js';
import { MergeWindow } from '../src/models/merge-window.js';
import { TokenSink } from '../src/models/model.js';
import { Vocabulary } from '../src/models/vocabulary.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';
import { IntList } from '../src/text/int-list.js';
import { dataPath } from './goldens.js';

type Rule = readonly [left: number, right: number, result: number];

function symbolsOf(ids: readonly number[]): Symbols {
  const symbols = { ids: new IntList(), ends: new IntList() };
  ids.forEach((id, i) => {
    symbols.ids.push(id);
    // Ends that differ from places.
    symbols.ends.push(2 * i + 3);
  });
  return symbols;
}

function listed({ ids, ends }: Symbols): number[][] {
  return [[...ids.toArray()], [...ends.toArray()]];
}

function tableOf(rules: readonly Rule[]): MergeTable {
  const table = new MergeTable(1);
  rules.forEach((rule, rank) => {
    table.add(...rule, rank);
  });
  return table;
}

function mergesOf(rules: readonly Rule[]): BpeMerges {
  const merges = new BpeMerges(1);
  rules.forEach((rule, rank) => {
    merges.add(...rule, rank);
  });
  return merges;
}

/** As the definition says it: the pair of lowest rank, leftmost of equals, until there is none. */
function byDefinition(rules: readonly Rule[], given: readonly number[]): number[][] {
  const ids = [...given];
  const ends = ids.map((_, i) => 2 * i + 3);
  const ranks = new Map(rules.map(([left, right], rank) => [`${left} ${right}`, rank]));
  for (;;) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < ids.length; i++) {
      const rank = ranks.get(`${ids[i]} ${ids[i + 1]}`) ?? Number.POSITIVE_INFINITY;
      if (rank < least) [best, least] = [i, rank];
    }
    if (best < 0) return [ids, ends];
    ids.splice(best, 2, rules[least][2]);
    ends.splice(best, 1);
  }
}

/** Rules as training makes them: of two tokens that are there, a new one. */
const learnt = (letters: number) =>
  fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }).map((picks) => {
    const rules: Rule[] = [];
    picks.forEach(([a, b]) => {
      const result = letters + rules.length;
      // Tokens made of late are likelier, as those are what makes merges reach far.
      const pick = (k: number): number => (k & 1 ? result - 1 - (k % Math.min(result, 4)) : k % result);
      const [left, right] = [pick(a), pick(b)];
      if (!rules.some((rule) => rule[0] === left && rule[1] === right)) rules.push([left, right, result]);
    });
    return rules;
  });

/** Any rules, also such as make what earlier ones use, or the same as others. */
const wild = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.nat(9)), { maxLength: 25 });

/**
 * Rules by which a letter would rather merge with the next one than with the one before, mostly: what a word becomes hangs on
 * letters far behind. Words have those letters in a row, over and over, with some left out.
 */
const chains = fc
  .record({
    letters: fc.integer({ min: 2, max: 300 }),
    swaps: fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { maxLength: 6 }),
    more: fc.array(fc.tuple(fc.nat(600), fc.nat(600)), { maxLength: 30 }),
    length: fc.integer({ min: 0, max: 1500 }),
    skipped: fc.array(fc.nat(1500), { maxLength: 4 }),
  })
  .map(({ letters, swaps, more, length, skipped }) => {
    const rules = Array.from({ length: letters }, (_, i): Rule => [letters - 1 - i, (letters - i) % letters, 1000 + i]);
    for (const [a, b] of swaps) [rules[a % letters], rules[b % letters]] = [rules[b % letters], rules[a % letters]];
    for (const [a, b] of more) rules.push([1000 + (a % letters), 1000 + (b % letters), 2000 + (a % 50)]);
    const ids: number[] = [];
    for (let letter = 0; ids.length < length; letter++) if (!skipped.includes(letter)) ids.push(letter % letters);
    return { rules, ids };
  });

/** Words: periods over and over with a little disorder, or no order at all. */
const words = (letters: number, most: number) =>
  fc
    .record({
      period: fc.array(fc.nat(letters - 1), { minLength: 1, maxLength: 24 }),
      length: fc.integer({ min: 0, max: most }),
      spoilt: fc.array(fc.tuple(fc.nat(most), fc.nat(letters - 1)), { maxLength: 4 }),
    })
    .map(({ period, length, spoilt }) => {
      const ids = Array.from({ length }, (_, i) => period[i % period.length]);
      for (const [at, id] of spoilt) if (at < length) ids[at] = id;
      return ids;
    });

test.each([
  ['one by one', (rules: readonly Rule[]): MergeTable => tableOf(rules)],
  [
    'at once',
    (rules: readonly Rule[]): MergeTable => {
      const table = new MergeTable(1);
      table.addAll(Int32Array.from(rules.flat()));
      return table;
    },
  ],
])('a table of merges knows what it was told %s, and nothing else', (_, make) => {
  const rules = Array.from({ length: 3000 }, (_, i): Rule => [i % 60, (i * 7919) % 3001, i + 1]);
  rules.push([rules[5][0], rules[5][1], 99]);
  const table = make(rules);
  expect(table.ranks).toBe(3001);
  rules.forEach(([left, right], i) => {
    const wanted = i === 5 ? 3000 : i;
    expect(table.rank(left, right)).toBe(wanted);
    expect(table.key(left, right)).toBe(wanted * 512);
    expect(table.result(wanted)).toBe(wanted === 3000 ? 99 : i + 1);
    expect(table.rank(left + 1, right)).toBe(NO_RANK);
    expect(table.key(left + 1, right)).toBe(NO_RANK);
  });
});

test('windows and the heap merge as the definition says', () => {
  fc.assert(
    fc.property(fc.oneof(learnt(3), wild), words(4, 90), (rules, ids) => {
      const wanted = byDefinition(rules, ids);
      const merged = symbolsOf(ids);
      mergesOf(rules).apply(merged);
      expect(listed(merged)).toEqual(wanted);
      const byHeap = symbolsOf(ids);
      new HeapMerges(tableOf(rules)).merge(byHeap);
      expect(listed(byHeap)).toEqual(wanted);
    }),
    { numRuns: 2000 },
  );
});

test('long words are merged as by the heap', () => {
  const cases = fc.record({ rules: fc.oneof(learnt(2), learnt(4), wild), ids: words(4, 1500) });
  fc.assert(
    fc.property(fc.oneof(cases, chains), ({ rules, ids }) => {
      const wanted = symbolsOf(ids);
      new HeapMerges(tableOf(rules)).merge(wanted);
      const merged = symbolsOf(ids);
      mergesOf(rules).apply(merged);
      expect(listed(merged)).toEqual(listed(wanted));
    }),
    { numRuns: 1000 },
  );
});

test('every period of few letters, by rules that make runs', () => {
  const rules: Rule[] = [
    [0, 0, 2],
    [0, 1, 3],
    [2, 2, 4],
    [2, 0, 5],
    [3, 3, 6],
    [1, 2, 7],
    [6, 6, 8],
    [4, 4, 9],
    [7, 3, 10],
  ];
  const table = tableOf(rules);
  const long = new LongMerges(new MergeWindow(table));
  const heap = new HeapMerges(table);
  let windows = 0;
  for (let length = 1; length <= 9; length++) {
    for (let bits = 0; bits < 1 << length; bits++) {
      const ids = Array.from({ length: 700 + length }, (_, i) => (bits >> (i % length)) & 1);
      const wanted = symbolsOf(ids);
      heap.merge(wanted);
      const merged = symbolsOf(ids);
      if (long.merge(merged)) windows++;
      else heap.merge(merged);
      expect(merged.ids.length).toBe(wanted.ids.length);
      expect(listed(merged)).toEqual(listed(wanted));
    }
  }
  expect(windows).toBe(1022);
});

test.each([
  ['one letter', (): number => 0],
  ['letters in turn', (i: number): number => i & 1],
  ['letters in disorder', (i: number): number => (Math.imul(i * i + 1, 0x9e3779b1) >>> 30) & 1],
])('a long word takes steps in proportion to its length: %s', (_, letter) => {
  const rules: Rule[] = [
    [0, 0, 2],
    [2, 2, 3],
    [3, 3, 4],
    [0, 1, 5],
    [5, 5, 6],
    [1, 1, 7],
    [7, 6, 8],
  ];
  const heap = vi.spyOn(HeapMerges.prototype, 'merge');
  const rank = vi.spyOn(MergeTable.prototype, 'key');
  const steps = (n: number): number => {
    const merges = mergesOf(rules);
    rank.mockClear();
    merges.apply(symbolsOf(Array.from({ length: n }, (_, i) => letter(i))));
    return rank.mock.calls.length / n;
  };
  try {
    expect(steps(20_000)).toBeLessThan(4);
    expect(steps(40_000)).toBeLessThan(4);
    expect(heap).not.toHaveBeenCalled();
  } finally {
    heap.mockRestore();
    rank.mockRestore();
  }
});

test('where merges reach further than any window, the heap merges', () => {
  // Each letter would rather merge with the next than with the one before: the end decides about the beginning.
  const letters = 3000;
  const rules: Rule[] = Array.from({ length: letters - 1 }, (_, rank) => {
    const left = letters - 2 - rank;
    return [left, left + 1, letters + left];
  });
  for (const n of [letters - 1, letters]) {
    const merged = symbolsOf(Array.from({ length: n }, (_, i) => i));
    const heap = vi.spyOn(HeapMerges.prototype, 'merge');
    mergesOf(rules).apply(merged);
    // Windows of even length agree with each other.
    expect(heap).toHaveBeenCalledTimes(n % 2);
    heap.mockRestore();
    expect(merged.ids.data[0]).toBe(n % 2 === 0 ? letters : 0);
  }
});

test('bytes become what their characters become', () => {
  const merges = ['h e', 'l l', 'he ll', 'a a', 'aa aa', 'Ã ©'].map((line) => line.split(' ') as [string, string]);
  const tokens = [...merges.map((pair) => pair.join('')), ...byteAlphabet()];
  const vocabulary = new Vocabulary(new Map(tokens.map((token, id) => [token, id])));
  const model = new Bpe({ vocabulary, merges });
  const alphabet = byteAlphabet();
  const byte = fc.oneof(fc.constantFrom(...[...'helaé'].flatMap((c) => [...new TextEncoder().encode(c)])), fc.nat(255));
  fc.assert(
    fc.property(fc.array(byte, { minLength: 1, maxLength: 400, size: 'max' }), (bytes) => {
      const [given, wanted] = [new TokenSink(), new TokenSink()];
      model.encodeBytes(Uint8Array.from([9, ...bytes]), 1, bytes.length + 1, given);
      const text = bytes.map((value) => alphabet[value]).join('');
      model.tokenize(text, 0, text.length, wanted);
      for (const column of ['ids', 'starts', 'ends'] as const) {
        expect(given[column].toArray()).toEqual(wanted[column].toArray());
      }
    }),
    { numRuns: 300 },
  );
});

test("GPT-2's merges on long words", (ctx) => {
  const file = dataPath('vocab/gpt2/tokenizer.json');
  if (file === undefined) return ctx.skip('GPT-2 is not in the data folder (GERBERT_DATA)');
  const { model } = JSON.parse(readFileSync(file, 'utf8'));
  const ids = new Map(Object.entries(model.vocab as Record<string, number>));
  const rules = (model.merges as (string | [string, string])[]).map((merge): Rule => {
    const [left, right] = typeof merge === 'string' ? merge.split(' ') : merge;
    return [ids.get(left)!, ids.get(right)!, ids.get(left + right)!];
  });
  const table = tableOf(rules);
  const long = new LongMerges(new MergeWindow(table));
  const heap = new HeapMerges(table);
  const alphabet = byteAlphabet();
  const unit = fc.constantFrom(
    'abcdefghijklmnopqrstuvwxyz',
    '0123456789',
    'éèàùç',
    'the of and ing tion',
    '京都日本',
    '-=*#',
  );
  fc.assert(
    fc.property(unit, fc.array(fc.nat(), { minLength: 1, maxLength: 60, size: 'max' }), (characters, picks) => {
      const period = picks.map((pick) => characters[pick % characters.length]).join('');
      const bytes = new TextEncoder().encode(period.repeat(1 + 1200 / period.length));
      const given = Array.from(bytes, (byte) => ids.get(alphabet[byte])!);
      const [wanted, merged] = [symbolsOf(given), symbolsOf(given)];
      heap.merge(wanted);
      expect(long.merge(merged)).toBe(true);
      expect(listed(merged)).toEqual(listed(wanted));
    }),
    { numRuns: 300 },
  );
});
