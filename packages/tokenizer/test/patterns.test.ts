import { describe, expect, test } from 'vitest';
import { TokenizerError } from '../src/errors.js';
import { type Pattern, readPattern } from '../src/patterns/pattern.js';
import { propertySet } from '../src/patterns/properties.js';
import { RegexPattern } from '../src/patterns/regex.js';
import { ScannedPattern } from '../src/patterns/scanned.js';
import { knownScanner } from '../src/pre-tokenizers/known-patterns.js';
import { IntList } from '../src/text/int-list.js';
import { golden } from './goldens.js';
import { matchesOf } from './live/pattern-matches.js';

type Row = [text: string, spans: number[], replaced: string];

const { patterns, invalid, properties } = golden<{
  patterns: [pattern: string, rows: Row[] | null][];
  invalid: string[];
  properties: Record<string, [size: number, sum: number]>;
}>('regex');

const compiled = new Map<string, RegexPattern>();

/** Regular expressions go to the engine, even where there is a scanner for them. */
function patternOf(given: { String: string } | { Regex: string }): Pattern {
  if ('String' in given) return readPattern(given, 'pattern');
  let regex = compiled.get(given.Regex);
  if (regex === undefined) {
    regex = new RegexPattern(given.Regex);
    compiled.set(given.Regex, regex);
  }
  return regex;
}

function find(given: { String: string } | { Regex: string }, text: string, from = 0, to = text.length): number[] {
  const out = new IntList();
  patternOf(given).findAll(text, from, to, out);
  return [...out.toArray()];
}

function matches(source: string, text: string): [number[], string] {
  return matchesOf(patternOf({ Regex: source }), text);
}

function codeOf(source: string): string | undefined {
  try {
    readPattern({ Regex: source }, 'pattern');
  } catch (error) {
    if (error instanceof TokenizerError) return error.code;
    throw error;
  }
  return undefined;
}

describe('strings', () => {
  test('are found as they stand, without overlap and within the range', () => {
    expect(find({ String: 'aa' }, 'aaa baa')).toEqual([0, 2, 5, 7]);
    expect(find({ String: '.' }, 'a.b')).toEqual([1, 2]);
    expect(find({ String: 'ab' }, 'abab', 1, 3)).toEqual([]);
    expect(find({ String: 'ab' }, 'xabab', 1, 4)).toEqual([1, 3]);
  });

  test('that are empty match between code points, and nowhere in an empty range', () => {
    expect(find({ String: '' }, 'a😀b')).toEqual([0, 0, 1, 1, 3, 3, 4, 4]);
    expect(find({ String: '' }, '')).toEqual([]);
  });

  test.each([[null], [{}], [{ String: 1 }], [{ String: 'a', Regex: 'b' }], [{ Other: 'a' }]])(
    '%j is refused',
    (json) => {
      expect(() => readPattern(json as never, 'pre_tokenizer.pattern')).toThrow(/^pre_tokenizer\.pattern/);
    },
  );
});

describe('regular expressions', () => {
  test('match as in the Rust library', () => {
    for (const [pattern, rows] of patterns) {
      if (rows === null) {
        expect(codeOf(pattern), pattern).toMatch(/TOKENIZER_(JSON_MALFORMED|PATTERN_UNSUPPORTED)/);
        continue;
      }
      // Refused where Oniguruma's ways are not clear: look-behind of varying length, and some repetitions of nothing.
      if (codeOf(pattern) === 'TOKENIZER_PATTERN_UNSUPPORTED' && /\(\?<|,\}/.test(pattern)) continue;
      for (const [text, ...expected] of rows)
        expect(matches(pattern, text), `${pattern} in ${JSON.stringify(text)}`).toEqual(expected);
    }
  });

  test.each(invalid)('%j is refused', (pattern) => {
    expect(codeOf(pattern)).toBe('TOKENIZER_JSON_MALFORMED');
  });

  test('see only the range they are given', () => {
    expect(find({ Regex: '^.|.$|(?<=x)b|\\bc' }, 'xabcdx', 1, 5)).toEqual([1, 2, 4, 5]);
    expect(find({ Regex: 'b(?!c)|\\z' }, 'abcd', 0, 2)).toEqual([1, 2]);
    expect(find({ Regex: '\\z|\\A' }, 'abcd', 1, 3)).toEqual([1, 1, 3, 3]);
  });

  test.each(Object.entries(properties))("\\p{%s} is the library's", (name, [size, sum]) => {
    const set = propertySet(name)!;
    let [count, total] = [0, 0];
    for (let i = 0; i < set.length; i += 2) {
      for (let code = set[i]; code < Math.min(set[i + 1], 0x32000); code++) {
        if (code >= 0xd800 && code <= 0xdfff) continue;
        count++;
        total += code;
      }
    }
    expect([count, total]).toEqual([size, sum]);
  });
});

