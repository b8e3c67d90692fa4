import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, Tokenizer, TokenizerError } from '../../src/index.js';
import type { Comparison, Context } from './comparison.js';

/** Time of the processor, in nanoseconds: others may use it as well. */
function now(): number {
  const { user, system } = process.cpuUsage();
  return 1000 * (user + system);
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Cost of a text in nanoseconds a byte of UTF-8: the best of several. `textOf` gives the text of each try. */
function cost(tokenizer: Tokenizer, textOf: (round: number) => string): number | undefined {
  let best = Number.POSITIVE_INFINITY;
  const until = performance.now() + 1500;
  try {
    for (let i = 0; i < 5 && (i < 2 || performance.now() < until); i++) {
      const text = textOf(i);
      const start = now();
      tokenizer.encodeIds(text);
      best = Math.min(best, (now() - start) / bytes(text));
    }
  } catch (error) {
    if (error instanceof TokenizerError) return undefined;
    throw error;
  }
  return best;
}

/** The same for normal text as it usually comes: in short documents, of which the tokenizer has seen nothing yet. */
function normalCost(json: JsonObject, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 4; i++) {
    const tokenizer = Tokenizer.fromJSON(json);
    tokenizer.encodeIds('Tables are made when the first words come.');
    const start = now();
    for (let at = 0; at < text.length; at += 2000) tokenizer.encodeIds(text.slice(at, at + 2000));
    best = Math.min(best, (now() - start) / bytes(text));
  }
  return best;
}

const LETTERS = 'etaoinshrdlucmfwypvbgkqjxz';

/**
 * Texts that tempt tokenizers to do more than once what once is enough for, by what they consist of. Those in disorder are
 * others for every seed, so that remembering helps nobody.
 */
function texts(units: number, seed: number): Map<string, () => string> {
  const fill = (unit: string) => unit.repeat(Math.ceil(units / unit.length)).slice(0, units);
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x100000000) * below);
  };
  const disorder = (alphabet: string, length = units) =>
    Array.from({ length }, () => alphabet[random(alphabet.length)]).join('');
  const words = (least: number, more: number, end: string) => {
    const parts: string[] = [];
    for (let left = units; left > 0; left -= parts[parts.length - 1].length) {
      parts.push(disorder(LETTERS, least + random(more)) + end);
    }
    return parts.join('');
  };
  const ideographs = Array.from({ length: 3000 }, (_, i) => String.fromCharCode(0x4e00 + 5 * i)).join('');
  return new Map<string, () => string>([
    ['one letter', () => fill('a')],
    ['letters without a space', () => fill(LETTERS)],
    ['alternating letters', () => fill('ab')],
    ['letters and digits in turn', () => fill('a1')],
    ['letters and punctuation in turn', () => fill('a.')],
    ['spaces', () => fill(' ')],
    ['line ends', () => fill('\n')],
    ['spaces and line ends', () => fill(' \n')],
    ['marks on one letter', () => `e${fill('\u0301\u0327')}`],
    ['digits', () => fill('0123456789')],
    ['punctuation', () => fill('!?.,')],
    ['apostrophes', () => fill("'")],
    ['beginnings of special tokens', () => fill('<|endoftext')],
    ['beginnings of bracketed tokens', () => fill('[MAS')],
    ['special tokens', () => fill('<|endoftext|>[MASK]')],
    ['words just too long', () => fill(`${'ab'.repeat(51)} `)],
    ['ideographs', () => fill('京都東日本語中文')],
    ['emoji', () => fill('😀👍🏽')],
    ['capital letters', () => fill('ABCDEFG')],
    ['joiners', () => fill('\u200d\u200c')],
    ['new words', () => words(3, 10, ' ')],
    ['new long words', () => words(20, 40, ' ')],
    ['new words that end in something unknown', () => words(90, 9, '\ufdd0 ')],
    ['letters in disorder without a space', () => disorder(LETTERS)],
    ['accented letters in disorder', () => disorder('éèàùâêîôûçäöüñãõå')],
    ['digits in disorder', () => disorder('0123456789')],
    ['ideographs in disorder', () => disorder(ideographs)],
  ]);
}

const NORMAL =
  'It was a bright cold day in April, and the clocks were striking thirteen; nobody (of 27 people) noticed it.\n';

