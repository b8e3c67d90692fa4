import { afterEach, expect, test } from 'vitest';
import { scanGpt2Bytes } from '../src/fast/gpt2-bytes.js';
import { Utf8Buffer } from '../src/fast/utf8-buffer.js';
import {
  SCAN_DONE,
  SCAN_FROM,
  SCAN_LENGTH,
  SCAN_POSITION,
  SCAN_TO,
  SCAN_UNIT,
  SCAN_WORD,
  SCAN_WORD_UNIT,
} from '../src/fast/word-scanner.js';
import { gpt2Tokenizer, useWordScanner, type WordScanner } from '../src/index.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';

afterEach(() => useWordScanner());

const make = () =>
  gpt2Tokenizer({
    vocab: [...byteAlphabet(), 'he', 'll'],
    merges: ['h e', 'l l'].map((line) => line.split(' ') as [string, string]),
  });

/** Knows no word, and finds them by the TypeScript it stands in for. @gerbert/native has the other kind. */
class Forgetful implements WordScanner {
  calls = 0;

  scanWords(state: Int32Array, bytes: Uint8Array): number {
    this.calls++;
    const from = state[SCAN_POSITION];
    const rest = new Utf8Buffer();
    rest.load(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, state[SCAN_LENGTH])));
    if (rest.length === 0) return SCAN_DONE;
    const bounds = new Int32Array(2 * rest.length + 2);
    scanGpt2Bytes(rest, bounds);
    const to = from + bounds[1];
    state[SCAN_FROM] = from;
    state[SCAN_TO] = to;
    state[SCAN_WORD_UNIT] = state[SCAN_UNIT];
    state[SCAN_UNIT] += new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to)).length;
    state[SCAN_POSITION] = to;
    return SCAN_WORD;
  }
}

test('a scanner finds the words, and what it does not know is found out for it', () => {
  const plain = make();
  const scanner = new Forgetful();
  useWordScanner(() => scanner);
  const scanned = make();
  for (const text of [
    "hello  hello, it's 12 é 😀\ud800 \u3000 fin\n",
    '',
    'a word of more than sixteen bytes: incomprehensibilities',
  ]) {
    expect([...scanned.encodeIds(text)]).toEqual([...plain.encodeIds(text)]);
    expect(scanned.encode(text).offsets).toEqual(plain.encode(text).offsets);
    expect(scanned.encode(text).wordIds).toEqual(plain.encode(text).wordIds);
  }
  expect(scanner.calls).toBeGreaterThan(30);
});

test('it is asked for once, when it is first needed, and is nothing to tokenizers that are there already', () => {
  const before = make();
  const scanner = new Forgetful();
  let asked = 0;
  useWordScanner(() => {
    asked++;
    return scanner;
  });
  before.encodeIds('hello');
  expect([asked, scanner.calls]).toEqual([0, 0]);
  const after = [make(), make()];
  expect(asked).toBe(1);
  useWordScanner();
  make().encodeIds('hello');
  expect(scanner.calls).toBe(0);
  for (const tokenizer of after) tokenizer.encodeIds('hello');
  expect(scanner.calls).toBe(4);
});

test('where there is none, and where most words would be too long for it, it is done without', () => {
  useWordScanner(() => undefined);
  expect([...make().encodeIds('hell')]).toEqual([256, 257]);
  const scanner = new Forgetful();
  useWordScanner(() => scanner);
  expect(make().encodeIds('京都大阪神戸').length).toBe(18);
  expect(scanner.calls).toBe(0);
});

test('what is no scanner is refused', () => {
  for (const wrong of [5, {}, new Forgetful(), null]) {
    expect(() => useWordScanner(wrong as never)).toThrowError(
      expect.objectContaining({ code: 'TOKENIZER_OPTION_INVALID' }),
    );
  }
  useWordScanner(() => ({}) as never);
  expect(make).toThrowError(expect.objectContaining({ code: 'TOKENIZER_OPTION_INVALID' }));
});
