import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parseLarge } from '../src/fast/large-json.js';
import { Tokenizer } from '../src/index.js';
import { loadTokenizer } from '../src/node/index.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';
import { dataPath } from './goldens.js';

const letters = [...'abcdefghijklmnopqrstuvwxyz"\\'];
const CURIOUS = ['__proto__', 'constructor', '0', '17', '', 'é', '京', '😀', '\n', '\u0001', 'a b', '/', '#version'];

interface File {
  model: { vocab: Record<string, number>; merges: (string | string[])[]; [key: string]: unknown };
  [key: string]: unknown;
}

/** A tokenizer.json of some 80 kB: pairs of letters, and pairs of these. */
function file(lines: boolean): File {
  const pairs = letters.flatMap((a) => letters.map((b) => [a, b]));
  const merges = [
    ...pairs,
    ...pairs.flatMap(([a, b], i) => [1, 2, 3, 4].map((k) => [a + b, pairs[(i * k) % 700].join('')])),
  ];
  const tokens = new Set([...byteAlphabet(), ...merges.map((pair) => pair.join('')), ...CURIOUS]);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries([...tokens].map((token, id) => [token, id])),
      merges: [...new Map(merges.map((pair) => [pair.join(' '), pair])).values()].map((pair) =>
        lines ? pair.join(' ') : pair,
      ),
    },
  };
}

const TEXT = 'The "quick" brown fox\\jumps over\n\nthe lazy dogs zzyzx; naïve 京都 😀 __proto__';

