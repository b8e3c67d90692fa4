import { describe, expect, test } from 'vitest';
import { Tokenizer, TokenizerError } from '../src/index.js';
import type { Json, JsonObject } from '../src/json/fields.js';
import { Bpe } from '../src/models/bpe.js';
import { readModel } from '../src/models/from-json.js';
import { TokenSink } from '../src/models/model.js';
import { Unigram } from '../src/models/unigram.js';
import { Vocabulary } from '../src/models/vocabulary.js';
import { WordLevel } from '../src/models/wordlevel.js';
import { WordPiece } from '../src/models/wordpiece.js';

const BPE = {
  vocab: { a: 0, b: 1, c: 2, ab: 3, abc: 4 },
  merges: ['a b', 'ab c'],
} satisfies JsonObject;

function ids(model: Json, text: string): number[] {
  const sink = new TokenSink();
  readModel(model).tokenize(text, 0, text.length, sink);
  return [...sink.ids.toArray()];
}

function refused(json: Json): string {
  try {
    readModel(json);
  } catch (error) {
    if (error instanceof TokenizerError) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error('it was read');
}

describe('models without a type', () => {
  test.each([
    [BPE, Bpe],
    [{ vocab: {}, unk_token: 'u', continuing_subword_prefix: '##', max_input_chars_per_word: 9 }, WordPiece],
    [{ vocab: {}, unk_token: 'u' }, WordLevel],
    [{ vocab: [['a', 0]] }, Unigram],
  ])('%j', (json, kind) => {
    expect(readModel(json as Json)).toBeInstanceOf(kind);
  });
});

describe('BPE', () => {
  test('merges as lines leave out the version, and are written as they were read', () => {
    const json = { type: 'BPE', ...BPE, merges: ['#version: 0.2', ...BPE.merges] };
    expect(ids(json, 'abcab')).toEqual([4, 3]);
    expect(readModel(json).toJSON()).toEqual({ type: 'BPE', ...BPE });
    const pairs = { type: 'BPE', dropout: 0.5, unk_token: null, ...BPE, merges: [['a', 'b']] };
    expect(readModel(pairs).toJSON()).toEqual(pairs);
  });

  test('a pair that is given twice has the last rank', () => {
    const vocab = { a: 0, b: 1, c: 2, ab: 3, bc: 4 };
    const twice = { type: 'BPE', vocab, merges: ['a b', 'b c', 'a b'] };
    expect(ids(twice, 'abc')).toEqual([0, 4]);
    expect(readModel(twice).toJSON().merges).toEqual(['b c', 'a b']);
  });

  test('tokens with spaces in merges', () => {
    const json = {
      type: 'BPE',
      vocab: { a: 0, ' ': 1, 'a ': 2, 'a a': 3 },
      merges: [
        ['a', ' '],
        ['a ', 'a'],
      ],
    };
    expect(ids(json, 'a a')).toEqual([3]);
  });

  test.each<[object, string]>([
    [{ dropout: 1.5 }, 'model.dropout: 1.5'],
    [{ dropout: -0.1 }, 'model.dropout'],
    [{ dropout: 'often' }, 'model.dropout'],
    [{ merges: undefined }, 'model.merges: expected an array'],
    [{ merges: ['a b c'] }, 'model.merges[0]'],
    [{ merges: [['a', 'b'], 'ab c'] }, 'model.merges[1]'],
    [{ merges: ['a b', ['ab', 'c']] }, 'model.merges[1]'],
    [{ merges: [['a']] }, 'model.merges[0]'],
    [{ merges: [['a', 'z']] }, '"z"'],
    [{ merges: [['b', 'a']] }, '"ba"'],
    [{ continuing_subword_prefix: '##' }, 'does not begin with'],
    [{ vocab: { a: 0, b: 0 } }, 'share the id 0'],
    [{ vocab: { a: 1.5 } }, 'the id of "a"'],
    [{ vocab: [] }, 'model.vocab'],
    [{ fuse_unk: 1 }, 'model.fuse_unk'],
  ])('refuses %j', (change, words) => {
    const json = JSON.parse(JSON.stringify({ type: 'BPE', ...BPE, ...change }));
    expect(refused(json)).toMatch(/^TOKENIZER_JSON_MALFORMED/);
    expect(refused(json)).toContain(words);
  });

  test('ids far apart are no burden', () => {
    const vocabulary = new Vocabulary(
      new Map([
        ['a', 0x7fffffff],
        ['b', 5],
      ]),
    );
    expect([...vocabulary.entries()]).toEqual([
      ['b', 5],
      ['a', 0x7fffffff],
    ]);
  });
});

describe('BPE-dropout', () => {
  const dropout = (rate: number, change: object = {}): Bpe =>
    readModel({ type: 'BPE', ...BPE, dropout: rate, ...change }) as Bpe;
  const run = (model: Bpe, text: string): number[] => {
    const sink = new TokenSink();
    model.tokenize(text, 0, text.length, sink);
    return [...sink.ids.toArray()];
  };

  test('0 leaves nothing out, 1 everything, even a whole word with ignore_merges', () => {
    expect(run(dropout(0), 'abc')).toEqual([4]);
    expect(run(dropout(1), 'abc')).toEqual([0, 1, 2]);
    expect(run(dropout(1, { ignore_merges: true }), 'abc')).toEqual([0, 1, 2]);
    expect(run(dropout(0, { ignore_merges: true, merges: [] }), 'abc')).toEqual([4]);
  });

  test('a seed repeats the choices, which differ from call to call', () => {
    const model = dropout(0.5);
    const sample = (seed: number): string => {
      model.seedDropout(seed);
      return Array.from({ length: 50 }, () => run(model, 'abcabc').join()).join(' ');
    };
    expect(sample(1)).toBe(sample(1));
    expect(sample(1)).not.toBe(sample(2));
    expect(new Set(sample(1).split(' ')).size).toBeGreaterThan(3);
  });

  test('is distributed as the merges are left out', () => {
    // Of `abc`, `a b` is merged with probability 1 − p, and then `ab c` with the same.
    const model = dropout(0.3);
    model.seedDropout(7);
    const counts = new Map<string, number>();
    const n = 20_000;
    for (let i = 0; i < n; i++) {
      const key = run(model, 'abc').join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, probability] of [
      ['0,1,2', 0.3],
      ['3,2', 0.7 * 0.3],
      ['4', 0.7 * 0.7],
    ] as const) {
      // Five standard deviations.
      const tolerance = 5 * Math.sqrt(n * probability * (1 - probability));
      expect(Math.abs((counts.get(key) ?? 0) - n * probability), key).toBeLessThan(tolerance);
    }
  });

  test('acts in a tokenizer over bytes', () => {
    const json = { version: '1.0', model: { type: 'BPE', ...BPE, dropout: 1 } };
    expect([...Tokenizer.fromJSON(json).encodeIds('abc')]).toEqual([0, 1, 2]);
  });
});

