import { describe, expect, test } from 'vitest';
import { bertTokenizer, gpt2Tokenizer, type TokenizerError } from '../src/index.js';
import * as byteLevel from '../src/lean/byte-level.js';
import * as wordPiece from '../src/lean/wordpiece.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';

const VOCAB_TXT = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\r\ncat\n##s\n';
const MERGES_TXT = '#version: 0.2\nt h\nth e\r\n';
const vocabJson = JSON.stringify(
  Object.fromEntries([...byteAlphabet(), 'th', 'the', '<|endoftext|>'].map((t, i) => [t, i])),
);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as TokenizerError).code;
  }
  return 'none';
}

describe('the lean entry points', () => {
  test('wordpiece: from a vocab.txt and from tokenizer.json, the same as the whole package', () => {
    const vocab = wordPiece.parseVocabTxt(VOCAB_TXT);
    expect(vocab.slice(5)).toEqual(['the', 'cat', '##s']);
    const whole = bertTokenizer({ vocab });
    const json = JSON.stringify(whole);
    const bytes = new TextEncoder().encode(json);
    for (const lean of [
      wordPiece.bertTokenizer({ vocab }),
      wordPiece.tokenizerFromJSON(json),
      wordPiece.tokenizerFromJSON(bytes),
    ]) {
      expect(lean.encode('The cats', { pair: 'cat' }).toJSON()).toEqual(
        whole.encode('The cats', { pair: 'cat' }).toJSON(),
      );
      expect(lean.decode([2, 5, 6, 7, 3])).toBe('the cats');
      expect(JSON.stringify(lean)).toBe(json);
    }
  });

  test('byte-level: from vocab.json with merges.txt and from tokenizer.json', () => {
    const options = { vocab: byteLevel.parseVocabJson(vocabJson), merges: byteLevel.parseMerges(MERGES_TXT) };
    const whole = gpt2Tokenizer(options);
    for (const lean of [byteLevel.gpt2Tokenizer(options), byteLevel.tokenizerFromJSON(whole.toJSON())]) {
      expect(lean.encode('the 😀').toJSON()).toEqual(whole.encode('the 😀').toJSON());
      expect(lean.encodeIds('the')).toEqual(Int32Array.of(257));
      expect(lean.decode(lean.encodeIds('the 😀'))).toBe('the 😀');
    }
  });

  test('what they do not hold is refused by name', () => {
    const bert = bertTokenizer({ vocab: wordPiece.parseVocabTxt(VOCAB_TXT) }).toJSON();
    expect(codeOf(() => byteLevel.tokenizerFromJSON(bert))).toBe('TOKENIZER_COMPONENT_UNSUPPORTED');
    const gpt = { ...gpt2Tokenizer({ vocab: byteAlphabet(), merges: [] }).toJSON(), normalizer: null };
    expect(codeOf(() => wordPiece.tokenizerFromJSON(gpt))).toBe('TOKENIZER_COMPONENT_UNSUPPORTED');
    expect(codeOf(() => wordPiece.tokenizerFromJSON({ ...bert, model: null }))).toBe('TOKENIZER_JSON_MALFORMED');
    expect(codeOf(() => wordPiece.parseVocabTxt(''))).toBe('TOKENIZER_FILE_MALFORMED');
    expect(codeOf(() => byteLevel.parseMerges('a b c'))).toBe('TOKENIZER_FILE_MALFORMED');
    expect(codeOf(() => byteLevel.parseVocabJson('{"a":"b"}'))).toBe('TOKENIZER_FILE_MALFORMED');
  });
});
