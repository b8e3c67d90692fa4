import { describe, expect, test } from 'vitest';
import { type Tokenizer, trainByteLevelBpe, trainWordPiece } from '../src/index.js';
import { golden } from './goldens.js';

interface Training {
  text: string;
  bpe: {
    options: { max_token_length?: number; min_frequency?: number };
    addPrefixSpace: boolean;
    merges: string[];
    vocab: string[];
  }[];
  wordPiece: { vocabSize: number; lowercase: boolean; specialTokens: string[]; vocab: string[] }[];
}

const { text, bpe, wordPiece } = golden<Training>('training');

function inOrder(tokenizer: Tokenizer): string[] {
  return [...tokenizer.vocab()].sort(([, a], [, b]) => a - b).map(([token]) => token);
}

describe('the vocabulary and merges of the Rust library', () => {
  test.each(bpe.map((c) => [JSON.stringify(c.options), c.addPrefixSpace, c] as const))(
    'byte-level BPE %s, prefix space %s',
    async (_options, addPrefixSpace, c) => {
      const lines = text.split(/(?<=\n)/);
      const tokenizer = await trainByteLevelBpe(lines, {
        vocabSize: 500,
        minFrequency: c.options.min_frequency ?? 2,
        maxTokenLength: c.options.max_token_length,
        addPrefixSpace,
      });
      const { merges } = tokenizer.toJSON().model as { merges: string[][] };
      expect(merges.map((pair) => pair.join(' '))).toEqual(c.merges);
      expect(inOrder(tokenizer)).toEqual(c.vocab);
    },
  );

  test.each(wordPiece.map((c) => [c.vocabSize, c.lowercase, c] as const))(
    'WordPiece %i, lowercase %s',
    async (vocabSize, lowercase, { specialTokens, vocab }) => {
      const tokenizer = await trainWordPiece([text], { vocabSize, lowercase, specialTokens });
      expect(inOrder(tokenizer)).toEqual(vocab);
    },
  );
});