describe('Unigram', () => {
  const UNIGRAM = {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['<unk>', 0],
      ['a', -1],
      ['b', -1],
      ['ab', -1.5],
    ] as Json,
  };

  test('takes the best division, and of equal ones the longer piece', () => {
    expect(ids(UNIGRAM, 'aab')).toEqual([1, 3]);
    expect(
      ids(
        {
          ...UNIGRAM,
          vocab: [
            ['<unk>', 0],
            ['a', -1],
            ['b', -1],
            ['ab', -2],
          ],
        },
        'ab',
      ),
    ).toEqual([3]);
    expect(
      ids(
        {
          ...UNIGRAM,
          vocab: [
            ['<unk>', 0],
            ['a', -1],
            ['b', -1],
            ['ab', -2.5],
          ],
        },
        'ab',
      ),
    ).toEqual([1, 2]);
  });

  test('unknown characters are one token that shows them', () => {
    const encoding = Tokenizer.fromJSON({ version: '1.0', model: UNIGRAM }).encode('a☃😀b☃');
    expect([...encoding.ids]).toEqual([1, 0, 2, 0]);
    expect(encoding.tokens).toEqual(['a', '☃😀', 'b', '☃']);
    expect(encoding.offsets).toEqual([
      [0, 1],
      [1, 4],
      [4, 5],
      [5, 6],
    ]);
  });

  test('an unknown character without unknown piece is an error', () => {
    const { unk_id: _, ...json } = UNIGRAM;
    expect(ids(json, 'ab')).toEqual([3]);
    expect(() => ids(json, 'abc')).toThrow(expect.objectContaining({ code: 'TOKENIZER_UNK_MISSING' }));
  });

  test('of a piece given twice the last counts, and both are written', () => {
    const json = {
      ...UNIGRAM,
      vocab: [
        ['<unk>', 0],
        ['a', -1],
        ['a', -2],
      ],
    };
    const model = readModel(json);
    expect(ids(json, 'a')).toEqual([2]);
    expect([model.vocabulary.token(1), model.vocabulary.token(2)]).toEqual(['a', 'a']);
    expect(model.toJSON()).toEqual(json);
  });

  test.each<[object, string]>([
    [{ vocab: undefined }, 'model.vocab'],
    [{ vocab: {} }, 'model.vocab'],
    [{ vocab: [['a']] }, 'model.vocab[0]'],
    [{ vocab: [['a', '-1']] }, 'model.vocab[0]'],
    [{ unk_id: 4 }, 'model.unk_id: 4'],
    [{ unk_id: -1 }, 'model.unk_id'],
    [{ unk_id: 0.5 }, 'model.unk_id'],
    [{ vocab: [] }, 'model.unk_id: 0'],
    [{ byte_fallback: 'yes' }, 'model.byte_fallback'],
  ])('refuses %j', (change, words) => {
    const json = JSON.parse(JSON.stringify({ ...UNIGRAM, ...change }));
    expect(refused(json)).toMatch(/^TOKENIZER_JSON_MALFORMED/);
    expect(refused(json)).toContain(words);
  });

  test('shows a byte as such, even where its token stands for what is unknown', () => {
    const bytes = Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`);
    const vocab = [...bytes.map((byte) => [byte, -5]), ['a', -1]];
    const model = { type: 'Unigram', unk_id: 0xc3, vocab, byte_fallback: true };
    const encode = (text: string, change = {}) => Tokenizer.fromJSON({ model: { ...model, ...change } }).encode(text);
    expect(encode('aé').tokens).toEqual(['a', '<0xC3>', '<0xA9>']);
    expect(encode('aé', { byte_fallback: false }).tokens).toEqual(['a', 'é']);
    // Without all the bytes there is but the unknown piece, which shows what it stands for.
    expect(encode('a中', { vocab: [...vocab.slice(0, 0xc4), ['a', -1]] }).tokens).toEqual(['a', '中']);
  });

  test('refuses a score that is not finite', () => {
    expect(refused({ ...UNIGRAM, vocab: [['a', Infinity]] })).toContain('the score of "a"');
    expect(refused({ ...UNIGRAM, vocab: [['a', NaN]] })).toContain('the score of "a"');
  });
});

test('WordLevel knows whole words only, and says what it lacks', () => {
  const json = { type: 'WordLevel', vocab: { __proto__: 0, constructor: 1, unk: 2 }, unk_token: 'unk' };
  expect(ids(json, 'constructor')).toEqual([1]);
  expect(ids(json, 'toString')).toEqual([2]);
  expect(() => ids({ ...json, unk_token: 'none' }, 'x')).toThrow(
    expect.objectContaining({ code: 'TOKENIZER_UNK_MISSING' }),
  );
});
