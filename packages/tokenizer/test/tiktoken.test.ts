import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { writeTiktokenRanks } from '../src/formats/tiktoken-ranks.js';
import { type TiktokenEncoding, Tokenizer, TokenizerError, tiktokenTokenizer } from '../src/index.js';
import type { Bpe } from '../src/models/bpe.js';
import { dataPath, golden } from './goldens.js';

interface Tiktoken {
  ranks: string;
  texts: string[];
  encodings: Record<
    string,
    { file: string; learnt: number[][]; ordinary: number[][]; decoded: string[]; official: number[][] }
  >;
}

const { ranks, texts, encodings } = golden<Tiktoken>('tiktoken-goldens');
const rows = Object.entries(encodings) as [TiktokenEncoding, Tiktoken['encodings'][string]][];

describe.each(rows)('%s', (encoding, { file, learnt, ordinary, decoded, official }) => {
  const tokenizer = tiktokenTokenizer({ ranks, encoding });

  test('gives the ids and texts of tiktoken over ranks that were learnt', () => {
    texts.forEach((text, i) => {
      expect([...tokenizer.encodeIds(text)], JSON.stringify(text)).toEqual(learnt[i]);
      expect([...tokenizer.encode(text).ids], JSON.stringify(text)).toEqual(learnt[i]);
      expect(tokenizer.decode(learnt[i].slice(1), { skipSpecialTokens: false })).toBe(decoded[i]);
    });
  });

  test('takes special tokens for text where that is asked for', () => {
    ordinary.forEach((ids, i) => {
      expect([...tokenizer.encodeIds(texts[i], { encodeSpecialTokens: true })], texts[i]).toEqual(ids);
    });
  });

  test('is the same after it was written as tokenizer.json', () => {
    const again = Tokenizer.fromJSON(JSON.stringify(tokenizer));
    texts.forEach((text, i) => {
      expect([...again.encodeIds(text)], JSON.stringify(text)).toEqual(learnt[i]);
    });
    expect(again.toJSON()).toEqual(tokenizer.toJSON());
  });

  // The encodings that are not called base share the ranks of one that is.
  if (!encoding.endsWith('_base')) return;
  test("gives tiktoken's ids over its own ranks", { timeout: 30_000 }, (ctx) => {
    const path = dataPath(`vocab/tiktoken/${file}.tiktoken`);
    if (path === undefined) return ctx.skip(`vocab/tiktoken/${file}.tiktoken is not in the data folder (GERBERT_DATA)`);
    const full = tiktokenTokenizer({ ranks: readFileSync(path), encoding });
    official.forEach((ids, i) => {
      expect([...full.encodeIds(texts[i])], JSON.stringify(texts[i])).toEqual(ids);
    });
  });
});

test('ranks are written as they were read', () => {
  const tokenizer = tiktokenTokenizer({ ranks, pattern: String.raw`\S+|\s+` });
  const model = tokenizer.model as Bpe;
  const rankOf = (line: string): number => Number(line.split(' ')[1]);
  const inOrder = ranks
    .trim()
    .split('\n')
    .sort((a, b) => rankOf(a) - rankOf(b));
  expect(writeTiktokenRanks(model.vocabulary.entries(), model.merges, true)).toBe(`${inOrder.join('\n')}\n`);
  expect(() => writeTiktokenRanks(model.vocabulary.entries(), model.merges, false)).toThrow(TokenizerError);
  expect(() => writeTiktokenRanks(model.vocabulary.entries(), model.merges.slice(1), true)).toThrow(TokenizerError);
});

test('a pattern of one’s own drops what it does not match', () => {
  const tokenizer = tiktokenTokenizer({ ranks, pattern: '[a-z]+', specialTokens: [['[END]', 5000]] });
  expect(tokenizer.decode(tokenizer.encodeIds('ab 12 cd[END]e'), { skipSpecialTokens: false })).toBe('abcd[END]e');
  expect(tokenizer.tokenToId('[END]')).toBe(5000);
});

test('a carriage return before the end of a line, and empty lines, are nothing', () => {
  const given = tiktokenTokenizer({
    ranks: new TextEncoder().encode(`\n${ranks.replaceAll('\n', '\r\n')}\r\n`),
    encoding: 'r50k_base',
  });
  expect([...given.encodeIds('the other')]).toEqual([
    ...tiktokenTokenizer({ ranks, encoding: 'r50k_base' }).encodeIds('the other'),
  ]);
});

describe('what is refused', () => {
  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof TokenizerError) return `${error.code} ${error.message}`;
      throw error;
    }
    throw new Error('it was taken');
  };
  const lines = ranks.split('\n');

  test.each([
    ['IQ=', 'line 3: expected a token in base64'],
    ['IQ==', 'line 3: expected'],
    ['IQ==  7', 'line 3: expected'],
    ['IQ== 7 8', 'line 3: expected'],
    ['IQ== -7', 'line 3: expected'],
    ['IQ== 1.5', 'line 3: expected'],
    ['IQ== 99999999999', 'line 3: expected'],
    ['I*== 7', 'line 3: expected'],
    [' 7', 'line 3: expected'],
    ['==== 7', 'line 3: expected'],
    [lines[0], 'line 3: the token is the one of line 1'],
    [`YWFhYWFhYWFi ${lines[0].split(' ')[1]}`, 'line 3: the rank 0 is that of line 1'],
    ['', 'no token is the byte'],
  ])('%j in a file of ranks', (line, words) => {
    const broken = [...lines.slice(0, 2), line, ...lines.slice(3)].join('\n');
    const message = refusal(() => tiktokenTokenizer({ ranks: broken, encoding: 'r50k_base' }));
    expect(message).toMatch(/^TOKENIZER_FILE_MALFORMED/);
    expect(message).toContain(words);
  });

  test.each<[object, string]>([
    [{}, 'either encoding or pattern'],
    [{ encoding: 'r50k_base', pattern: 'a' }, 'either encoding or pattern'],
    [{ encoding: 'r60k_base' }, 'r50k_base'],
    [{ pattern: '.', specialTokens: [['<x>', -1]] }, 'the id of the special token "<x>"'],
    [{ pattern: '.', specialTokens: [['a', 9000]] }, '"a" cannot be a special token'],
    [{ pattern: '.', specialToken: [] }, 'specialTokens'],
  ])('%j', (options, words) => {
    const message = refusal(() => tiktokenTokenizer({ ranks, ...options }));
    expect(message).toMatch(/^TOKENIZER_OPTION_/);
    expect(message).toContain(words);
  });

  test('a special token with the id of another token', () => {
    expect(refusal(() => tiktokenTokenizer({ ranks, pattern: '.', specialTokens: [['<x>', 3]] }))).toContain(
      'share the id 3',
    );
  });
});
