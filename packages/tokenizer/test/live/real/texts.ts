import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rng } from '../rng.js';

export interface TextOptions {
  /** Everything there is, instead of a sample. */
  all: boolean;
  seed: number;
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(txt|md|json)$/.test(entry.name) && entry.name !== 'PROVENANCE.txt')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Pieces of at most `size` units or so, cut after a line. */
function* pieces(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const line = text.indexOf('\n', at + size);
    const end = line < 0 || line > at + 2 * size ? Math.min(text.length, at + size) : line + 1;
    yield text.slice(at, end);
    at = end;
  }
}

/** The corpora of the data folder: English and Chinese books and news. */
export function* corpusTexts(data: string, { all, seed }: TextOptions): Generator<string> {
  const rng = new Rng(seed);
  for (const path of files(join(data, 'corpora'))) {
    const text = readFileSync(path, 'utf8');
    if (all) {
      yield* pieces(text, 20_000);
      continue;
    }
    const at = rng.int(0, text.length);
    // Mostly whole paragraphs, and one cut anywhere, which may be inside of a surrogate pair.
    yield* [...pieces(text.slice(at, at + 6000), 1500)];
  }
}

/** The sequences of Unicode's own test of its normalization forms. */
export function normalizationTexts(data: string, { all, seed }: TextOptions): string[] {
  const rng = new Rng(seed);
  const lines = readFileSync(join(data, 'unicode/NormalizationTest.txt'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    if (!/^[0-9A-F]/.test(line) || !(all || rng.chance(0.04))) return [];
    const forms = line.split('#')[0].split(';').slice(0, 5);
    return [...new Set(forms)].map((codes) =>
      String.fromCodePoint(...codes.split(' ').map((code) => Number.parseInt(code, 16))),
    );
  });
}

/** Every code point alone, and between letters; a sample leaves out most of the rarer ones. */
export function* codePointTexts({ all, seed }: TextOptions): Generator<string> {
  const rng = new Rng(seed);
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    if (!all && !rng.chance(code < 0x3100 ? 0.25 : code < 0x20000 ? 0.03 : 0.0005)) continue;
    const character = String.fromCodePoint(code);
    yield character;
    yield `a${character}b`;
  }
}

export const CURIOUS: readonly string[] = [
  '',
  ' ',
  '\n',
  '__proto__ constructor toString hasOwnProperty valueOf',
  '👨‍👩‍👧‍👦 👍🏽 🇩🇪🇫🇷 ❤️‍🔥 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🧑🏿‍🚀',
  'e\u0301\u0327\u0308 a\u0323\u0307 \u0301 x\u0301\u0301\u0301\u0301 ö\u0308',
  `z${'\u0300\u0327'.repeat(200)} end`,
  'שָׁלוֹם עֲלֵיכֶם, مَرْحَبًا بِالعَالَم ١٢٣ \u202eabc\u202c \u200fx\u200e',
  'हिन्दी में लिखा हुआ ไทยไม่เว้นวรรค 한국어 띄어쓰기 한 Ꭰꭰ ﷺ ㎏ ㈱ ﬃ',
  Array.from({ length: 0x20 }, (_, i) => `a${String.fromCharCode(i)}b`).join(' '),
  'a\u00a0b\u2007c\u202fd\u3000e\u1680f\u180eg\u200bh\u2060i\ufeffj\u0085k\u2028l\u2029m',
  "I'm you're we've they'll he'd it's can't DON'T I'M ’s 'S 'ſ",
  '1 12 123 1234 12345 1,234.56 ½ ² ٣٤ Ⅷ 一二三 １２３',
  '\r\n\r\n  \t\t \n \r x \n\n\n',
  'https://example.org/a?b=c&d=%20#e user@example.org C:\\dir\\file.txt --flag=value $HOME/*.ts',
  'const f = async (x) => { await g(x ?? 1_000n); }; // 注释 комментарий',
  'İstanbul ıI ﬁﬂ ẞß ǅǆ ΑΣ ας Σ ΌΣΟΣ K Å Ω ᾳ ᾼ ͅ',
  '[CLS] [SEP][MASK] [mask] [PAD]x[UNK] <|endoftext|><|endoftext|> x<|endoftext|> <unk> </w> ##ing',
  '\u0000\u0001\u007f\u0080\u009f\u00ad\u0600\u061c\ufff9\ufffd\ufffe\uffff\ue000\u{f0000}\u{10ffff}\u{e0001}',
  '東京都は日本の首都です。中文没有空格，标点“引号”——破折号…… ｶﾀｶﾅ ㍿ 𠮷野家 〇',
  `${'a'.repeat(99)} ${'b'.repeat(100)} ${'c'.repeat(101)} ${'d'.repeat(300)}`,
  'x'.repeat(5000),
  ' '.repeat(3000),
  `${' '.repeat(50)}a${'\n'.repeat(50)}b${'\t '.repeat(30)}`,
  "'".repeat(200),
  '!?.'.repeat(100),
];

/** Lone halves of surrogate pairs: each counts as U+FFFD. */
export const ILL_FORMED: readonly string[] = [
  '\ud800',
  '\udc00',
  'a\ud800b',
  '\ud83d😀\ude00',
  '\udc00\ud800',
  'x \udfff\udfff y',
  '<|endoftext|>\ud800[MASK]\udc00',
  '东\ud842\udfb7\ud842京',
];

/** About a mebibyte each, without a space. */
export function longTexts(rng: Rng, units: number): string[] {
  const fill = (next: () => string): string => {
    let text = '';
    while (text.length < units) text += next();
    return text;
  };
  const letters = 'etaoinshrdlucmfwypvbgkqjxz';
  return [
    'a'.repeat(units),
    fill(() => letters[Math.floor(rng.next() ** 2 * letters.length)]),
    fill(() => String.fromCharCode(rng.int(0x4e00, 0x9fff))),
  ];
}
