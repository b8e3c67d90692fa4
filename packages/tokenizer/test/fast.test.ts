import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AddedToken } from '../src/added-tokens/added-token.js';
import { AddedVocabulary } from '../src/added-tokens/added-vocabulary.js';
import { fastEncoderOf } from '../src/fast/fast-encoder-of.js';
import { LongWords } from '../src/fast/long-words.js';
import { WordTable } from '../src/fast/word-table.js';
import { bertTokenizer, gpt2Tokenizer, Tokenizer } from '../src/index.js';
import { TokenSink } from '../src/models/model.js';
import { TextPipeline } from '../src/pipeline.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';
import { dataPath } from './goldens.js';

const merges = ['h e', 'l l', 'he ll', 'hell o', 'Ġ w', 'Ã ©', 'ð Ł', 'a b', 'b a', 'ab ab', "' s", 'Ġ Ġ', 'â Ģ'].map(
  (line) => line.split(' ') as [string, string],
);
const vocab = [...byteAlphabet(), ...merges.map((pair) => pair.join('')), '<|endoftext|>'];
const small = gpt2Tokenizer({ vocab, merges });
const prefixed = gpt2Tokenizer({ vocab, merges, addPrefixSpace: true });
const added = gpt2Tokenizer({ vocab, merges });
added.addTokens(['llo', { content: 'ab', lstrip: true, rstrip: true }, { content: '\ufffd', normalized: false }]);

