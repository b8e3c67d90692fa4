import { describe, expect, test } from 'vitest';
import { bertTokenizer, gpt2Tokenizer, Tokenizer, type TokenizerError } from '../src/index.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';

const VOCAB = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'un',
  '##aff',
  '##able',
  'hello',
  ',',
  'world',
  'the',
  '.',
];
const bert = () => bertTokenizer({ vocab: VOCAB });
const gpt2 = (merges: [string, string][] = []) =>
  gpt2Tokenizer({ vocab: [...byteAlphabet(), ...merges.map((m) => m.join('')), '<|endoftext|>'], merges });

function errorOf(work: () => unknown): TokenizerError {
  try {
    work();
  } catch (error) {
    return error as TokenizerError;
  }
  throw new Error('it did not throw');
}

describe('encoding', () => {
  test('a pair, with everything that is known of it', () => {
    const encoding = bert().encode('Unaffable,', { pair: 'Héllo x' });
    expect(encoding.tokens).toEqual(['[CLS]', 'un', '##aff', '##able', ',', '[SEP]', 'hello', '[UNK]', '[SEP]']);
    expect([...encoding.ids]).toEqual([2, 5, 6, 7, 9, 3, 8, 1, 3]);
    expect([...encoding.typeIds]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect([...encoding.specialTokensMask]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 1]);
    expect(encoding.wordIds).toEqual([null, 0, 0, 0, 1, null, 0, 1, null]);
    expect(encoding.sequenceIds).toEqual([null, 0, 0, 0, 0, null, 1, 1, null]);
    expect(encoding.offsets.slice(1, 5)).toEqual([
      [0, 2],
      [2, 5],
      [5, 9],
      [9, 10],
    ]);
    expect(encoding.charToToken(3)).toBe(2);
    expect(encoding.charToToken(1, 1)).toBe(6);
    expect(encoding.charToToken(5, 1)).toBeUndefined();
    expect(encoding.charToWord(9)).toBe(1);
    expect(encoding.wordToTokens(0)).toEqual([1, 4]);
    expect(encoding.wordToChars(0)).toEqual([0, 9]);
    expect(encoding.tokenToChars(0)).toBeUndefined();
    expect(encoding.tokenToChars(7)).toEqual([6, 7]);
    expect(encoding.tokenToSequence(7)).toBe(1);
  });

  test('byte-level merges by rank, not from the left', () => {
    const tokenizer = gpt2([
      ['b', 'c'],
      ['a', 'b'],
      ['bc', 'd'],
    ]);
    expect(tokenizer.encode('abcd ab').tokens).toEqual(['a', 'bcd', 'Ġ', 'ab']);
  });

  test('a batch is padded to its longest, on the asked side', () => {
    const [a, b] = bert().encodeBatch(['hello', 'hello world the'], { padding: { direction: 'left' } });
    expect([...a.ids]).toEqual([0, 0, 2, 8, 3]);
    expect([...a.attentionMask]).toEqual([0, 0, 1, 1, 1]);
    expect(b.length).toBe(5);
    expect(bert().encode('hello', { padding: { multipleOf: 4 } }).tokens).toEqual(['[CLS]', 'hello', '[SEP]', '[PAD]']);
  });

  test('truncation with stride keeps the rest', () => {
    const encoding = bert().encode('hello , world the .', { truncation: { maxLength: 5, stride: 1 } });
    expect(encoding.tokens).toEqual(['[CLS]', 'hello', ',', 'world', '[SEP]']);
    expect(encoding.overflowing.map((part) => part.tokens.join(' '))).toEqual(['[CLS] world the . [SEP]']);
    expect(encoding.overflowing[0].offsets[1]).toEqual([8, 13]);
  });

  test.each<[object, string]>([
    [{ maxLength: 1 }, 'no room'],
    [{ maxLength: 4, stride: 2 }, 'stride 2'],
    [{ maxLength: 4, strategy: 'only_second' }, 'no pair'],
  ])('impossible truncation %j', (truncation, words) => {
    const error = errorOf(() => bert().encode('hello world the', { truncation: truncation as { maxLength: number } }));
    expect(error.code).toBe('TOKENIZER_TRUNCATION_IMPOSSIBLE');
    expect(error.message).toContain(words);
  });

  test('words of the vocabulary may be names of Object.prototype', () => {
    const tokenizer = bertTokenizer({ vocab: [...VOCAB, '__proto__', 'constructor'], cleanText: true });
    expect(tokenizer.encode('constructor toString', { addSpecialTokens: false }).tokens).toEqual([
      'constructor',
      '[UNK]',
    ]);
    const again = Tokenizer.fromJSON(JSON.stringify(tokenizer));
    expect(again.tokenToId('__proto__')).toBe(VOCAB.length);
    expect(again.tokenToId('hasOwnProperty')).toBeUndefined();
  });

  test('a lone surrogate is U+FFFD, which BERT drops', () => {
    expect(bert().encode('hel\ud800lo', { addSpecialTokens: false }).offsets).toEqual([[0, 6]]);
  });

  test('a million characters without a space', () => {
    const long = 'abcd'.repeat(1 << 18);
    const merges: [string, string][] = [
      ['a', 'b'],
      ['c', 'd'],
      ['ab', 'cd'],
      ['abcd', 'abcd'],
    ];
    const ids = gpt2(merges).encodeIds(long);
    expect(ids.length).toBe(1 << 17);
    expect(new Set(ids)).toEqual(new Set([256 + 3]));
    expect([...bert().encodeIds(long)]).toEqual([1]);
    expect(
      bertTokenizer({ vocab: [...VOCAB, 'abcd', '##abcd'], maxInputCharsPerWord: 1 << 21 }).encodeIds(long).length,
    ).toBe(1 << 18);
  });
});

