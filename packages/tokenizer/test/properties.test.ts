import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bertTokenizer, gpt2Tokenizer, type Tokenizer } from '../src/index.js';
import { gpt2PretokenEnd } from '../src/pre-tokenizers/gpt2-scanner.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';
import { CLASSES, LETTER, NUMBER, SPACE } from '../src/unicode/classes.js';

const merges = ['h e', 'l l', 'he ll', 'hell o', 'Ġ w', 'Ã ©', 'ð Ł', 'a b', 'b a', 'ab ab', "' s"].map(
  (line) => line.split(' ') as [string, string],
);
const gpt2 = gpt2Tokenizer({
  vocab: [...byteAlphabet(), ...merges.map((pair) => pair.join('')), '<|endoftext|>'],
  merges,
});
const letters = [...'abcdefghijklmnopqrstuvwxyzàé'];
const bert = bertTokenizer({
  vocab: [
    '[PAD]',
    '[UNK]',
    '[CLS]',
    '[SEP]',
    '[MASK]',
    ...letters,
    ...letters.map((c) => `##${c}`),
    'the',
    '##ing',
    '.',
  ],
});

/** Unicode text with the characters that matter here well represented. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(..."ab hello'sl é\n\t 😀1²京.,İ\u0301") }),
  fc.array(fc.constantFrom('hello', ' w', "'s", '<|endoftext|>', '[MASK]', 'the', ' ', 'ing')).map((a) => a.join('')),
);
/** Also lone surrogates. */
const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));

test('byte-level: decode(encode(x)) is x', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(gpt2.decode(gpt2.encodeIds(text), { skipSpecialTokens: false })).toBe(text);
    }),
  );
});

test('a lone surrogate counts as U+FFFD', () => {
  fc.assert(
    fc.property(units, (text) => {
      const mended = new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
      expect(gpt2.decode(gpt2.encode(text).ids, { skipSpecialTokens: false })).toBe(mended);
    }),
  );
});

describe.each<[string, Tokenizer]>([
  ['byte-level BPE', gpt2],
  ['WordPiece', bert],
])('%s', (_, tokenizer) => {
  test('encodeIds gives what encode gives', () => {
    fc.assert(
      fc.property(fc.oneof(texts, units), (text) => {
        expect(tokenizer.encodeIds(text)).toEqual(tokenizer.encode(text, { addSpecialTokens: false }).ids);
      }),
    );
  });

  test('offsets lie in the text, in order, and words do not overlap', () => {
    fc.assert(
      fc.property(fc.oneof(texts, units), (text) => {
        const { offsets, wordIds } = tokenizer.encode(text, { addSpecialTokens: false });
        offsets.forEach(([start, end], i) => {
          expect(start).toBeGreaterThanOrEqual(i === 0 ? 0 : offsets[i - 1][0]);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
          if (i > 0 && wordIds[i] !== wordIds[i - 1]) expect(start).toBeGreaterThanOrEqual(offsets[i - 1][1]);
        });
      }),
    );
  });

  test('a decoding stream gives what decode gives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(tokenizer.vocabSize - 1)), fc.boolean(), (ids, skipSpecialTokens) => {
        const stream = tokenizer.decodeStream({ skipSpecialTokens });
        const parts = ids.map((id) => stream.push(id));
        for (const part of parts) expect(part).not.toMatch(/\p{Surrogate}/u);
        expect(parts.join('') + stream.end()).toBe(tokenizer.decode(ids, { skipSpecialTokens }));
      }),
    );
  });
});

test('tokens of ASCII text are slices of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      const { offsets, tokens } = gpt2.encode(text);
      tokens.forEach((token, i) => {
        expect(text.slice(...offsets[i])).toBe(token.replaceAll('Ġ', ' '));
      });
    }),
  );
});

test("the scanner's pretokens are those of GPT-2's pattern", () => {
  // The engine's Unicode is newer than the tables': only characters on which they agree take part.
  const pattern =
    /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
  const agreed = (character: string): boolean => {
    const classes = CLASSES[character.codePointAt(0)!];
    return (
      /\p{L}/u.test(character) === ((classes & LETTER) !== 0) &&
      /\p{N}/u.test(character) === ((classes & NUMBER) !== 0) &&
      /\p{White_Space}/u.test(character) === ((classes & SPACE) !== 0)
    );
  };
  fc.assert(
    fc.property(texts, (given) => {
      const text = [...given].filter(agreed).join('');
      const found: string[] = [];
      for (let i = 0; i < text.length; ) {
        const end = gpt2PretokenEnd(text, i, text.length);
        found.push(text.slice(i, end));
        i = end;
      }
      expect(found).toEqual(text.match(pattern) ?? []);
    }),
    { numRuns: 500 },
  );
});
