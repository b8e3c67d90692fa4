import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TokenizerError } from '../src/errors.js';
import type { Json } from '../src/json/fields.js';
import { readNormalizer } from '../src/normalizers/from-json.js';
import type { Normalizer } from '../src/normalizers/normalizer.js';
import { AlignedText } from '../src/text/aligned-text.js';
import { Transform } from '../src/text/transform.js';
import { dataPath, golden } from './goldens.js';

interface Goldens {
  metadata: { seed: number };
  /** Texts in a digest. */
  group: number;
  /** Texts of a digest before the others. */
  curious: string[];
  blocks: number[];
  /** What the texts are made of: characters from one code point up to another, and some that were picked. */
  ranges: [number, number][];
  picked: string[];
  cases: { normalizer: Json; texts: string; blocks?: string }[];
}

const { metadata, group, curious, blocks, ranges, picked, cases } = golden<Goldens>('normalizers');
const sources = [...ranges, ...picked, ...picked];

/** The generator of goldens/normalizer_cases.py. */
class Seeded {
  #state = metadata.seed;

  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1103515245) + 12345) & 0x7fffffff;
    return (this.#state >> 8) % n;
  }

  text(): string {
    const chosen = [0, 1, 2].map(() => sources[this.below(sources.length)]);
    let text = '';
    for (let left = this.below(16); left > 0; left--) {
      const source = chosen[this.below(3)];
      if (typeof source === 'string') {
        const characters = [...source];
        text += characters[this.below(characters.length)];
      } else {
        text += String.fromCodePoint(source[0] + this.below(source[1] - source[0]));
      }
    }
    return text;
  }
}

function spans(text: AlignedText): number[] {
  const found: number[] = [];
  for (let i = 0; i < text.text.length; ) {
    const next = i + (text.text.codePointAt(i)! > 0xffff ? 2 : 1);
    found.push(text.start(i), text.end(next - 1));
    i = next;
  }
  return found;
}

function hashed(hash: number, value: number): number {
  return Math.imul(hash ^ value, 16777619);
}

/** FNV-1a over the text's units, and over start and end in the original of every character. */
function hashText(hash: number, text: AlignedText): number {
  let result = hash;
  for (let i = 0; i < text.text.length; i++) result = hashed(result, text.text.charCodeAt(i));
  for (let i = 0; i < text.text.length; ) {
    const next = i + (text.text.codePointAt(i)! > 0xffff ? 2 : 1);
    result = hashed(hashed(result, text.start(i)), text.end(next - 1));
    i = next;
  }
  return result;
}

function normalized(normalizer: Normalizer, text: string): AlignedText | undefined {
  try {
    const normal = normalizer.normalize(AlignedText.of(text));
    // Without offsets the text is the same.
    if (normalizer.normalize(AlignedText.untracked(text)).text !== normal.text) throw new Error(JSON.stringify(text));
    return normal;
  } catch (error) {
    if (error instanceof TokenizerError && error.code === 'TOKENIZER_NORMALIZATION_IMPOSSIBLE') return undefined;
    throw error;
  }
}

function digest(normalizer: Normalizer, texts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    const normal = normalized(normalizer, text);
    hash = normal === undefined ? hashed(hash, 0xffffffff) : hashText(hash, normal);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const named = cases.map((c) => [JSON.stringify(c.normalizer).slice(0, 160), c] as const);

test.each(named)('%s does with texts what the Rust library does', (_, { normalizer: json, texts }) => {
  const normalizer = readNormalizer(json)!;
  const seeded = new Seeded();
  const [first, ...others] = texts.split(' ');
  expect(digest(normalizer, curious), JSON.stringify(curious)).toBe(first);
  for (const expected of others) {
    const given = Array.from({ length: group }, () => seeded.text());
    expect(digest(normalizer, given), JSON.stringify(given)).toBe(expected);
  }
});

test.each(named.filter(([, c]) => c.blocks !== undefined))(
  '%s knows every character',
  (_, { normalizer: json, ...c }) => {
    const normalizer = readNormalizer(json)!;
    const expected = c.blocks!.split(' ');
    const failing = blocks.filter((block, i) => {
      const characters = Array.from({ length: 256 }, (_, k) => String.fromCodePoint(256 * block + k));
      return digest(normalizer, [characters.map((c) => `a${c}b${c} `).join('')]) !== expected[i];
    });
    expect(failing.map((block) => `U+${(256 * block).toString(16)} and following`)).toEqual([]);
  },
);

test.each(named)('%s is written as it was read', (_, { normalizer }) => {
  expect(JSON.stringify(readNormalizer(normalizer)!.toJSON())).toBe(JSON.stringify(normalizer));
});

test('the normalization forms are those of NormalizationTest.txt', (ctx) => {
  const file = dataPath('unicode/NormalizationTest.txt');
  if (file === undefined) return ctx.skip('NormalizationTest.txt is not in the data folder (GERBERT_DATA)');
  const form = (type: string, text: string): string => readNormalizer({ type })!.normalize(AlignedText.of(text)).text;
  let lines = 0;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!/^[0-9A-F]/.test(line)) continue;
    const [source, nfc, nfd, nfkc, nfkd] = line
      .split(';')
      .slice(0, 5)
      .map((column) => String.fromCodePoint(...column.split(' ').map((code) => Number.parseInt(code, 16))));
    for (const text of [source, nfc, nfd]) {
      expect([form('NFC', text), form('NFD', text)], line).toEqual([nfc, nfd]);
    }
    for (const text of [source, nfc, nfd, nfkc, nfkd]) {
      expect([form('NFKC', text), form('NFKD', text)], line).toEqual([nfkc, nfkd]);
    }
    lines++;
  }
  expect(lines).toBeGreaterThan(18_000);
});

