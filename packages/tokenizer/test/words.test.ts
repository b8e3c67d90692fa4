import { expect, test, vi } from 'vitest';
import { gpt2Tokenizer } from '../src/index.js';
import { Bpe } from '../src/models/bpe.js';
import { seededRandom } from '../src/models/bpe-dropout.js';
import { TokenSink } from '../src/models/model.js';
import { Vocabulary } from '../src/models/vocabulary.js';
import { WordCache } from '../src/models/word-cache.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';
import { IntList } from '../src/text/int-list.js';

const MULTIPLIER = 0x01000193;

/** Different words of three units for which multiplying step by step, from `MULTIPLIER` on, gives the same hash. */
function wordsOfEqualHash(count: number): string[] {
  const step = (hash: number, unit: number): number => Math.imul(hash ^ unit, MULTIPLIER);
  const byHigh = new Map<number, [start: string, hash: number]>();
  const words: string[] = [];
  let wanted = -1;
  for (let k = 0; words.length < count; k++) {
    const start = String.fromCharCode(0x4e00 + (k % 20_000), 0x100 + Math.floor(k / 20_000));
    const hash = step(step(MULTIPLIER, start.charCodeAt(0)), start.charCodeAt(1));
    if (wanted < 0) wanted = hash >>> 16;
    if (hash >>> 16 !== wanted) continue;
    // The last unit makes up for what differs in the low bits.
    const [, first] = byHigh.get(wanted) ?? ['', hash];
    byHigh.set(wanted, [start, first]);
    words.push(start + String.fromCharCode((hash ^ first ^ 0x4e00) & 0xffff));
  }
  return words;
}

test('words of equal hash are told apart, and few of them are kept', () => {
  // What the cache draws its multiplier from.
  const random = vi.spyOn(Math, 'random').mockReturnValue(MULTIPLIER / 0x100000000);
  const cache = new WordCache();
  random.mockRestore();
  const words = wordsOfEqualHash(60);
  expect(new Set(words).size).toBe(60);
  const [ids, ends, sink] = [new IntList(), new IntList(), new TokenSink()];
  words.forEach((word, i) => {
    ids.length = 0;
    ends.length = 0;
    ids.push(i);
    ends.push(3);
    expect(cache.find(word, 0, 3, sink)).toBe(false);
    cache.add(word, 0, 3, { ids, ends });
    sink.clear();
    expect(cache.find(word, 0, 3, sink)).toBe(true);
    expect([...sink.ids.toArray()]).toEqual([i]);
    sink.clear();
  });
  const found = words.filter((word) => cache.find(word, 0, 3, sink)).length;
  expect(found).toBeGreaterThan(4);
  expect(found).toBeLessThan(40);
});

test('between added tokens, memory is taken for what is there, not for the whole text again', () => {
  const tokenizer = gpt2Tokenizer({ vocab: byteAlphabet(), merges: [], addPrefixSpace: true });
  tokenizer.addTokens(['llo']);
  tokenizer.encodeIds('he');
  let units = 0;
  const counted = new Proxy(Uint16Array, {
    construct(target, parameters) {
      if (typeof parameters[0] === 'number') units += parameters[0];
      return Reflect.construct(target, parameters);
    },
  });
  vi.stubGlobal('Uint16Array', counted);
  const length = 2000;
  try {
    expect(tokenizer.encodeIds('hello'.repeat(length)).length).toBe(4 * length);
  } finally {
    vi.unstubAllGlobals();
  }
  expect(units).toBeGreaterThan(0);
  expect(units).toBeLessThan(100 * length);
});

test('words of bytes that are tokens, though merges do not make them, are found before and after there is a filter', () => {
  const alphabet = byteAlphabet();
  const tokens = [...alphabet, 'ab', 'abc', 'bca', 'Ã©a', 'cabcab'];
  const vocabulary = new Vocabulary(new Map(tokens.map((token, id) => [token, id])));
  const model = new Bpe({ vocabulary, merges: [['a', 'b']], ignoreMerges: true });
  const [given, wanted] = [new TokenSink(), new TokenSink()];
  const letters = new TextEncoder().encode('abcé');
  const random = seededRandom(1);
  let whole = 0;
  for (let i = 0; i < 10_000; i++) {
    const bytes = Uint8Array.from({ length: 2 + (i % 6) }, () => letters[Math.floor(random() * 5)]);
    const text = Array.from(bytes, (byte) => alphabet[byte]).join('');
    given.clear();
    wanted.clear();
    model.encodeBytes(bytes, 0, bytes.length, given);
    model.tokenize(text, 0, text.length, wanted);
    expect(given.ids.toArray()).toEqual(wanted.ids.toArray());
    expect(given.ends.toArray()).toEqual(wanted.ends.toArray());
    if (given.ids.length === 1 && i > 5000 && bytes.length > 2) whole++;
  }
  expect(whole).toBeGreaterThan(10);
  const long = new Uint8Array(1000).fill(0x61);
  given.clear();
  model.encodeBytes(long, 0, 1000, given);
  expect(given.ids.length).toBe(1000);
});