/** Of tokenizer.json of GPT-2, Llama 3, GPT-4o, Qwen, DeepSeek, BLOOM, Falcon, CLIP, Kimi, Tekken and their like. */
const OF_MODELS: [source: string, text: string, spans: number[]][] = [
  [
    String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
    "a's  b",
    [0, 1, 1, 3, 3, 4, 4, 6],
  ],
  [
    String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    'a 1234',
    [0, 1, 1, 2, 2, 5, 5, 6],
  ],
  [
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    "AbC's",
    [0, 2, 2, 5],
  ],
  [
    String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_\`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.replace(
      '\\`',
      '`',
    ),
    '(ab) c',
    [0, 3, 3, 4, 4, 6],
  ],
  ['[一-龥\u0800-一가-\ud7ff]+', 'a漢字b', [1, 3]],
  [String.raw`\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-Ֆ]+`, 'a b', [0, 1, 1, 3]],
  [String.raw`\s?[!-/:-~！-／：-～‘-‟　-。]+`, 'a ！', [0, 1, 1, 3]],
  [String.raw`\s+$`, 'a \n', [1, 3]],
  [' ?[^(\\s|[.,!?…。，、।۔،])]+', 'ab, c', [0, 2, 3, 5]],
  ['[0-9][0-9][0-9]', '12345', [0, 3]],
  ['[\r\n]', 'a\nb', [1, 2]],
  [' {2,}', 'a  b', [1, 3]],
  [
    String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`,
    '<|endoftext|>a',
    [0, 13, 13, 14],
  ],
  [String.raw`(?i)'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`, "A'S", [0, 1, 1, 3]],
  [
    String.raw`[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    '漢字ab',
    [0, 2, 2, 4],
  ],
];

describe('patterns of well-known tokenizers', () => {
  test.each(OF_MODELS)('%s', (source, text, spans) => {
    expect(find({ Regex: source }, text)).toEqual(spans);
  });
});

describe('known patterns', () => {
  const known = golden<{ texts: string[]; patterns: { engine: string; pattern: string; lengths: number[][] }[] }>(
    'pattern-goldens',
  );
  const sources = known.patterns.filter(({ engine }) => engine === 'oniguruma');

  test.each(sources.map(({ pattern, lengths }) => [pattern, lengths] as const))('%s', (pattern, lengths) => {
    known.texts.forEach((text, i) => {
      const found = find({ Regex: pattern }, text);
      expect(found.flatMap((end, k) => (k % 2 === 1 ? [end - found[k - 1]] : []), text)).toEqual(lengths[i]);
    });
    const scan = knownScanner(pattern)!;
    const letters = [..."aBſ'sStTdmlLvVrREe1٣½ \n\r\t\u00a0\u3000.,-_!漢あ\u0301ǅʰ😀𐐀"];
    let seed = 1;
    for (let round = 0; round < 300; round++) {
      let text = '';
      for (let k = 0; k < 40; k++) {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        text += letters[(seed >>> 8) % letters.length];
      }
      const scanned = new IntList();
      scan(text, 0, text.length, scanned);
      expect(find({ Regex: pattern }, text), JSON.stringify(text)).toEqual([...scanned.toArray()]);
    }
  });

  test('are run by their scanners', () => {
    for (const { pattern } of sources) expect(readPattern({ Regex: pattern }, 'here')).toBeInstanceOf(ScannedPattern);
  });
});

test('the small numbers of Latin-1 are word characters alone, but not in a class', () => {
  const spans = (pattern: string) => matches(pattern, 'a½ b')[0];
  expect(spans('\\w+')).toEqual([0, 2, 3, 4]);
  expect(spans('\\p{Word}+')).toEqual([0, 2, 3, 4]);
  expect(spans('[\\w]+')).toEqual([0, 1, 3, 4]);
  expect(spans('[[:word:]]+')).toEqual([0, 1, 3, 4]);
  expect(spans('\\W+')).toEqual([2, 3]);
  expect(spans('[^\\w]+')).toEqual([1, 3]);
  expect(spans('[\\W]+')).toEqual([1, 3]);
});

test('three letters that one folds to go together', () => {
  expect(find({ Regex: '(?i)ffi' }, 'ﬃ ffi ﬀi FFI')).toEqual([0, 1, 2, 5, 9, 12]);
  expect(find({ Regex: '(?i)\u0390' }, '\u0390 \u03b9\u0308\u0301 \u1fd3')).toEqual([0, 1, 2, 5, 6, 7]);
});
