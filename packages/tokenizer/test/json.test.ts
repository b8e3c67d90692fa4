import { describe, expect, test } from 'vitest';
import {
  bertTokenizer,
  gpt2Tokenizer,
  type Json,
  type JsonObject,
  Tokenizer,
  type TokenizerError,
} from '../src/index.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';

const VOCAB = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', '##s'];
const base = (): JsonObject => bertTokenizer({ vocab: VOCAB }).toJSON();
const model = (): JsonObject => base().model as JsonObject;

function errorOf(work: () => unknown): TokenizerError {
  try {
    work();
  } catch (error) {
    return error as TokenizerError;
  }
  throw new Error('it did not throw');
}

function nested(depth: number, key: string, inner: Json): Json {
  let component = inner;
  for (let i = 0; i < depth; i++) component = { type: 'Sequence', [key]: [component] };
  return component;
}

describe('files of any age', () => {
  test('fields that old versions did not write may be missing', () => {
    const json = base();
    for (const key of ['version', 'truncation', 'padding', 'added_tokens', 'normalizer', 'decoder', 'post_processor']) {
      const { [key]: _, ...rest } = json;
      expect(Tokenizer.fromJSON(rest).encodeIds('the').length).toBe(1);
    }
    const { type: _, ...untyped } = model();
    expect(Tokenizer.fromJSON({ ...json, model: untyped }).toJSON()).toEqual(json);
    const truncation = { max_length: 3, strategy: 'LongestFirst', stride: 0 };
    const truncating = Tokenizer.fromJSON({ ...json, truncation });
    expect(truncating.truncation?.direction).toBe('right');
    expect(truncating.toJSON().truncation).toEqual(truncation);
  });

  test('bytes, text and objects are one', () => {
    const text = JSON.stringify(base());
    expect(Tokenizer.fromJSON(new TextEncoder().encode(text)).toJSON()).toEqual(base());
    expect(Tokenizer.fromJSON(JSON.parse(text)).toJSON()).toEqual(base());
  });

  test('ids of added tokens that say otherwise than the order have no effect, as in the Rust library', () => {
    const token = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
    const added = [
      { id: 20, content: 'zz', ...token },
      { id: 3, content: 'the', ...token },
      { id: 20, content: 'yy', ...token },
      { id: 20, content: 'zz', ...token },
      { id: 21, content: '', ...token },
    ];
    const tokenizer = Tokenizer.fromJSON({ ...base(), added_tokens: added });
    expect([...tokenizer.addedTokens()].map(([id, { content }]) => [id, content])).toEqual([
      [5, 'the'],
      [8, 'zz'],
      [9, 'yy'],
    ]);
  });

  test('what was read is written: each post-processor, padding and truncation', () => {
    const special = { x: { id: 'y', ids: [1, 2], tokens: ['a', 'b'] } };
    const pieces = [{ SpecialToken: { id: 'x', type_id: 3 } }, { Sequence: { id: 'A', type_id: 1 } }];
    const template = { type: 'TemplateProcessing', single: pieces, pair: pieces, special_tokens: special };
    const bytes = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true };
    const ends = { sep: ['[SEP]', 3], cls: ['[CLS]', 2] };
    const roberta = { type: 'RobertaProcessing', ...ends, trim_offsets: true, add_prefix_space: false };
    const posts = [template, bytes, roberta, { type: 'BertProcessing', ...ends }];
    for (const post of [...posts, { type: 'Sequence', processors: posts }, nested(20, 'processors', bytes)]) {
      const json = { ...base(), post_processor: post };
      expect(Tokenizer.fromJSON(json).toJSON()).toEqual(json);
    }
    for (const multiple of [null, 0, 8]) {
      for (const strategy of ['BatchLongest', { Fixed: 9 }]) {
        const direction = multiple === 0 ? 'Left' : 'Right';
        const padding = {
          strategy,
          direction,
          pad_to_multiple_of: multiple,
          pad_id: 7,
          pad_type_id: 2,
          pad_token: 'p',
        };
        const json = { ...base(), padding };
        expect(Tokenizer.fromJSON(json).toJSON()).toEqual(json);
      }
    }
  });
});

