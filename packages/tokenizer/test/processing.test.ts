import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Encoding, type JsonObject, Tokenizer } from '../src/index.js';
import { type GoldenEncoding, golden, plain } from './goldens.js';

type Text = string | string[];
type Maybe<T> = T | null;

interface Maps {
  charToToken: Maybe<number>[][];
  charToWord: Maybe<number>[][];
  tokenToChars: Maybe<number[]>[];
  tokenToWord: Maybe<number>[];
  tokenToSequence: Maybe<number>[];
  wordToTokens: Maybe<number[]>[][];
  wordToChars: Maybe<number[]>[][];
}

interface Case {
  /** Name of the tokenizer this one differs from by `tokenizer`. */
  base: string;
  tokenizer: object;
  text: Text;
  pair: Maybe<Text>;
  special: boolean;
  encoding: GoldenEncoding;
  maps?: Maps;
}

function encode(tokenizer: Tokenizer, { text, pair, special }: Case): Encoding {
  const options = { addSpecialTokens: special };
  if (typeof text === 'string') return tokenizer.encode(text, { ...options, pair: (pair as string) ?? undefined });
  return tokenizer.encodeWords(text, { ...options, pairWords: (pair as string[]) ?? undefined });
}

/** For each unit of the text, and its end, the characters before it. */
function points(text: Maybe<Text>): number[] {
  const flat = typeof text === 'string' ? text : '';
  return Array.from({ length: flat.length + 1 }, (_, i) => Array.from(flat.slice(0, i)).length);
}

describe('truncation, padding, post-processors, added tokens and words as the Rust library has them', () => {
  const { bases, cases } = golden<{ bases: Record<string, object>; cases: Case[] }>('processing');

  test.each(cases.map((c, i) => [i, c.text, c.pair, c] as const))('case %i: %j / %j', (_i, _text, _pair, c) => {
    const json = { ...bases[c.base], ...c.tokenizer };
    const tokenizer = Tokenizer.fromJSON(json);
    expect(plain(encode(tokenizer, c))).toEqual(c.encoding);
    expect(tokenizer.toJSON()).toEqual(json);
  });

  // After a template in a Sequence, numbers of sequences do not tell text and pair apart.
  const isPlain = (c: Case) => typeof c.text === 'string' && !JSON.stringify(c.tokenizer).includes('"processors"');
  test.each(cases.filter(isPlain).map((c, i) => [i, c] as const))('offsets in UTF-16 units, case %i', (_i, c) => {
    const encoding = encode(Tokenizer.fromJSON({ ...bases[c.base], ...c.tokenizer }), c);
    const before = [points(c.text), points(c.pair)];
    const { sequences, words, spans } = encoding;
    const expected = c.encoding.spans.map((point, i) => {
      // The text of a token that is in no sequence (as the first of two $A) is not known.
      const known = sequences[i >> 1] === 0 || sequences[i >> 1] === 1;
      return known && words[i >> 1] >= 0 ? before[sequences[i >> 1]].lastIndexOf(point) : spans[i];
    });
    expect([...spans]).toEqual(expected);
  });

  test.each(cases.filter((c) => c.maps !== undefined).map((c, i) => [i, c] as const))('positions, case %i', (_i, c) => {
    const encoding = encode(Tokenizer.fromJSON({ ...bases[c.base], ...c.tokenizer }), c);
    const maps = c.maps!;
    const either = <T, U>(rows: Maybe<T>[][], get: (i: number, sequence: number) => U | undefined) => {
      rows.forEach((row, s) => {
        expect(row.map((_, i) => get(i, s) ?? null)).toEqual(row);
      });
    };
    either(maps.wordToTokens, (w, s) => encoding.wordToTokens(w, s));
    either([maps.tokenToWord], (t) => encoding.tokenToWord(t));
    either([maps.tokenToSequence], (t) => encoding.tokenToSequence(t));
    // These count characters: the positions asked about lie before the first character of two units.
    if (/\p{Cs}/u.test(`${c.text}`) || /[^\0-\uffff]/u.test(`${c.text}${c.pair}`)) return;
    either(maps.charToToken, (p, s) => encoding.charToToken(p, s));
    either(maps.charToWord, (p, s) => encoding.charToWord(p, s));
    either([maps.tokenToChars], (t) => encoding.tokenToChars(t));
    either(maps.wordToChars, (w, s) => encoding.wordToChars(w, s));
  });
});

describe('plain data', () => {
  const tokenizer = Tokenizer.fromJSON({ model: { type: 'WordLevel', vocab: { a: 0, b: 1 }, unk_token: 'a' } });
  const encoding = tokenizer.encode('b');
  const columns = {
    ids: [1],
    tokens: ['b'],
    typeIds: [0],
    attentionMask: [1],
    specialTokensMask: [0],
    offsets: [[0, 1]],
    wordIds: [0],
    sequenceIds: [0],
    overflowing: [],
  };

  test('an encoding is spread, written and shown by its columns', () => {
    expect({ ...encoding.toJSON(), label: 'x' }).toEqual({ ...columns, label: 'x' });
    expect(JSON.parse(JSON.stringify(encoding))).toEqual(columns);
    expect(inspect(encoding)).toBe(inspect(columns));
  });
});

describe('long sequences of post-processors', () => {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
  const load = (processors: JsonObject[]) =>
    Tokenizer.fromJSON({
      model: { type: 'BPE', vocab: { a: 0, Ġ: 1 }, merges: [] },
      pre_tokenizer: byteLevel,
      post_processor: { type: 'Sequence', processors },
    });

  test('trim by the text of a token, as often as they are', () => {
    const spans = (times: number) => {
      const tokenizer = load(Array.from({ length: times }, () => byteLevel));
      tokenizer.addTokens([{ content: 'x', lstrip: true, rstrip: true }]);
      return tokenizer.encode('a  x a', { truncation: { maxLength: 2, stride: 1 } }).overflowing[1].offsets;
    };
    // As the Rust library has it: the token is "  x ", of which a later time again takes two at the start, as far as there is something.
    const often = [
      [4, 4],
      [6, 6],
    ];
    expect([spans(1), spans(2), spans(100)]).toEqual([
      [
        [3, 4],
        [6, 6],
      ],
      often,
      often,
    ]);
  });

  test('are refused beyond, inner ones included', () => {
    const fifty = { type: 'Sequence', processors: Array.from({ length: 50 }, () => byteLevel) };
    expect(() => load([fifty, fifty])).not.toThrow();
    const refusal = { code: 'TOKENIZER_COMPONENT_UNSUPPORTED' };
    expect(() => load([fifty, fifty, byteLevel])).toThrow(expect.objectContaining(refusal));
  });
});
