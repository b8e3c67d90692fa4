import { describe, expect, test } from 'vitest';
import { retrain, type Tokenizer, trainByteLevelBpe, trainTokenizer, trainWordPiece } from '../src/index.js';

const CORPUS = ['the cat sat on the mat', 'the cats sat', 'a mat for the cat', 'Ünïted 東京 cats'];
const SPLIT = { type: 'WhitespaceSplit' };

function inOrder(tokenizer: Tokenizer): string[] {
  return [...tokenizer.vocab()].sort(([, a], [, b]) => a - b).map(([token]) => token);
}

describe('trainTokenizer', () => {
  test('has no pipeline unless it is given one', async () => {
    const tokenizer = await trainTokenizer(['ab ab', 'ab ab'], { model: 'bpe', vocabSize: 10 });
    const json = tokenizer.toJSON();
    expect([json.normalizer, json.pre_tokenizer, json.post_processor, json.decoder]).toEqual([null, null, null, null]);
    expect(inOrder(tokenizer)).toEqual([' ', 'a', 'b', 'ab', ' ab', 'ab ab']);
  });

  test('prefix and suffix: the forms of the characters come by kind, then by code point', async () => {
    const tokenizer = await trainTokenizer(['ba ab b'], {
      model: 'bpe',
      vocabSize: 1,
      preTokenizer: SPLIT,
      continuingSubwordPrefix: '#',
      endOfWordSuffix: '$',
    });
    expect(inOrder(tokenizer)).toEqual(['a', 'b', 'b$', '#a$', '#b$']);
    expect(tokenizer.toJSON().model).toMatchObject({ continuing_subword_prefix: '#', end_of_word_suffix: '$' });
  });

  test('a special token of one character is a character, even where it is not kept', async () => {
    const options = {
      model: 'bpe',
      vocabSize: 6,
      limitAlphabet: 1,
      specialTokens: ['b'],
      preTokenizer: SPLIT,
    } as const;
    expect(inOrder(await trainTokenizer(['aab aab cc'], options))).toEqual(['b', 'a', 'ab', 'aab']);
  });

  test('special tokens keep their properties, and a template finds their ids', async () => {
    const tokenizer = await trainTokenizer(CORPUS, {
      model: 'wordpiece',
      vocabSize: 40,
      preTokenizer: SPLIT,
      specialTokens: ['[UNK]', { content: '<s>', lstrip: true }],
      postProcessor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }],
        special_tokens: { '<s>': { id: '<s>', ids: [99], tokens: ['<s>'] } },
      },
      modelOptions: { unkToken: '[UNK]', maxInputCharsPerWord: 7 },
    });
    expect(tokenizer.encode('cat').ids[0]).toBe(1);
    expect(tokenizer.encode('cat  <s>', { addSpecialTokens: false }).tokens.at(-1)).toBe('  <s>');
    expect(tokenizer.addedTokens().get(1)).toMatchObject({ content: '<s>', lstrip: true, special: true });
    expect(tokenizer.toJSON().model).toMatchObject({ max_input_chars_per_word: 7 });
  });

  test.each([
    [{ model: 'bpee' }, /model must be one of bpe, wordpiece/],
    [{ model: 'bpe', shrinkingFactor: 0.5 }, /unknown option "shrinkingFactor"/],
    [{ model: 'wordlevel', limitAlphabet: 3 }, /unknown option "limitAlphabet"/],
    [{ model: 'bpe', modelOptions: { maxInputCharsPerWord: 3 } }, /unknown option "maxInputCharsPerWord"/],
    [{ model: 'unigram', shrinkingFactor: 1 }, /shrinkingFactor/],
    [{ model: 'bpe', specialTokens: [''] }, /non-empty/],
    [{ model: 'bpe', endOfWordSuffix: 3 }, /endOfWordSuffix must be a string/],
    [{ model: 'bpe', normalizer: { type: 'Nope' } }, /Nope/],
    [{ model: 'bpe', postProcessor: { type: 'BertProcessing', sep: ['[SEP]', 0], cls: ['[CLS]', 1] } }, /\[SEP\]/],
  ])('refuses %j', async (options, message) => {
    await expect(trainTokenizer(CORPUS, options as never)).rejects.toThrow(message);
  });

  test.each(['bpe', 'wordpiece', 'unigram', 'wordlevel'] as const)(
    '%s: an abort ends it, others get their turn',
    async (model) => {
      const words = Array.from({ length: 40_000 }, (_, i) => `${(i * 7919) % 100_003}x${i % 211}`);
      const controller = new AbortController();
      let turns = 0;
      const onProgress = ({ stage }: { stage: string }) => {
        if (stage !== 'count') controller.abort(new Error('enough'));
      };
      const timer = setInterval(() => turns++, 1);
      const options = { model, preTokenizer: SPLIT, vocabSize: 5000, signal: controller.signal };
      const training = trainTokenizer([words.join(' ')], model === 'wordlevel' ? options : { ...options, onProgress });
      if (model === 'wordlevel') await training;
      else await expect(training).rejects.toThrow('enough');
      clearInterval(timer);
      expect(turns).toBeGreaterThan(2);
    },
  );

  test('Unigram: the order of the texts does not matter, and it ends where nothing can be dropped', async () => {
    const options = { model: 'unigram', vocabSize: 40, preTokenizer: SPLIT, unkToken: '<unk>' } as const;
    const tokenizer = await trainTokenizer(CORPUS, options);
    expect((await trainTokenizer(CORPUS.toReversed(), options)).toJSON()).toEqual(tokenizer.toJSON());
    expect(tokenizer.encode('the cats').tokens.join('')).toBe('thecats');
    const tight = await trainTokenizer(['ab cd ab cd abcd', 'e abe'], {
      model: 'unigram',
      vocabSize: 5,
      preTokenizer: SPLIT,
    });
    expect(inOrder(tight)).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd', 'e']));
    await expect(trainTokenizer(CORPUS, { ...options, vocabSize: 5 })).rejects.toThrow(
      /does not hold the 16 characters/,
    );
  });

  test('tokens named like members of objects are tokens', async () => {
    const words = ['__proto__ constructor __proto__', 'toString __proto__ constructor'];
    const tokenizer = await trainTokenizer(words, { model: 'bpe', vocabSize: 100, preTokenizer: SPLIT });
    expect(tokenizer.encode('__proto__ constructor').tokens).toEqual(['__proto__', 'constructor']);
  });

  test.each<[object, string]>([
    [{ normalizer: { type: 'Lowercase', only: 'ascii' } }, 'the field "only"'],
    [
      { preTokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true, each: 1 }] } },
      'the field "each"',
    ],
    [{ decoder: { type: 'Fuse', tightly: true } }, 'the field "tightly"'],
    [{ postProcessor: { type: 'BertProcessing', sep: ['x', 0], cls: ['y', 0], bos: 'z' } }, 'the field "bos"'],
  ])('%j is refused before anything is read', async (components, words) => {
    const unread = {
      [Symbol.iterator]() {
        throw new Error('the corpus was read');
      },
    };
    await expect(trainTokenizer(unread, { model: 'bpe', ...components })).rejects.toThrow(words);
  });
});