describe('a malformed map of Precompiled', () => {
  const own = cases.find((c) =>
    JSON.stringify(c.normalizer).startsWith('{"type":"Precompiled","precompiled_charsmap":"AAQ'),
  );
  const good = Buffer.from((own!.normalizer as { precompiled_charsmap: string }).precompiled_charsmap, 'base64');
  const text = [...Array.from({ length: 0x300 }, (_, i) => String.fromCharCode(i)), 'A\u0301 Å  ß가😀ａ'].join('');
  const read = (base64: string): Normalizer => readNormalizer({ type: 'Precompiled', precompiled_charsmap: base64 })!;
  const codeOf = (work: () => unknown): string | undefined => {
    try {
      work();
      return undefined;
    } catch (error) {
      if (error instanceof TokenizerError) return error.code;
      throw error;
    }
  };

  test.each([
    ['empty', ''],
    ['no base64', 'AA*='],
    ['without padding', good.toString('base64').replace(/=+$/, '').slice(0, -1)],
    ['with white space', ` ${good.toString('base64').slice(1)}`],
    [
      'with bits left over',
      Buffer.concat([good, Buffer.from([0])])
        .toString('base64')
        .replace(/AA==$/, 'AB=='),
    ],
    ['shorter than its trie', good.subarray(0, 600).toString('base64')],
    ['without a trie', Buffer.from([0, 0, 0, 0, 65, 0]).toString('base64')],
    ['with texts that are not UTF-8', Buffer.concat([good, Buffer.from([0xc3])]).toString('base64')],
  ])('%s', (_, base64) => {
    expect(codeOf(() => read(base64))).toBe('TOKENIZER_JSON_MALFORMED');
  });

  test('whose trie leads out of itself', () => {
    const bytes = Buffer.from(good);
    bytes.writeUInt32LE(0xfffffe00, 4);
    expect(codeOf(() => read(bytes.toString('base64')).normalize(AlignedText.of('a')))).toBe(
      'TOKENIZER_JSON_MALFORMED',
    );
  });

  test('that leads anywhere gives a typed error or a text, and ends', () => {
    const seeded = new Seeded();
    let refused = 0;
    for (let k = 0; k < 2000; k++) {
      const bytes = Buffer.from(good);
      for (let left = seeded.below(8); left >= 0; left--) bytes[4 + seeded.below(1024)] = seeded.below(256);
      const code = codeOf(() => read(bytes.toString('base64')).normalize(AlignedText.of(text)));
      if (code === undefined) continue;
      expect(code).toBe('TOKENIZER_JSON_MALFORMED');
      refused++;
    }
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(2000);
  });
});

test.each<[Json, string]>([
  [
    { type: 'Bert', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    'BertNormalizer',
  ],
  [{ clean_text: true, handle_chinese_chars: true, lowercase: true }, 'BertNormalizer'],
  [{ strip_left: true, strip_right: false }, 'Strip'],
  [{ prepend: '▁' }, 'Prepend'],
  [{ pattern: { String: 'a' }, content: 'b' }, 'Replace'],
  [{ normalizers: [{ type: 'NFC' }] }, 'Sequence'],
])('%j, as files of old have it, is a %s', (json, type) => {
  expect(readNormalizer(json)!.toJSON()).toMatchObject({ type });
});

test('what is written new before anything else stands for nothing, and what is skipped beyond the end is not there', () => {
  const out = new Transform(AlignedText.of('ab', 7));
  out.insert(0x1f600);
  out.replace(0x78);
  out.insert(0x79);
  out.drop(5);
  const text = out.finish();
  expect(text.text).toBe('😀xy');
  expect(spans(text)).toEqual([7, 7, 7, 8, 7, 8]);
  expect(text.lead).toBe(2);
});

test('a text that stays is given back as it is', () => {
  const text = AlignedText.of('a plain text with é, ß, я, 東京 and 한국');
  const types = ['NFC', 'Lowercase', 'StripAccents', 'Nmt'];
  for (const type of types) expect(readNormalizer({ type })!.normalize(text)).toBe(text);
});

test('marks without end are put in order in linear time', () => {
  const marks = '\u0301\u0323'.repeat(100_000);
  const start = performance.now();
  const normal = readNormalizer({ type: 'NFD' })!.normalize(AlignedText.of(`a${marks}`)).text;
  expect(normal).toBe(`a${'\u0323'.repeat(100_000)}${'\u0301'.repeat(100_000)}`);
  expect(performance.now() - start).toBeLessThan(10_000);
});
