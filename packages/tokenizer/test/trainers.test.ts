import { describe, expect, test } from 'vitest';
import { Tokenizer, type TrainingProgress, trainByteLevelBpe, trainWordPiece } from '../src/index.js';

const CORPUS = ['the cat sat on the mat', 'the cats sat', 'a mat for the cat', 'Ünïted 東京 cats'];

/** Distinct words by the thousand, from a fixed linear congruential generator. */
function manyWords(count: number): string {
  let state = 1;
  const words: string[] = [];
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    words.push(state.toString(32));
  }
  return words.join(' ');
}

describe.each([
  ['trainWordPiece', trainWordPiece],
  ['trainByteLevelBpe', trainByteLevelBpe],
] as const)('%s', (_, train) => {
  test('the order of the texts and the kind of iterable do not matter', async () => {
    async function* later() {
      for (const text of CORPUS.toReversed()) yield text;
    }
    const a = await train(CORPUS, { vocabSize: 300, minFrequency: 1 });
    const b = await train(later(), { vocabSize: 300, minFrequency: 1 });
    expect(b.toJSON()).toEqual(a.toJSON());
    expect(Tokenizer.fromJSON(JSON.stringify(a)).encode('the cats').tokens).toEqual(a.encode('the cats').tokens);
  });

  test('one long text is the same as its words', async () => {
    const text = manyWords(20_000);
    const whole = await train([text], { vocabSize: 600 });
    const parts = await train(text.split(/(?= )/), { vocabSize: 600 });
    expect(parts.toJSON()).toEqual(whole.toJSON());
    expect(whole.vocabSize).toBe(600);
  });

  test('an abort ends it, and others get their turn meanwhile', async () => {
    const controller = new AbortController();
    let turns = 0;
    const timer = setInterval(() => {
      if (++turns === 3) controller.abort(new Error('enough'));
    }, 1);
    const training = train([manyWords(300_000)], { vocabSize: 30_000, signal: controller.signal });
    await expect(training).rejects.toThrow('enough');
    clearInterval(timer);
    await expect(train(CORPUS, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });

  test('it reports how far it is', async () => {
    const reports: TrainingProgress[] = [];
    const tokenizer = await train(CORPUS, { vocabSize: 280, minFrequency: 1, onProgress: (p) => reports.push(p) });
    const units = CORPUS.reduce((sum, text) => sum + text.length, 0);
    expect(reports).toContainEqual({ stage: 'count', done: units });
    expect(reports.at(-1)).toEqual({ stage: 'merge', done: tokenizer.vocabSize, total: 280 });
  });

  test.each([
    [{ vocabSise: 3 }, 'TOKENIZER_OPTION_UNKNOWN'],
    [{ vocabSize: 0 }, 'TOKENIZER_OPTION_INVALID'],
    [{ initialAlphabet: ['ab'] }, 'TOKENIZER_OPTION_INVALID'],
  ])('refuses %j', async (options, code) => {
    await expect(train(CORPUS, options as object)).rejects.toMatchObject({ code });
  });

  test('refuses one string, and what is no string', async () => {
    await expect(train('one text' as unknown as string[])).rejects.toThrow(/wrap the string/);
    await expect(train([1] as unknown as string[])).rejects.toThrow(/found number/);
  });
});

describe('trainWordPiece', () => {
  test('BERT in, BERT out', async () => {
    const tokenizer = await trainWordPiece(CORPUS, { vocabSize: 60, minFrequency: 1 });
    expect([...tokenizer.vocab().keys()].slice(0, 5)).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);
    expect(tokenizer.encode('The cats').tokens).toEqual(['[CLS]', 'the', 'cats', '[SEP]']);
    expect(tokenizer.decode(tokenizer.encode('United 東').ids)).toBe('united 東');
  });

  test('limitAlphabet keeps the most frequent characters and those that must be', async () => {
    const options = {
      vocabSize: 1,
      limitAlphabet: 3,
      initialAlphabet: ['z'],
      specialTokens: ['[UNK]', '[CLS]', '[SEP]'],
    };
    const tokenizer = await trainWordPiece(['aaa bb c'], options);
    expect([...tokenizer.vocab().keys()]).toEqual(['[UNK]', '[CLS]', '[SEP]', 'a', 'b', 'z', '##a', '##b']);
  });

  test('special tokens of its own, and the prefix', async () => {
    const specialTokens = ['[UNK]', '[CLS]', '[SEP]', '<extra>'];
    const tokenizer = await trainWordPiece(CORPUS, { vocabSize: 40, specialTokens, continuingSubwordPrefix: '@@' });
    expect(tokenizer.encode('<extra>xa').tokens).toEqual(['[CLS]', '<extra>', '[UNK]', '[SEP]']);
    expect(tokenizer.tokenToId('@@a')).toBeDefined();
    await expect(trainWordPiece(CORPUS, { specialTokens: ['[UNK]'] })).rejects.toThrow(/\[CLS\], \[SEP\]/);
  });
});

test('trainByteLevelBpe knows every text', async () => {
  const tokenizer = await trainByteLevelBpe([], { vocabSize: 300 });
  expect(tokenizer.vocabSize).toBe(257);
  expect(tokenizer.tokenToId('<|endoftext|>')).toBe(0);
  expect(tokenizer.decode(tokenizer.encodeIds('Ünï 😀\u0000'))).toBe('Ünï 😀\u0000');
});
