import type { JsonObject } from '../../../src/index.js';
import type { Rng } from '../rng.js';

const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const CL100K =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const O200K = [
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
  '\\p{N}{1,3}',
  ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*',
  '\\s*[\\r\\n]+',
  '\\s+(?!\\S)',
  '\\s+',
].join('|');

/** Patterns of published tokenizers, and small ones. */
const KNOWN = [
  GPT2,
  CL100K,
  O200K,
  "(?:'([sS]|[tT]|[dD]))|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  '\\s+',
  '\\s',
  ' ',
  '\\w+|[^\\w\\s]+',
  '\\w+',
  '\\b',
  '\\d{1,3}',
  '\\d{1,3}(?=(\\d{3})*\\b)',
  '[0-9]',
  '\\p{N}{1,3}',
  '[一-龥぀-ゟ゠-ヿ]+',
  '[!-/:-~！-／：-～‘-‟　-。]+',
  '[^\\s]+',
  '\\p{P}',
  '[\\p{P}\\p{S}]',
  '.',
  'a',
  'a|b',
  '[a-c]+',
  'a*',
  '^a',
  'a$',
  '(?i)abc',
  '(?<=a)b',
  '(?<!a)b',
  'b(?=a)',
  'b(?!a)',
  ' ?\\p{Han}+',
  '[^\\n]+|\\n+',
  '\\p{Lu}',
  '\\p{L}\\p{M}*',
  '(a)(b)?',
  '[[:alpha:]]+',
  '\\h+',
  '\\x61',
  '\\u0061|é',
];

const ATOMS = [
  'a',
  'b',
  'c',
  'é',
  ' ',
  '\\s',
  '\\S',
  '\\w',
  '\\W',
  '\\d',
  '\\D',
  '\\p{L}',
  '\\P{L}',
  '\\p{N}',
  '\\p{Lu}',
];
const CLASSES = ['[ab]', '[^a]', '[a-z]', '[^\\s\\p{L}]', '[A-Z0-9]', '[\\r\\n]', '[^\\w]', '[a-c&&[^b]]', '[.]', '.'];
const ENDS = ['', '', '', '', '?', '+', '*', '{2}', '{1,3}', '+?', '*?', '??'];

/** A small expression; nested repetition is left out, since the Rust library backtracks. */
function expression(rng: Rng, depth: number): string {
  const part = (): string => {
    if (depth > 0 && rng.chance(0.25)) {
      const open = rng.weighted([
        [4, '(?:'],
        [2, '('],
        [1, '(?i:'],
        [2, '(?='],
        [2, '(?!'],
        [1, '(?>'],
      ]);
      return `${open}${expression(rng, depth - 1)})${open === '(?:' || open === '(' ? rng.pick(['', '', '?']) : ''}`;
    }
    return rng.pick(rng.chance(0.7) ? ATOMS : CLASSES) + rng.pick(ENDS);
  };
  return rng.list(1, rng.pick([1, 1, 2, 3]), () => rng.list(1, 3, part).join('')).join('|');
}

export function randomRegex(rng: Rng): string {
  return rng.chance(0.6) ? rng.pick(KNOWN) : expression(rng, 2);
}

/** As Split and Replace have it. */
export function randomPattern(rng: Rng, words: readonly string[]): JsonObject {
  if (rng.chance(0.35)) return { String: rng.pick([' ', 'a', 'ab', '.', '\n', '▁', "'", ...words.slice(0, 5)]) || ' ' };
  return { Regex: randomRegex(rng) };
}