describe('decoding', () => {
  test('half a character waits for its rest', () => {
    const tokenizer = gpt2();
    const ids = tokenizer.encodeIds('a😀b');
    const stream = tokenizer.decodeStream();
    expect(Array.from(ids, (id) => stream.push(id))).toEqual(['a', '', '', '', '😀', 'b']);
    expect(stream.push(ids[1]) + stream.end()).toBe('\ufffd');
  });

  test('special tokens are left out unless asked for; ids that are no token always', () => {
    const tokenizer = bert();
    expect(tokenizer.decode([2, 5, 6, 7, 12, 3, 999])).toBe('unaffable.');
    expect(tokenizer.decode([2, 8, 3], { skipSpecialTokens: false })).toBe('[CLS] hello [SEP]');
  });
});

describe('added tokens', () => {
  test('are found in texts and keep their properties', () => {
    const tokenizer = bert();
    expect(tokenizer.addTokens(['Bert', { content: '<x>', lstrip: true, normalized: false }])).toBe(2);
    expect(tokenizer.addSpecialTokens(['<s>', '[MASK]'])).toBe(1);
    expect(tokenizer.vocabSize).toBe(VOCAB.length + 3);
    const encoding = tokenizer.encode('hello  <x> BERT<s>[MASK]', { addSpecialTokens: false });
    expect(encoding.tokens).toEqual(['hello', '  <x>', 'bert', '<s>', '[MASK]']);
    expect([...encoding.ids]).toEqual([8, 14, 13, 15, 4]);
    expect(encoding.offsets[1]).toEqual([5, 10]);
    expect(tokenizer.decode(encoding.ids)).toBe('hello <x> bert');
    const again = Tokenizer.fromJSON(tokenizer.toJSON());
    expect(again.encode('Bert<s>').tokens).toEqual(tokenizer.encode('Bert<s>').tokens);
  });
});

describe('what is refused', () => {
  test.each<[() => unknown, string, string]>([
    [() => bert().encode('x', { addSpecialToken: true } as object), 'TOKENIZER_OPTION_UNKNOWN', '"addSpecialTokens"'],
    [() => bert().encode('x', { truncation: { maxlength: 3 } as never }), 'TOKENIZER_OPTION_UNKNOWN', '"maxLength"'],
    [() => bert().encode('x', { truncation: { maxLength: 1.5 } }), 'TOKENIZER_OPTION_INVALID', '1.5'],
    [() => bert().encode('x', { padding: { direction: 'up' as 'left' } }), 'TOKENIZER_OPTION_INVALID', 'left, right'],
    [() => gpt2().encode('x', { padding: {} }), 'TOKENIZER_OPTION_INVALID', '"[PAD]"'],
    [() => bertTokenizer({ vocab: ['a'] }), 'TOKENIZER_OPTION_INVALID', '"[SEP]"'],
    [() => bertTokenizer({ vocab: VOCAB, lowerCase: true } as never), 'TOKENIZER_OPTION_UNKNOWN', '"lowercase"'],
    [() => gpt2Tokenizer({ vocab: ['a'], merges: [['a', 'a']] }), 'TOKENIZER_JSON_MALFORMED', '"aa"'],
    [() => bertTokenizer({ vocab: ['[CLS]', '[SEP]'] }).encode('x'), 'TOKENIZER_UNK_MISSING', '"[UNK]"'],
    [() => Tokenizer.fromJSON('{'), 'TOKENIZER_JSON_MALFORMED', 'not JSON'],
    [() => Tokenizer.fromJSON({}), 'TOKENIZER_JSON_MALFORMED', 'model'],
  ])('refusal %#', (work, code, words) => {
    const error = errorOf(work);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(Reflect.get(error, Symbol.for('gerbert.error'))).toBe(true);
  });

  test.each<[object, string]>([
    [
      { normalizer: { type: 'Rewrite' } },
      'normalizer: "Rewrite" is not supported; supported: BertNormalizer, Lowercase',
    ],
    [{ pre_tokenizer: { type: 'Jieba' } }, 'pre_tokenizer: "Jieba"'],
    [{ pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Letters' }] } }, 'pre_tokenizer: "Letters"'],
    [{ decoder: { type: 'CDC' } }, 'decoder: "CDC"'],
    [{ extra: 1 }, 'the field "extra"'],
  ])('%j in tokenizer.json', (change, words) => {
    const error = errorOf(() => Tokenizer.fromJSON({ ...bert().toJSON(), ...change }));
    expect(error.code).toBe('TOKENIZER_COMPONENT_UNSUPPORTED');
    expect(error.message).toContain(words);
  });

  test('fields that mean nothing, and those left to their defaults, come back as they were', () => {
    const json = {
      ...bert().toJSON(),
      truncation: { max_length: 9, strategy: 'LongestFirst', stride: 0, since: 'always' },
      padding: {
        strategy: 'BatchLongest',
        direction: 'Right',
        pad_id: 0,
        pad_type_id: 0,
        pad_token: '[PAD]',
        why: 'shape',
      },
      normalizer: { type: 'Sequence', normalizers: [{ type: 'Lowercase', only: 'ascii' }] },
      pre_tokenizer: { type: 'Punctuation' },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, speed: 3 },
    };
    const tokenizer = Tokenizer.fromJSON(json);
    expect(tokenizer.toJSON()).toEqual(json);
    expect(Tokenizer.fromJSON(JSON.stringify(tokenizer)).toJSON()).toEqual(json);
    // What is given back is nobody's to change.
    (tokenizer.toJSON().pre_tokenizer as Record<string, unknown>).type = 'Digits';
    json.pre_tokenizer.type = 'Whitespace';
    expect(tokenizer.toJSON().pre_tokenizer).toEqual({ type: 'Punctuation' });
  });
});
