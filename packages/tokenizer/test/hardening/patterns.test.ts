import { describe, expect, test } from 'vitest';
import { TokenizerError } from '../../src/errors.js';
import { MAX_COST } from '../../src/patterns/program-builder.js';
import { RegexPattern } from '../../src/patterns/regex.js';
import { StateTable } from '../../src/patterns/state-table.js';
import { IntList } from '../../src/text/int-list.js';

function find(source: string, text: string): number[] {
  const out = new IntList();
  new RegexPattern(source).findAll(text, 0, text.length, out);
  return [...out.toArray()];
}

function codeOf(source: string): string | undefined {
  try {
    new RegexPattern(source);
  } catch (error) {
    if (error instanceof TokenizerError) return error.code;
    throw error;
  }
  return undefined;
}

/** Letters a and b at random: every position differs from all others in what comes within sixty letters. */
function noise(length: number): string {
  let seed = 1;
  let text = '';
  for (let i = 0; i < length; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    text += (seed >>> 16) & 1 ? 'a' : 'b';
  }
  return text;
}

const TEXTS: [name: string, text: (length: number) => string][] = [
  ['one letter', (length) => 'a'.repeat(length)],
  ['noise', noise],
  ['letters of all planes', (length) => 'aß漢😀\n'.repeat(length / 5).slice(0, length)],
];

describe('hostile patterns take steps in proportion to the text', () => {
  const hostile = [
    '(a*)*b',
    '(a|a)*b',
    '(.*)*x',
    '(?:a+)+$b',
    '(a+b|a)',
    'a(?=.*b)|a(?=.*a)',
    '(?:(?:a?){20}a{20})*b',
    '(((((a*)*)*)*)*)*b',
    '(?>(?:a|aa)*+)b',
    '(?<=aaaa)b|.*?b|a',
    '(?:a{1,10}){1,10}b',
    '[ab]{900}a',
    '(?:a|b){280}a',
    '(?:[ab]?){200}a[ab]{20}a',
    '(?:(?:c?d?e?f?){90}[ab])*(?=[ab]{25}a)',
    '(?:(?>a|b|ab)){80}a',
    '(?:[ab]?+){40}[ab]{25}a',
    '(?:(?:\\b|\\B)(?:a|b)){100}a',
    '(?:(?:(?=a)()|(?!b)()|\\B()|())){15}[ab]{25}a',
    `${'(?>[ab]?'.repeat(25)}[ab]{30}a${')'.repeat(25)}`,
    `(?<=${'[ab]'.repeat(40)}c|${'[ab]'.repeat(40)}[ab])[ab]{25}a`,
    '(?=(?:a|b)*a(?:a|b){13}c)a|b(?=(?:a|b){12}a)',
  ];

  test.each(hostile)('%s', (source) => {
    for (const [name, textOf] of TEXTS) {
      const regex = new RegexPattern(source);
      const text = textOf(2000);
      const out = new IntList();
      regex.findAll(text, 0, text.length, out);
      // Outcomes are found twice, and each match is walked through once.
      expect(regex.steps, name).toBeLessThanOrEqual(3 * MAX_COST * (text.length + 2));
      // What has been seen is known: a short text again costs next to nothing.
      const before = regex.steps;
      regex.findAll('ab', 0, 2, out);
      regex.findAll('ab', 0, 2, out);
      expect(regex.steps - before, name).toBeLessThanOrEqual(12 * MAX_COST);
    }
  });

  test('a pattern of a common sort takes few steps, whatever the length', () => {
    const regex = new RegexPattern('\\w+|\\s+(?!\\S)|\\s');
    regex.findAll('ab cd  '.repeat(100), 0, 700, new IntList());
    const { steps } = regex;
    regex.findAll('ab cd  '.repeat(10_000), 0, 70_000, new IntList());
    expect(regex.steps).toBe(steps);
  });

  test('many states of the automaton do not change the matches', () => {
    const letters = Array.from({ length: 60_000 }, (_, i) => ((i * 7919) % 101 < 50 ? 'a' : 'b')).join('');
    const found = find('(?=(?:a|b)*a(?:a|b){13}c)a|b(?=(?:a|b){12}a)', letters);
    const expected: number[] = [];
    for (let i = 0; i + 13 < letters.length; i++)
      if (letters[i] === 'b' && letters[i + 13] === 'a') expected.push(i, i + 1);
    expect(found).toEqual(expected);
  });

  test('nor do so many that they are forgotten again and again', () => {
    const text = noise(5000);
    const found = find('[ab](?:[ab](?=[ab]{700}a))?', text);
    const expected: number[] = [];
    for (let i = 0; i < text.length; ) {
      const end = i + (text[i + 702] === 'a' ? 2 : 1);
      expected.push(i, end);
      i = end;
    }
    expect(found).toEqual(expected);
  });
});

