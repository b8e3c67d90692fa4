import { describe, expect, test } from 'vitest';
import { TokenizerError } from '../src/errors.js';
import { type Pattern, readPattern } from '../src/patterns/pattern.js';
import { propertySet } from '../src/patterns/properties.js';
import { RegexPattern } from '../src/patterns/regex.js';
import { ScannedPattern } from '../src/patterns/scanned.js';
import { knownScanner } from '../src/pre-tokenizers/known-patterns.js';
import { IntList } from '../src/text/int-list.js';
import { golden } from './goldens.js';

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

/** Spans of the non-empty matches in code points, and the text with all matches replaced by U+E000. */
function matches(source: string, text: string): [number[], string] {
  const found = find({ Regex: source }, text);
  const spans: number[] = [];
  let replaced = '';
  let last = 0;
  for (let i = 0; i < found.length; i += 2) {
    const [from, to] = [found[i], found[i + 1]];
    if (to > from) spans.push([...text.slice(0, from)].length, [...text.slice(0, to)].length);
    replaced += `${text.slice(last, from)}\ue000`;
    last = to;
  }
  return [spans, replaced + text.slice(last)];
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

describe('patterns that would take forever', () => {
  const text = 'a'.repeat(200_000);

  test.each([
    ['(a*)*b'],
    ['(a|a)*b'],
    ['(.*)*x'],
    ['(?:a+)+$b'],
    ['(a+b|a)'],
    ['a(?=.*b)|a(?=.*a)'],
    ['(?:(?:a?){20}a{20})*b'],
    ['(((((a*)*)*)*)*)*b'],
    ['(?>(?:a|aa)*+)b'],
    ['(?<=aaaa)b|.*?b|a'],
    ['(?:a{1,50}){1,50}b'],
  ])('%s is matched in time linear in the text', (pattern) => {
    const start = performance.now();
    find({ Regex: pattern }, text);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test.each([
    ['nested counts', '(?:(?:a{1000}){1000}){1000}', /states/],
    ['counts of nothing', '(?:(?:(?:){100000}){100000}){99999}a', /states/],
    ['nested groups', `${'('.repeat(100_000)}a${')'.repeat(100_000)}`, /nested/],
    ['nested look-ahead', '(?='.repeat(100_000), /nested/],
    ['nested classes', '['.repeat(100_000), /nested/],
    ['nested atomic groups', `${'(?>'.repeat(300)}a${')'.repeat(300)}`, /atomic/],
    ['a reference back', '(a)\\1', /reference back/],
    ['a call', '(?<x>a)\\g<x>', /call/],
    ['a condition', '(a)?(?(1)b|c)', /condition/],
    ['unbounded look-behind', '(?<=a+)b', /unbounded/],
    ['a repetition of nothing', '(?:a?|b){2,}', /\{2,\}/],
    ['an unknown property', '\\p{Klingon}', /Klingon/],
    ['an absent operator', '(?~a)', /absent/],
    ['\\K', 'a\\Kb', /\\\\K/],
  ])('%s: refused, and by name', (_, pattern, message) => {
    expect(codeOf(pattern)).toBe('TOKENIZER_PATTERN_UNSUPPORTED');
    expect(() => readPattern({ Regex: pattern }, 'here')).toThrow(message);
  });

  test('many states of the automaton do not take much memory, nor change the matches', () => {
    const letters = Array.from({ length: 60_000 }, (_, i) => ((i * 7919) % 101 < 50 ? 'a' : 'b')).join('');
    const found = find({ Regex: '(?=(?:a|b)*a(?:a|b){13}c)a|b(?=(?:a|b){12}a)' }, letters);
    const expected: number[] = [];
    for (let i = 0; i + 13 < letters.length; i++)
      if (letters[i] === 'b' && letters[i + 13] === 'a') expected.push(i, i + 1);
    expect(found).toEqual(expected);
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
