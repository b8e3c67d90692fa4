import { describe, expect, test } from 'vitest';
import type { Json } from '../src/json/fields.js';
import { readNormalizer } from '../src/normalizers/from-json.js';
import { readPreTokenizer } from '../src/pre-tokenizers/from-json.js';
import { Pieces, type PreTokenizer } from '../src/pre-tokenizers/pre-tokenizer.js';
import { AlignedText } from '../src/text/aligned-text.js';
import { Tokenizer } from '../src/tokenizer.js';
import { golden } from './goldens.js';

interface Goldens {
  texts: string[];
  cases: { component: Json; rows: [pieces: string[], spans: number[]][] }[];
  json: [given: Json, written: Json][];
  first: { tokenizer: Json; rows: [text: string, tokens: string[], spans: number[]][] }[];
  digests: [component: Json, digests: number[]][];
}

const { texts, cases, json, first, digests } = golden<Goldens>('pre-tokenizers');

function divide(preTokenizer: PreTokenizer, text: string): [string[], number[]] {
  const divided = preTokenizer.split(Pieces.whole(AlignedText.of(text)));
  const words: string[] = [];
  const spans: number[] = [];
  for (let i = 0; i < divided.bounds.length; i += 2) {
    const [from, to] = [divided.bounds.data[i], divided.bounds.data[i + 1]];
    words.push(divided.text.text.slice(from, to));
    spans.push(divided.text.start(from), divided.text.end(to - 1));
  }
  return [words, spans];
}

describe('pieces as the Rust library has them', () => {
  test.each(cases.map(({ component, rows }) => [JSON.stringify(component), component, rows] as const))(
    '%s',
    (_, component, rows) => {
      const preTokenizer = readPreTokenizer(component)!;
      texts.forEach((text, i) => {
        expect(divide(preTokenizer, text), JSON.stringify(text)).toEqual(rows[i]);
      });
      expect(preTokenizer.toJSON()).toEqual(component);
    },
  );
});

test.each(json.map(([given, written]) => [JSON.stringify(given), given, written] as const))(
  '%s is read and written, or refused',
  (_, given, written) => {
    if (written === null) expect(() => readPreTokenizer(given)).toThrow(/^pre_tokenizer/);
    else expect(readPreTokenizer(given)?.toJSON()).toEqual(written);
  },
);

test.each([
  [{ type: 'FixedLength', length: 0 }, 'pre_tokenizer.length'],
  [{ type: 'Split', pattern: { Regex: '(a)\\1' }, behavior: 'Removed', invert: false }, 'pre_tokenizer.pattern.Regex'],
])('%j is refused', (given, message) => {
  expect(() => readPreTokenizer(given as Json)).toThrow(message);
});

test('what begins the original text is prepended to, and nothing else, with offsets and without', () => {
  for (const { tokenizer: given, rows } of first) {
    const tokenizer = Tokenizer.fromJSON(given as never);
    for (const [text, tokens, spans] of rows) {
      const encoding = tokenizer.encode(text);
      expect(encoding.tokens, JSON.stringify(text)).toEqual(tokens);
      expect(encoding.offsets.flat(), JSON.stringify(text)).toEqual(spans);
      expect([...tokenizer.encodeIds(text)], JSON.stringify(text)).toEqual([...encoding.ids]);
    }
  }
});

/** What becomes of each of `given`, all of them pieces of one text. */
function dividedAlone(preTokenizer: PreTokenizer, given: readonly string[]): string[][] {
  const pieces = new Pieces(AlignedText.of(given.join('')));
  const results: string[][] = given.map(() => []);
  const owner: number[] = [];
  given.forEach((text, i) => {
    pieces.bounds.push2(owner.length, owner.length + text.length);
    for (let k = 0; k < text.length; k++) owner.push(i);
  });
  const divided = preTokenizer.split(pieces);
  const { data, length } = divided.bounds;
  for (let i = 0; i < length; i += 2) results[owner[data[i]]].push(divided.text.text.slice(data[i], data[i + 1]));
  return results;
}

test('ByteLevel upon what a normalizer put before the text: written twice, or refused where the library panics', () => {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  const pieces = (text: string): Pieces => {
    const normal = readNormalizer({ type: 'Prepend', prepend: '' })!.normalize(AlignedText.of(text));
    return readPreTokenizer(byteLevel)!.split(Pieces.whole(normal));
  };
  expect(pieces(' ').text.text).toBe('Ġ ');
  expect(() => pieces('ab')).toThrow(expect.objectContaining({ code: 'TOKENIZER_NORMALIZATION_IMPOSSIBLE' }));
});

function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

test.each(digests.map(([component, expected]) => [JSON.stringify(component), component, expected] as const))(
  'every code point between letters under %s',
  (_, component, expected) => {
    const preTokenizer = readPreTokenizer(component)!;
    const found: number[] = [];
    for (let block = 0; block < 0x110000; block += 256) {
      const given: string[] = [];
      for (let code = block; code < block + 256; code++) {
        if (code < 0xd800 || code > 0xdfff) given.push(`あ${String.fromCodePoint(code)}a`);
      }
      const shapes = dividedAlone(preTokenizer, given).map((pieces) => {
        return pieces.map((piece) => piece.length - (/[\ud800-\udbff]/.test(piece) ? 1 : 0)).join();
      });
      const digest = fnv(shapes.join(';'));
      if (found.length > 0 && found[found.length - 2] === digest) found[found.length - 1]++;
      else found.push(digest, 1);
    }
    expect(found).toEqual(expected);
  },
  30_000,
);