test('states that only share their hash are told apart', () => {
  const table = new StateTable(8, 0, 16);
  const words = new Int32Array(table.scratch.buffer);
  const mixed = (word: number) => {
    const hash = Math.imul(0x2545f491 ^ word, 0x5bd1e995);
    return hash ^ (hash >>> 15);
  };
  words.set([1, 0]);
  expect(table.intern()).toBe(0);
  words.set([2, mixed(1) ^ mixed(2)]);
  expect(table.intern()).toBe(1);
  words.set([1, 0]);
  expect(table.intern()).toBe(0);
});

const many = (length: number, each: (i: number) => string) => Array.from({ length }, (_, i) => each(i)).join('');
const beyond = (i: number) => String.fromCodePoint(0x10000 + (i % 1_000_000));

describe('patterns that are refused, and by name', () => {
  test.each([
    ['counts', 'a{1,1000}', /states/],
    ['many words', many(100_000, (i) => `w${i}|`), /states/],
    ['a long word', 'a'.repeat(300_000), /states/],
    ['a long word without regard to case', `(?i)${'s'.repeat(200_000)}`, /states/],
    ['one escape for many', `\\x{${'61 '.repeat(200_000)}}`, /states/],
    ['many quantifiers', `a${'{2,3}'.repeat(100_000)}`, /quantifiers/],
    ['many quantifiers on nested groups', `${'('.repeat(400)}a${`)${'{1,2}{0,3}'.repeat(20)}`.repeat(400)}`, /nested/],
    ['long options', '(?i)'.repeat(100_000), /nested/],
    ['large classes', `[${'\\p{L}'.repeat(100_000)}]`, /classes/],
    ['negated classes', '\\W\\S\\D'.repeat(50_000), /classes/],
    ['classes without regard to case', `(?i)${'[a]'.repeat(100_000)}`, /classes/],
    ['classes and classes', `[${'\\p{L}&&'.repeat(100_000)}a]`, /classes/],
    [
      'classes that divide all',
      many(30, (k) => `[${many(20_000, (i) => beyond(i * (7919 + 2 * k) * (k + 1)))}]`),
      /classes/,
    ],
    ['many look-behinds', '(?<=a)b(?<=b)'.repeat(20), /look-behinds|states/],
    ['a long look-behind', `(?<=${'ab'.repeat(200)})a`, /look-behind|states/],
    ['look-behind of many words', `(?<=${many(50_000, (i) => `w${i}|`)})a`, /look-behind|states/],
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
    expect(() => new RegexPattern(pattern, 'here')).toThrow(message);
  });

  test.each([
    ['a class of many characters', `[${many(60_000, (i) => beyond(2 * i))}]`],
    ['nested repetitions', `${'(?:'.repeat(450)}a${')*'.repeat(450)}`],
    ['look-behind of many characters', `(?<=${many(50_000, (i) => `${beyond(i)}|`)}b)a`],
  ])('%s is not', (_, pattern) => {
    expect(codeOf(pattern)).toBeUndefined();
  });
});
