import { expect, test } from 'vitest';
import { Tokenizer } from '../../src/index.js';

function wordPiece(rest: object, vocab: object = { '[UNK]': 0, a: 1 }): Tokenizer {
  const model = {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab,
  };
  return Tokenizer.fromJSON({ model, ...rest });
}

test.each([
  ['normalizers', { normalizer: { type: 'Sequence', normalizers: Array(64).fill({ type: 'ByteLevel' }) } }],
  [
    'pre-tokenizers',
    {
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: Array(64).fill({
          type: 'ByteLevel',
          add_prefix_space: false,
          trim_offsets: false,
          use_regex: false,
        }),
      },
    },
  ],
])('%s that double the text over and over end in an error', (_, parts) => {
  const tokenizer = wordPiece(parts);
  expect(() => tokenizer.encode('é')).toThrow(expect.objectContaining({ code: 'TOKENIZER_TEXT_TOO_LONG' }));
  expect(() => tokenizer.encodeIds('é')).toThrow(expect.objectContaining({ code: 'TOKENIZER_TEXT_TOO_LONG' }));
  expect(tokenizer.encode('a').tokens).toEqual(['a']);
});

test('a large id costs neither time nor memory', () => {
  const tokenizer = wordPiece({}, { '[UNK]': 0, b: 2147483647, a: 1 });
  expect(tokenizer.decode(tokenizer.encode('b').ids)).toBe('b');
  expect([...tokenizer.vocab()]).toEqual([
    ['[UNK]', 0],
    ['a', 1],
    ['b', 2147483647],
  ]);
  expect(Object.keys((tokenizer.toJSON().model as { vocab: object }).vocab)).toEqual(['[UNK]', 'a', 'b']);
});

test.each([{ length: 2 ** 33 }, { multipleOf: 2 ** 32 }])('padding to %o is refused', (padding) => {
  const refusal = expect.objectContaining({ code: 'TOKENIZER_OPTION_INVALID' });
  expect(() => wordPiece({}).encode('a', { padding: { ...padding, id: 0, token: '[PAD]' } })).toThrow(refusal);
});

test('a piece that Unigram lists twice takes two ids, and added tokens come after them', () => {
  const vocab = [
    ['a', -1],
    ['a', -2],
  ];
  const tokenizer = Tokenizer.fromJSON({ model: { type: 'Unigram', unk_id: 0, vocab, byte_fallback: false } });
  tokenizer.addTokens(['x y']);
  expect(tokenizer.tokenToId('x y')).toBe(2);
  expect(tokenizer.vocabSize).toBe(3);
});