/** Small ones that have what published ones lack: no pre-tokenizer, patterns of a file, Unigram. */
function small(): Map<string, JsonObject> {
  const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789 .,!?'\n<|>[]"];
  const merges = ['t h', 'th e', 'a a', 'aa aa', 'aaaa aaaa', 'a b', 'ab ab', 'abab abab', 'i n', 'e r', 'b a'].map(
    (m) => m.split(' '),
  );
  const vocab = Object.fromEntries(
    ['<unk>', ...letters, ...merges.map((m) => m.join(''))].map((token, id) => [token, id]),
  );
  const bpe = { type: 'BPE', unk_token: '<unk>', fuse_unk: true, vocab, merges };
  const pieces = [...letters, 'the', 'aa', 'aaaa', 'ab', 'abab', 'ing', 'er', '▁'].map((piece, i) => [
    piece,
    -2 - (i % 7),
  ]);
  const unigram = { type: 'Unigram', unk_id: 0, vocab: [['<unk>', 0], ...pieces], byte_fallback: false };
  const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false });
  return new Map<string, JsonObject>([
    ['BPE alone', { model: bpe }],
    ['BPE, \\s+(?!\\S)|\\w+|\\s+', { model: bpe, pre_tokenizer: split('\\s+(?!\\S)|\\w+|\\s+') }],
    ['BPE, \\d{1,3}(?=(?:\\d{3})*\\b)', { model: bpe, pre_tokenizer: split('\\d{1,3}(?=(?:\\d{3})*\\b)') }],
    ['BPE, (a+)+b|.*x', { model: bpe, pre_tokenizer: split('(a+)+b|.*x') }],
    ['Unigram alone', { model: unigram }],
    [
      'BPE, NFKC and Lowercase',
      { model: bpe, normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] } },
    ],
  ]);
}

function published(data: string): Map<string, JsonObject> {
  const paths = ['vocab/bert/bert-base-uncased/tokenizer.json', 'vocab/gpt2/tokenizer.json'];
  const found = paths.map((path) => join(data, path)).filter((path) => existsSync(path));
  return new Map(
    found.map((path) => [path.split('/').slice(-2).join('/'), JSON.parse(readFileSync(path, 'utf8')) as JsonObject]),
  );
}

/** Varied text, where there is any: a sentence over and over is all caches. */
function normalText(data: string, units: number): string {
  const path = join(data, 'corpora/tinyshakespeare/input.txt');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : NORMAL.repeat(units / NORMAL.length);
  return text.slice(0, units);
}

/** Above so many times the normal cost, or growth, a text is told. */
const LIMIT = 3;
const UNITS = 1 << 18;

/** What a text costs, and a byte of it beside one of a quarter as much: 1 where time is linear. */
function measured(tokenizer: Tokenizer, kind: string): { whole: number; growth: number } | undefined {
  const whole = cost(tokenizer, (round) => texts(UNITS, 2 * round).get(kind)!());
  const quarter = cost(tokenizer, (round) => texts(UNITS / 4, 2 * round + 1).get(kind)!());
  return whole === undefined || quarter === undefined ? undefined : { whole, growth: whole / quarter };
}

/**
 * What adversarial texts cost beside normal ones. Tells all that cost much more; a difference is only what takes more than linear
 * time, twice measured.
 */
function compareCosts({ report, settings: { data, only } }: Context): void {
  for (const [name, json] of [...published(data), ...small()]) {
    if (!name.includes(only)) continue;
    const tokenizer = Tokenizer.fromJSON(json);
    const normal = normalCost(json, normalText(data, UNITS));
    let worst: [string, number] = ['', 0];
    for (const kind of texts(1, 0).keys()) {
      let found = measured(tokenizer, kind);
      if (found !== undefined && found.growth > LIMIT) found = measured(tokenizer, kind);
      if (found === undefined) continue;
      report.compared();
      const { whole, growth } = found;
      const ratio = whole / normal;
      if (ratio > worst[1]) worst = [kind, ratio];
      const what = `${ratio.toFixed(1)} × normal text (${whole.toFixed(0)} ns/byte), growth ${growth.toFixed(2)}`;
      if (growth > LIMIT) {
        report.differs();
        report.tell({ title: `${name}, ${kind}`, what, arguments: ['--only', name] });
      } else if (ratio > LIMIT) console.log(`  ${name}, ${kind}: ${what}`);
    }
    console.log(`${name}: normal text ${normal.toFixed(1)} ns/byte; at worst ${worst[1].toFixed(1)} × (${worst[0]})`);
  }
}

export const adversarial: Comparison = {
  about: 'what tempting texts cost beside normal ones, ours alone: more than linear time is a difference',
  async run(context) {
    compareCosts(context);
  },
};
