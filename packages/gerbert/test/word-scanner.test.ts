import { loadCpu, wordScanner } from '@gerbert/native';
import { bertTokenizer, gpt2Tokenizer, type Tokenizer, useWordScanner } from '@gerbert/tokenizer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** Every byte as a token, spelt as GPT-2 does (Radford et al. 2019, encoder.py). */
function byteTokens(): string[] {
  let shifted = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCharCode(printable ? byte : shifted++);
  });
}

const merges = ['h e', 'l l', 'he ll', 'hell o', 'Ġ w', 'Ã ©', 'ð Ł', 'a b', 'b a', 'ab ab', "' s", 'Ġ Ġ', 'â Ģ'].map(
  (line) => line.split(' ') as [string, string],
);
const bytes = [...byteTokens(), ...merges.map((pair) => pair.join(''))];
const letters = [
  ...'abcdefghijklmnopqrstuvwxyzABCéÉàßıσ京都हिन्दी각\u1100\u1161',
  '.',
  ',',
  "'",
  '=',
  '`',
  '😀',
  '##\u0301',
];
const pieces = [
  '[UNK]',
  '[CLS]',
  '[SEP]',
  ...letters,
  ...letters.map((letter) => `##${letter}`),
  'the',
  '##ing',
  '##llo',
];

/** How to make each kind of tokenizer that a scanner can help. */
const makers: Record<string, () => Tokenizer> = {
  'GPT-2': () => gpt2Tokenizer({ vocab: bytes, merges }),
  'GPT-2 with a space in front': () => gpt2Tokenizer({ vocab: bytes, merges, addPrefixSpace: true }),
  BERT: () => bertTokenizer({ vocab: pieces, maxInputCharsPerWord: 20 }),
  'cased BERT': () => bertTokenizer({ vocab: pieces, lowercase: false }),
  'BERT without cleaning': () => bertTokenizer({ vocab: pieces, cleanText: false, handleChineseChars: false }),
};

/** The same tokenizer twice: in TypeScript alone, and with the addon's scanner. */
function both(make: () => Tokenizer): [alone: Tokenizer, scanned: Tokenizer] {
  useWordScanner();
  const alone = make();
  let asked = 0;
  useWordScanner(() => {
    asked++;
    return wordScanner();
  });
  const scanned = make();
  if (asked !== 1) throw new Error('the scanner was not asked for');
  return [alone, scanned];
}

function fieldsOf(tokenizer: Tokenizer, text: string) {
  const { ids, offsets, wordIds } = tokenizer.encode(text, { addSpecialTokens: false });
  return { ids: [...ids], offsets, wordIds };
}

function expectSame([alone, scanned]: [Tokenizer, Tokenizer], text: string): void {
  expect([...scanned.encodeIds(text)]).toEqual([...alone.encodeIds(text)]);
  expect(fieldsOf(scanned, text)).toEqual(fieldsOf(alone, text));
}

let seed = 7;
/** An integer below `limit`, the same ones in every run (a linear congruential generator: Numerical Recipes, ch. 7). */
function below(limit: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * limit);
}

const hardParts: readonly (() => string)[] = [
  ...[' ', '  ', '\n', '\t ', '\u3000', ' \u00a0', '\u2028', '\u0085', '\u200b', '\0', '\ufffd', '\ufeff'],
  ...["'s", "'ll", "'re", "'", "''", "'l", "'v", '.', '...', '=', '12', '½', '٣'],
  ...['hello', ' w', 'é', 'E\u0301', '京都', ' 京', '각', '\u1100\u1161', '😀', ' 😀', '\u{1d15e}', '\u{2f81a}'],
  ...['\ud800', '\udc00', '\ud83d', 'x\udfff'],
].map((text) => () => text);
/** Around the eight and sixteen bytes that are looked at together, and any units at all. */
const longParts = [
  () => 'abcdefgh'.repeat(5).slice(0, 1 + below(40)),
  () => ' abcdefgh'.repeat(2).slice(0, 1 + below(18)),
  () => 'ié'.repeat(1 + below(9)),
  () => String.fromCharCode(below(0x10000), below(0x10000), below(0x100)),
];

function hardText(): string {
  const parts = Array.from({ length: below(40) }, () => {
    const list = below(3) === 0 ? longParts : hardParts;
    return list[below(list.length)]();
  });
  return parts.join('');
}

beforeEach((context) => {
  const cpu = loadCpu();
  // Without an addon there is nothing to compare.
  if (!cpu.available) context.skip(cpu.reason);
  else if (wordScanner() === undefined) throw new Error('the addon is older than the scanner: run build:addon again');
});

afterEach(() => useWordScanner());

describe.each(Object.entries(makers))('%s', (name, make) => {
  test('gives the same of code points from all planes, alone and among letters', () => {
    const pair = both(make);
    // All that differ in how they are written; where they do not, both look them up in one table. BERT's are slow to learn.
    const step = (code: number) => (code < 0x3400 ? 1 : name.includes('BERT') ? 101 : 11);
    let text = '';
    for (let code = 0; code < 0x110000; code += step(code)) {
      const character = String.fromCodePoint(code);
      text += `${character} a${character}b ${code % 7 === 0 ? ' ' : ''}`;
      if (text.length < 4000 && code < 0x10fff0) continue;
      const [alone, scanned] = pair.map((tokenizer) => fieldsOf(tokenizer, text));
      // Deep equality of a million tokens would take minutes.
      if (JSON.stringify(scanned) !== JSON.stringify(alone)) expect(scanned).toEqual(alone);
      text = '';
    }
  });

  test('gives the same of what is hard to divide, with nothing known before and with all of it', () => {
    for (let run = 0; run < 150; run++) {
      const pair = both(make);
      const texts = [hardText(), hardText()];
      for (const text of [...texts, ...texts]) expectSame(pair, text);
    }
  });

  test('gives the same while the table grows, is full, and forgets', () => {
    const pair = both(make);
    const words = (from: number, to: number) =>
      Array.from(
        { length: to - from },
        (_, i) => (i % 3 ? 'a' : 'é') + (from + i).toString(36).replace(/\d/g, 'b'),
      ).join(' ');
    for (const text of [words(0, 3000), words(0, 300_000), words(150_000, 250_000), words(0, 3000)]) {
      const [alone, scanned] = pair.map((tokenizer) => tokenizer.encodeIds(text));
      expect(Buffer.compare(Buffer.from(scanned.buffer), Buffer.from(alone.buffer))).toBe(0);
    }
  });

  test('gives the same of long texts, empty ones, and those of one character', () => {
    const pair = both(make);
    for (const text of [
      '',
      ' ',
      'a',
      'é',
      '😀',
      '\ud800',
      "'",
      'a'.repeat(70_000),
      ' '.repeat(300_000),
      'ab é '.repeat(60_000),
    ]) {
      expectSame(pair, text);
    }
  });
});