describe('retrain', () => {
  test('the same corpus gives the same tokenizer', async () => {
    const piece = await trainWordPiece(CORPUS, { vocabSize: 60, minFrequency: 1 });
    expect((await retrain(piece, CORPUS, { minFrequency: 1, limitAlphabet: 1000 })).toJSON()).toEqual(piece.toJSON());
    const bytes = await trainByteLevelBpe(CORPUS, { vocabSize: 280, minFrequency: 1 });
    expect((await retrain(bytes, CORPUS, { minFrequency: 1 })).toJSON()).toEqual(bytes.toJSON());
  });

  test('special tokens stay, renamed where asked, new ones follow, other added tokens go', async () => {
    const tokenizer = await trainWordPiece(CORPUS, { vocabSize: 60, minFrequency: 1 });
    tokenizer.addTokens(['plain']);
    const again = await retrain(tokenizer, ['dogs bark', 'dogs'], {
      vocabSize: 50,
      newSpecialTokens: ['<new>'],
      specialTokensMap: new Map([['[CLS]', '<cls>']]),
    });
    expect(inOrder(again).slice(0, 6)).toEqual(['[PAD]', '[UNK]', '<cls>', '[SEP]', '[MASK]', '<new>']);
    expect(again.encode('Dogs plain').tokens).toEqual(['<cls>', 'dogs', '[UNK]', '[SEP]']);
  });

  test('refuses what the trainer of its model does not take', async () => {
    const tokenizer = await trainByteLevelBpe([], { vocabSize: 300 });
    await expect(retrain(tokenizer, CORPUS, { seedSize: 3 })).rejects.toMatchObject({
      code: 'TOKENIZER_OPTION_UNKNOWN',
    });
  });
});
