import { describe, expect, test } from 'vitest';
import { bertTokenizer, Tokenizer } from '../src/index.js';
import { type GoldenEncoding, golden, plain } from './goldens.js';

interface History {
  config: { model: object } & object;
  tokens: {
    content: string;
    single_word: boolean;
    lstrip: boolean;
    rstrip: boolean;
    normalized: boolean;
    special: boolean;
  }[];
  counts: number[];
  size: number;
  ids: (number | null)[];
  texts: (string | null)[];
  decoded: string[];
  written: object[];
  runs: { text: string; plainSpecials: boolean; encoding: GoldenEncoding }[];
}

const VOCAB = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'b'];

describe('tokens that are added one after the other, as the Rust library has them', () => {
  const { vocab, cases } = golden<{ vocab: string[]; cases: History[] }>('added-tokens');

  test.each(cases.map((c, i) => [i, c] as const))('history %i', (_i, c) => {
    const ids = Object.fromEntries(vocab.map((token, i) => [token, i]));
    const tokenizer = Tokenizer.fromJSON({ ...c.config, model: { ...c.config.model, vocab: ids } });
    const counts = c.tokens.map(({ single_word: singleWord, special, ...token }) => {
      const added = [
        {
          content: token.content,
          singleWord,
          lstrip: token.lstrip,
          rstrip: token.rstrip,
          normalized: token.normalized,
        },
      ];
      return special ? tokenizer.addSpecialTokens(added) : tokenizer.addTokens(added);
    });
    expect(counts).toEqual(c.counts);
    expect(tokenizer.vocabSize).toBe(c.size);
    expect(tokenizer.vocab().size).toBe(c.size);
    expect(c.tokens.map(({ content }) => tokenizer.tokenToId(content) ?? null)).toEqual(c.ids);
    expect(c.texts.map((_, id) => tokenizer.idToToken(id) ?? null)).toEqual(c.texts);
    expect(c.decoded.map((_, id) => tokenizer.decode([id]))).toEqual(c.decoded);
    expect(tokenizer.toJSON().added_tokens).toEqual(c.written);
    for (const { text, plainSpecials, encoding } of c.runs) {
      const options = { encodeSpecialTokens: plainSpecials };
      expect(plain(tokenizer.encode(text, options)), text).toEqual(encoding);
      expect([...tokenizer.encodeIds(text, options)]).toEqual(encoding.ids);
    }
  });
});

describe('finding added tokens', () => {
  test('takes linear time in texts that nearly match again and again', () => {
    // Prefixes of 4,000 units that overlap at every place: without the automaton, 800 million steps.
    const long = 'a'.repeat(4000);
    const tokenizer = bertTokenizer({ vocab: VOCAB });
    tokenizer.addTokens([
      { content: `${long}!`, normalized: false },
      { content: `${long}?`, normalized: false },
      { content: 'ab', normalized: false },
    ]);
    const start = performance.now();
    const ids = tokenizer.encodeIds(`${'a'.repeat(200_000)}b ${long}!`);
    expect([...ids].slice(-3)).toEqual([1, 9, 7]);
    const spaces = bertTokenizer({ vocab: VOCAB });
    spaces.addTokens([{ content: ' ', normalized: false, rstrip: true }]);
    expect(spaces.encodeIds(' '.repeat(100_000)).length).toBe(100_000);
    expect(performance.now() - start).toBeLessThan(4000);
  });

  test('the automaton finds what the trie finds', () => {
    const tokens = ['ab', 'abab!', 'b', 'baba', 'aab?', 'bab', 'ababab#'];
    const text = 'abababaababbabababa!abab!aab?ababab#b'.repeat(40);
    const by = (prefix: string): number[] => {
      const tokenizer = bertTokenizer({ vocab: VOCAB });
      tokenizer.addTokens(tokens.map((content) => ({ content, normalized: false })));
      const { ids, offsets } = tokenizer.encode(prefix + text, { addSpecialTokens: false });
      return [...ids].filter((_, i) => offsets[i][0] >= prefix.length);
    };
    // A prefix of near misses makes the trie give up; the space keeps it apart from what follows.
    expect(by(`${'ababab'.repeat(3000)} `)).toEqual(by(' '));
  });

  test('what was encoded keeps its tokens when others are added', () => {
    const tokenizer = bertTokenizer({ vocab: VOCAB });
    tokenizer.addTokens([{ content: 'New', normalized: false }]);
    const encoding = tokenizer.encode('New a', { addSpecialTokens: false });
    tokenizer.addTokens(['New', { content: 'A', normalized: true }]);
    expect(encoding.tokens).toEqual(['New', 'a']);
  });

  test.each<[() => unknown, string]>([
    [() => bertTokenizer({ vocab: VOCAB }).addTokens([5 as never]), 'TOKENIZER_INPUT_INVALID'],
    [() => bertTokenizer({ vocab: VOCAB }).addTokens([null as never]), 'TOKENIZER_INPUT_INVALID'],
    [
      () => bertTokenizer({ vocab: VOCAB }).addTokens([{ content: 'x', lstrip: 1 } as never]),
      'TOKENIZER_OPTION_INVALID',
    ],
    [
      () => bertTokenizer({ vocab: VOCAB }).addTokens([{ content: 'x', strip: true } as never]),
      'TOKENIZER_OPTION_UNKNOWN',
    ],
  ])('refusal %#', (work, code) => {
    expect(work).toThrow(expect.objectContaining({ code }));
  });
});