/** Divided by a pattern, as models after GPT-2 are. */
const split = (pattern: string): Tokenizer => {
  const json = small.toJSON();
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  const first = { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
  const model = { ...(json.model as object), ignore_merges: true };
  return Tokenizer.fromJSON({ ...json, model, pre_tokenizer: { type: 'Sequence', pretokenizers: [first, byteLevel] } });
};
const CL100K = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

const letters = [...'abcdefghijklmnopqrstuvwxyzABCéÉàßıσ京都हिन्दी각\u1100\u1161'];
/** Cased, uncased, and with every option turned off. */
const berts = [
  {},
  { lowercase: false },
  { lowercase: false, stripAccents: true },
  { stripAccents: false },
  { cleanText: false, handleChineseChars: false },
  { cleanText: false, handleChineseChars: false, lowercase: false, stripAccents: false },
].map((options) =>
  bertTokenizer({
    vocab: [
      '[PAD]',
      '[UNK]',
      '[CLS]',
      '[SEP]',
      '[MASK]',
      ...letters,
      ...letters.map((letter) => `##${letter}`),
      ...['the', '##ing', 'hello', '##llo', '##respons', '.', ',', "'", '=', '`', '##\u0301', '##\u{1d15e}', '😀'],
    ],
    maxInputCharsPerWord: 20,
    ...options,
  }),
);
const bertAdded = bertTokenizer({ vocab: ['[UNK]', '[CLS]', '[SEP]', ...letters, ...letters.map((c) => `##${c}`)] });
bertAdded.addTokens(['LLO', { content: 'ing', singleWord: true }]);

const characters = fc.string({ unit: 'binary' });
const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
const likely = fc.string({
  unit: fc.constantFrom(
    ..."ab HELlo'slé\n\t 😀1²京.,İ\u0301\u3000\u2028’\ufffd\0~Zz[`{@É\u0345\u{1d15e}\u{1d165}\u302e\u0323\u2260\u1fef\u037e가\u1161\u11a8ßİΣς\u00ad\u200d\x7f\x85\uf900",
  ),
});
const words = fc
  .array(
    fc.constantFrom(
      'hello',
      ' w',
      "'s",
      "'ll",
      ' ',
      '<|endoftext|>',
      'llo',
      'ing',
      ' responsibilities',
      ' intercontinental',
      '  ',
      '\n\n',
      'Über',
      '京都',
      '！',
      ' 12345',
      '\u3000x',
      '\ud800',
      '😀',
    ),
  )
  .map((a) => a.join(''));
const texts = fc.oneof(characters, units, likely, words);

/** The tokenizer's pipeline, and the one that does everything step by step. */
function pipelines(tokenizer: Tokenizer): { fast: TextPipeline; general: TextPipeline } {
  const vocabulary = new AddedVocabulary(tokenizer.model.vocabulary, tokenizer.normalizer);
  vocabulary.add([...tokenizer.addedTokens().values()] as AddedToken[]);
  return {
    fast: new TextPipeline(tokenizer, vocabulary, fastEncoderOf),
    general: new TextPipeline(tokenizer, vocabulary),
  };
}

function expectEqual({ fast, general }: ReturnType<typeof pipelines>, text: string): void {
  const tokenOf = (id: number): string => `${id}`;
  const wanted = general.encode(text, 0, tokenOf);
  const given = fast.encode(text, 0, tokenOf);
  expect(given.ids).toEqual(wanted.ids);
  expect(given.offsets).toEqual(wanted.offsets);
  expect(given.wordIds).toEqual(wanted.wordIds);
  expect(given.tokens).toEqual(wanted.tokens);
  expect(fast.ids(text)).toEqual(wanted.ids);
}

/** The same for long texts, where a difference is not to be printed. */
function expectAlike({ fast, general }: ReturnType<typeof pipelines>, text: string, what: string): void {
  const [wanted, given] = [general, fast].map((pipeline) => pipeline.encode(text, 0, String));
  const different = (row: number): boolean =>
    given.ids[row] !== wanted.ids[row] ||
    given.offsets[row][0] !== wanted.offsets[row][0] ||
    given.offsets[row][1] !== wanted.offsets[row][1];
  expect(given.length, what).toBe(wanted.length);
  expect(
    wanted.offsets.findIndex((_, row) => different(row)),
    what,
  ).toBe(-1);
  const words = given.wordIds;
  expect(
    wanted.wordIds.findIndex((word, row) => word !== words[row]),
    what,
  ).toBe(-1);
  const ids = fast.ids(text);
  expect(
    wanted.ids.findIndex((id, row) => id !== ids[row]),
    what,
  ).toBe(-1);
}

/** Planes of characters; the others are all alike. */
const RANGES = [
  [0, 0x20000],
  [0x2f700, 0x2fb00],
  [0xe0000, 0xe0200],
] as const;

const FILES = [
  'vocab/gpt2/tokenizer.json',
  'vocab/bert/bert-base-uncased/tokenizer.json',
  'vocab/bert/bert-base-cased/tokenizer.json',
  'vocab/bert/bert-base-multilingual-uncased/tokenizer.json',
];

function real(path: string): Tokenizer | undefined {
  const file = dataPath(path);
  return file === undefined ? undefined : Tokenizer.fromJSON(readFileSync(file, 'utf8'));
}

describe.each<[string, () => Tokenizer | undefined]>([
  ['small byte-level BPE', () => small],
  ['with a space before the text', () => prefixed],
  ['with added tokens', () => added],
  ["byte-level BPE with cl100k_base's pattern", () => split(CL100K)],
  ...berts.map((tokenizer, i): [string, () => Tokenizer] => [`small WordPiece ${i}`, () => tokenizer]),
  ['WordPiece with added tokens', () => bertAdded],
  ...FILES.map((path): [string, () => Tokenizer | undefined] => [path, () => real(path)]),
])('%s: the fast way gives what the general way gives', (name, make) => {
  test('on any text', (ctx) => {
    const tokenizer = make();
    if (tokenizer === undefined) return ctx.skip(`${name} is not in the data folder (GERBERT_DATA)`);
    expect(fastEncoderOf(tokenizer)).toBeDefined();
    const both = pipelines(tokenizer);
    fc.assert(
      fc.property(texts, (text) => expectEqual(both, text)),
      { numRuns: 300 },
    );
  });

  test('on a text without spaces', (ctx) => {
    const tokenizer = make();
    if (tokenizer === undefined) return ctx.skip(`${name} is not in the data folder (GERBERT_DATA)`);
    const both = pipelines(tokenizer);
    for (const piece of ['a', 'hello', 'é', ' ', '京都', '1']) {
      const text = piece.repeat(3000);
      expectAlike(both, text, piece);
    }
  });
});

test.each<[string, Tokenizer]>([
  ['byte-level BPE', prefixed],
  ['uncased WordPiece', berts[0]],
  ['cased WordPiece', berts[1]],
  ['WordPiece without a cleaned text', berts[4]],
])('on every character: %s', (_, tokenizer) => {
  const both = pipelines(tokenizer);
  for (const [first, behind] of RANGES) {
    for (let from = first; from < behind; from += 0x400) {
      let text = '';
      for (let code = from; code < from + 0x400; code++) {
        const character = String.fromCodePoint(code);
        text += `${character}y x${character}.`;
      }
      expectAlike(both, text, from.toString(16));
    }
  }
});

test('long words are remembered, each with its own tokens', () => {
  const words = new LongWords();
  const bytes = new Uint8Array(40);
  const sink = new TokenSink();
  const spell = (i: number): void => {
    for (let k = 0; k < 4; k++) bytes[20 + k] = i >> (8 * k);
  };
  let found = 0;
  for (let i = 0; i < 30_000; i++) {
    // Each word is met twice, the second time among others.
    for (const word of [i, i >> 1]) {
      spell(word);
      sink.clear();
      if (words.find(bytes, 1, 40, sink)) {
        expect([sink.ids.length, sink.ids.data[0], sink.ends.data[0]]).toEqual([1, word, 39]);
        found++;
      } else {
        sink.push(word, 0, 39);
        words.add(bytes, 1, 40, sink);
      }
    }
  }
  expect(found).toBeGreaterThan(10_000);
  expect(words.find(bytes, 0, 40, sink)).toBe(false);
});

test('the table of words stays bounded, whatever it is given', () => {
  const table = new WordTable();
  const sink = new TokenSink();
  for (let i = 0; i < 5; i++) sink.push(i, i, i + 1);
  let most = 0;
  for (let i = 0; i < 300_000; i++) {
    table.add(Int32Array.of(i, 0, 0, 0), 5, sink);
    most = Math.max(most, table.entries.length + table.pool.length);
  }
  expect(most).toBeLessThan(3 << 20);
});