describe('files that are wrong', () => {
  const padding = {
    strategy: 'BatchLongest',
    direction: 'Left',
    pad_to_multiple_of: null,
    pad_id: 0,
    pad_type_id: 0,
    pad_token: 'p',
  };
  const cyclic: JsonObject = { type: 'Sequence' };
  cyclic.processors = [cyclic, cyclic];

  test.each<[JsonObject, string]>([
    [{ version: '2.0' }, 'version'],
    [{ added_tokens: null }, 'added_tokens'],
    [{ added_tokens: [{ id: 1, content: 'x' }] }, 'added_tokens[0]'],
    [{ added_tokens: [null] }, 'added_tokens[0]'],
    [{ model: { ...model(), vocab: { a: 1, b: 1 } } }, 'share'],
    [{ model: { ...model(), vocab: { a: 2 ** 31 } } }, '32-bit'],
    [{ model: { ...model(), vocab: { a: -1 } } }, '-1'],
    [{ model: { ...model(), vocab: { a: '1' } } }, '1'],
    [{ model: { ...model(), vocab: [] } }, 'vocab'],
    [{ model: 5 }, 'model'],
    [{ padding: { ...padding, pad_id: 2 ** 31 } }, 'pad_id'],
    [{ padding: { ...padding, pad_type_id: -1 } }, 'pad_type_id'],
    [{ padding: { ...padding, strategy: { Fixed: 1e12 } } }, 'Fixed'],
    [{ padding: { ...padding, strategy: 'Longest' } }, 'strategy'],
    [{ padding: { ...padding, direction: 'up' } }, 'direction'],
    [{ truncation: { max_length: 1.5, stride: 0, strategy: 'OnlyFirst' } }, 'max_length'],
    [{ truncation: { max_length: 1, stride: 0, strategy: 'Only' } }, 'strategy'],
    [{ post_processor: { type: 'BertProcessing', sep: ['a', 2 ** 31], cls: ['b', 1] } }, 'sep'],
    [{ post_processor: { type: 'BertProcessing', sep: ['a'], cls: ['b', 1] } }, 'sep'],
    [{ post_processor: { type: 'TemplateProcessing', single: '[CLS] $A', pair: [], special_tokens: {} } }, 'single'],
    [
      {
        post_processor: {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: 'x', type_id: 0 } }],
          pair: [],
          special_tokens: {},
        },
      },
      '"x"',
    ],
    [{ post_processor: nested(500, 'processors', null) }, 'nested'],
    [{ normalizer: nested(90, 'normalizers', { type: 'Lowercase' }) }, 'nested'],
    [{ post_processor: cyclic }, 'nested'],
    [{ post_processor: { type: 'Sequence', processors: [null] } }, 'null'],
  ])('%#', (change, words) => {
    const error = errorOf(() => Tokenizer.fromJSON({ ...base(), ...change }));
    expect(error.code).toBe('TOKENIZER_JSON_MALFORMED');
    expect(error.message).toContain(words);
  });

  test.each([null, 5, undefined, [], 'null', '[]', new Uint8Array([0xff]), '{"model":'])('no object: %j', (json) => {
    expect(errorOf(() => Tokenizer.fromJSON(json as never)).code).toBe('TOKENIZER_JSON_MALFORMED');
  });
});

describe('arguments that are wrong', () => {
  const tokenizer = bertTokenizer({ vocab: VOCAB });
  const gpt = gpt2Tokenizer({ vocab: byteAlphabet(), merges: [] });
  test.each<[() => unknown, string]>([
    [() => tokenizer.encode(undefined as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encode(5 as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encode(['a'] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encode('a', { pair: 5 as never }), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encode('a', null as never), 'TOKENIZER_OPTION_INVALID'],
    [() => tokenizer.encode('a', { addSpecialTokens: 1 as never }), 'TOKENIZER_OPTION_INVALID'],
    [() => tokenizer.encode('a', { padding: 5 as never }), 'TOKENIZER_OPTION_INVALID'],
    [() => tokenizer.encode('a', { padding: { length: 1e12 } }), 'TOKENIZER_OPTION_INVALID'],
    [() => tokenizer.encode('a', { padding: { id: 2 ** 31 } }), 'TOKENIZER_OPTION_INVALID'],
    [() => tokenizer.encode('a', { truncation: 5 as never }), 'TOKENIZER_OPTION_INVALID'],
    [() => tokenizer.encode('a', { truncation: {} as never }), 'TOKENIZER_OPTION_INVALID'],
    [() => tokenizer.encode('a', { pairWords: [] } as never), 'TOKENIZER_OPTION_UNKNOWN'],
    [() => tokenizer.encodeBatch('a' as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encodeBatch([['a', 'b', 'c']] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encodeBatch([['a', 5]] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encodeBatch([null] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encodeWords('a b' as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encodeWords(['a', 5] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encodeWords(['a'], { pairWords: 'b' as never }), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encodeWordsBatch(['a'] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => tokenizer.encodeIds(null as never), 'TOKENIZER_INPUT_INVALID'],
    [() => gpt.encodeIds(['a'] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => gpt.encodeIdsBatch(['a', 5] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => gpt.encodeIds('a', { truncation: null } as never), 'TOKENIZER_OPTION_UNKNOWN'],
    [() => gpt.decode(null as never), 'TOKENIZER_INPUT_INVALID'],
    [() => gpt.decode(['1'] as never), 'TOKENIZER_INPUT_INVALID'],
    [() => gpt.decode([1], { skipSpecialTokens: 'no' as never }), 'TOKENIZER_OPTION_INVALID'],
    [() => gpt.decodeBatch(5 as never), 'TOKENIZER_INPUT_INVALID'],
  ])('%#', (work, code) => {
    expect(errorOf(work).code).toBe(code);
  });

  test('batches of words with pairs', () => {
    const [alone, paired] = tokenizer.encodeWordsBatch([
      ['the', 'cats'],
      [['the'], ['cats', '']],
    ]);
    expect(alone.tokens).toEqual(['[CLS]', 'the', 'cat', '##s', '[SEP]']);
    expect(alone.wordIds).toEqual([null, 0, 1, 1, null]);
    expect(paired.sequenceIds).toEqual([null, 0, null, 1, 1, null]);
    expect(tokenizer.encodeWordsBatch([[]], { pairWords: ['cat'] })[0].wordIds).toEqual([null, null, 0, null]);
  });
});