/** What comes of a text: the tokenizer written out and some ids, or the code of the error. */
function outcome(json: string | object | Uint8Array): unknown {
  try {
    const tokenizer = Tokenizer.fromJSON(json);
    return [tokenizer.toJSON(), [...tokenizer.encodeIds(TEXT)], tokenizer.tokenToId('\\"'), tokenizer.vocabSize];
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
}

/** The same by way of JSON.parse. */
function slowOutcome(text: string): unknown {
  let json: object;
  try {
    json = JSON.parse(text);
  } catch {
    return 'TOKENIZER_JSON_MALFORMED';
  }
  return outcome(json);
}

describe.each([true, false])('merges as lines: %s', (lines) => {
  const whole = file(lines);
  const compact = JSON.stringify(whole);

  test.each<[string, string | Uint8Array]>([
    ['compact', compact],
    ['indented', JSON.stringify(whole, null, 2)],
    ['escaped', compact.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)],
    ['as bytes', new TextEncoder().encode(compact)],
    ['as bytes behind a byte order mark', new TextEncoder().encode(`\ufeff${compact}`)],
  ])('%s, it is read as JSON.parse reads it', (_, text) => {
    expect(parseLarge(text)).toBeDefined();
    expect(outcome(text)).toEqual(outcome(JSON.parse(compact)));
  });

  const change = (edit: (json: File) => void): string => {
    const copy = structuredClone(whole);
    edit(copy);
    return JSON.stringify(copy);
  };
  test.each<[string, string]>([
    ['a token twice', compact.replace('"aa":', '"ab":')],
    ['an id twice', compact.replace('"aa":256', '"aa":257')],
    ['an id below 0', compact.replace('"aa":256', '"aa":-256')],
    ['an id with a fraction', compact.replace('"aa":256', '"aa":256.5')],
    ['an id in exponents', compact.replace('"aa":256', '"aa":2.56e2')],
    ['an id with a leading zero', compact.replace('"aa":256', '"aa":0256')],
    ['an id that is large', compact.replace('"aa":256', '"aa":4294967552')],
    ['an id that is far', compact.replace('"aa":256', '"aa":3000000')],
    ['an id that is text', compact.replace('"aa":256', '"aa":"256"')],
    ['a lone surrogate', compact.replace('"aa":256', '"\\ud800":256')],
    ['a comma too many', compact.replace('},"merges"', ',},"merges"')],
    ['a key twice', compact.replace('"vocab":', '"vocab":{},"vocab":')],
    ['a key twice, the first the one', compact.replace('"merges":', '"vocab":{},"merges":')],
    ['another vocabulary before the model', compact.replace('"normalizer":null', '"normalizer":{"vocab":{"a":0}}')],
    ['text behind the end', `${compact} 1`],
    ['a byte order mark', `\ufeff${compact}`],
    ['a merge of what is no token', change(({ model }) => model.merges.push(lines ? 'zzz zz' : ['zzz', 'zz']))],
    ['a merge that makes no token', change(({ model }) => model.merges.push(lines ? 'é 京' : ['é', '京']))],
    ['a merge of three', change(({ model }) => model.merges.push(lines ? 'a b c' : ['a', 'b', 'c']))],
    ['a merge of one', change(({ model }) => model.merges.push(lines ? 'a' : ['a']))],
    ['a merge of nothing', change(({ model }) => model.merges.push(lines ? ' a' : ['', 'a']))],
    ['a merge of the other kind', change(({ model }) => model.merges.push(lines ? ['a', 'a'] : 'a a'))],
    ['a merge again', change(({ model }) => model.merges.push(model.merges[0]))],
    ['a version among merges', change(({ model }) => model.merges.unshift(lines ? '#version 1' : ['#version', 'a']))],
    [
      'no merges',
      change(({ model }) => {
        model.merges = [];
      }),
    ],
    ['merges that are no list', change(({ model }) => Object.assign(model, { merges: {} }))],
    [
      'a vocabulary that is a list',
      change(({ model }) => Object.assign(model, { vocab: Object.entries(model.vocab) })),
    ],
    ['a prefix of continuing tokens', change(({ model }) => Object.assign(model, { continuing_subword_prefix: 'b' }))],
    [
      'another model',
      change((json) =>
        Object.assign(json, {
          model: {
            type: 'WordPiece',
            vocab: json.model.vocab,
            unk_token: 'a',
            continuing_subword_prefix: 'b',
            max_input_chars_per_word: 9,
          },
        }),
      ),
    ],
  ])('%s ends as it does by way of JSON.parse', (_, text) => {
    expect(outcome(text)).toEqual(slowOutcome(text));
  });

  test('one byte changed, or the end missing, ends as it does by way of JSON.parse', () => {
    const from = compact.indexOf('"vocab"');
    fc.assert(
      fc.property(
        fc.integer({ min: from - 50, max: compact.length }),
        fc.constantFrom(...'"\\,:[]{}0 a\u0001é', ''),
        (at, unit) => {
          const text = unit === '' ? compact.slice(0, at) : compact.slice(0, at) + unit + compact.slice(at + 1);
          expect(outcome(text)).toEqual(slowOutcome(text));
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('bytes that are no UTF-8 are refused', () => {
  const bytes = new TextEncoder().encode(JSON.stringify(file(true)));
  bytes[bytes.indexOf(0xc3)] = 0xff;
  expect(outcome(bytes)).toBe('TOKENIZER_JSON_MALFORMED');
});

test("published files are read without JSON.parse's objects, to the same result", (ctx) => {
  const path = dataPath('vocab/gpt2/tokenizer.json');
  if (path === undefined) return ctx.skip('vocab/gpt2/tokenizer.json is not in the data folder (GERBERT_DATA)');
  const text = readFileSync(path, 'utf8');
  expect(parseLarge(text)).toBeDefined();
  expect(outcome(text)).toEqual(outcome(JSON.parse(text)));
});

test('neither fromJSON nor loadTokenizer has a large file parsed by the engine', async () => {
  const text = JSON.stringify(file(true));
  const folder = await mkdtemp(join(tmpdir(), 'gerbert-large-'));
  const parse = vi.spyOn(JSON, 'parse');
  try {
    await writeFile(join(folder, 'tokenizer.json'), text);
    Tokenizer.fromJSON(text);
    Tokenizer.fromJSON(new TextEncoder().encode(text));
    await loadTokenizer(folder);
    expect(Math.max(0, ...parse.mock.calls.map(([given]) => given.length))).toBeLessThan(text.length / 2);
  } finally {
    parse.mockRestore();
    await rm(folder, { recursive: true });
  }
});
