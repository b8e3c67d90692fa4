import type { Rng } from '../rng.js';

const SPACES = [' ', ' ', ' ', '  ', '\n', '\t', '\r\n', '\u00a0', '\u3000', '\u2028', '\u0085', '   ', '\n\n', ' \n '];
const PUNCTUATION = [...'.,!?;:-_\'"()[]{}<>/\\|@#$%^&*+=~`', '…', '—', '。', '，', '„', '“', '¿', '€', '§', '․'];
const DIGITS = ['0', '1', '42', '2024', '1000000', '½', '²', '٣', '四', 'Ⅷ', '１２'];
const CONTRACTIONS = ["'s", "'t", "'re", "'LL", '’s', "don't", "I'VE", "'ſ"];
const EMOJI = ['😀', '👍🏽', '👨‍👩‍👧‍👦', '🇩🇪', '❤️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'];
const COMBINING = ['\u0301', '\u0308', '\u0327', '\u20e3', '\u0591', '\u064b', '\u3099', '\u1ab0', '\ufe0f', '\u0345'];
const LETTERS = [...'abcdeABCDExyzé', 'ß', 'ÀÉ', 'İ', 'ı', 'ﬁ', 'ǆ', 'Σ', 'ς', 'Ω', 'K', 'Å', 'ø', 'ł', 'Ж', 'ё'];
const SCRIPTS = [
  '京都',
  '東',
  '가',
  '각',
  'ㄱ',
  'あ',
  'ア',
  'ｱ',
  'ไทย',
  'नमस्ते',
  'שלום',
  'مرحبا',
  '𝔘',
  '𠀀',
  'Ꭰ',
  'ᾳ',
  'ׁש',
];
const CONTROLS = [
  '\u0000',
  '\u0001',
  '\u200b',
  '\u200d',
  '\u00ad',
  '\ufeff',
  '\ufffd',
  '\u202e',
  '\u007f',
  '\u0600',
  '\ue000',
];
const MARKS = [
  '▁',
  'Ġ',
  'Ċ',
  '##',
  '</w>',
  '<0x41>',
  '<0xFF>',
  '[UNK]',
  '<unk>',
  '<s>',
  '__proto__',
  'constructor',
  'toString',
];
const WORDS = [
  'the',
  'hello',
  'world',
  'Paris',
  'abc',
  'aaaa',
  'abab',
  'unaffable',
  'HELLO',
  'hello-world',
  'a.b.c',
  'x1y2',
];

/** A code point of any plane; what is unassigned counts too. */
function anyCodePoint(rng: Rng): string {
  const code = rng.weighted([
    [4, rng.int(0, 0x2ff)],
    [4, rng.int(0x300, 0xd7ff)],
    [2, rng.int(0xe000, 0xffff)],
    [2, rng.int(0x10000, 0x1ffff)],
    [1, rng.int(0x20000, 0x10ffff)],
  ]);
  return String.fromCodePoint(code);
}

/** A piece of text as tokenizers meet it, or as they do not like it. `words`: what the tokenizer knows. */
export function piece(rng: Rng, words: readonly string[]): string {
  if (words.length > 0 && rng.chance(0.45)) return rng.pick(words);
  const kind = rng.weighted([
    [8, LETTERS],
    [6, SPACES],
    [3, PUNCTUATION],
    [2, DIGITS],
    [2, CONTRACTIONS],
    [1, EMOJI],
    [2, COMBINING],
    [2, SCRIPTS],
    [1, CONTROLS],
    [1, MARKS],
    [4, WORDS],
    [1, undefined],
  ]);
  return kind === undefined ? anyCodePoint(rng) : rng.pick(kind);
}

export function randomText(rng: Rng, words: readonly string[]): string {
  const most = rng.weighted([
    [1, 0],
    [3, 2],
    [6, 8],
    [3, 24],
  ]);
  const spaced = rng.chance(0.5);
  let text = '';
  const count = rng.int(0, most);
  for (let i = 0; i < count; i++) {
    const next = piece(rng, words);
    text += rng.chance(0.08) ? next.repeat(rng.int(2, 6)) : next;
    if (spaced && rng.chance(0.5)) text += ' ';
  }
  return text;
}

/** Characters a vocabulary may be made of. */
export function alphabet(rng: Rng): string[] {
  const base = rng.pick([
    [...'abc'],
    [...'abcdelohtr'],
    [...'abcxyzABC01'],
    [...'aé\u0301ßİ'],
    [...'a京都東가あ'],
    [...'ab😀𝔘'],
  ]);
  const extra = rng.list(0, 6, () => rng.pick([...LETTERS, ...PUNCTUATION, ...SCRIPTS, ...COMBINING, ...DIGITS]));
  return [...new Set([...base, ...extra.flatMap((text) => [...text])])];
}
