import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, Tokenizer, TokenizerError } from '../../src/index.js';
import type { Comparison, Context } from './comparison.js';

/** Cost of a text in nanoseconds a unit: the best of several. */
function cost(tokenizer: Tokenizer, text: string): number | undefined {
  let best = Number.POSITIVE_INFINITY;
  const until = performance.now() + 1500;
  try {
    for (let i = 0; i < 5 && (i < 2 || performance.now() < until); i++) {
      const start = performance.now();
      tokenizer.encodeIds(text);
      best = Math.min(best, performance.now() - start);
    }
  } catch (error) {
    if (error instanceof TokenizerError) return undefined;
    throw error;
  }
  return (best * 1e6) / text.length;
}

/** Texts that tempt tokenizers to do more than once what once is enough for, by what they consist of. */
function texts(units: number): Map<string, string> {
  const fill = (unit: string) => unit.repeat(Math.ceil(units / unit.length)).slice(0, units);
  return new Map([
    ['one letter', fill('a')],
    ['letters without a space', fill('etaoinshrdlucmfwypvbgkqjxz')],
    ['alternating letters', fill('ab')],
    ['letters and digits in turn', fill('a1')],
    ['letters and punctuation in turn', fill('a.')],
    ['spaces', fill(' ')],
    ['line ends', fill('\n')],
    ['spaces and line ends', fill(' \n')],
    ['marks on one letter', `e${fill('\u0301\u0327')}`],
    ['digits', fill('0123456789')],
    ['punctuation', fill('!?.,')],
    ['apostrophes', fill("'")],
    ['beginnings of special tokens', fill('<|endoftext')],
    ['beginnings of bracketed tokens', fill('[MAS')],
    ['special tokens', fill('<|endoftext|>[MASK]')],
    ['words just too long', fill(`${'ab'.repeat(51)} `)],
    ['ideographs', fill('京都東日本語中文')],
    ['emoji', fill('😀👍🏽')],
    ['capital letters', fill('ABCDEFG')],
    ['joiners', fill('\u200d\u200c')],
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

/** What a text costs, and a unit of it beside one of its first quarter: 1 where time is linear. */
function measured(tokenizer: Tokenizer, text: string): { whole: number; growth: number } | undefined {
  const whole = cost(tokenizer, text);
  const quarter = cost(tokenizer, text.slice(0, UNITS / 4));
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
    const normal = cost(tokenizer, normalText(data, UNITS))!;
    let worst: [string, number] = ['', 0];
    for (const [kind, text] of texts(UNITS)) {
      let found = measured(tokenizer, text);
      if (found !== undefined && found.growth > LIMIT) found = measured(tokenizer, text);
      if (found === undefined) continue;
      report.compared();
      const { whole, growth } = found;
      const ratio = whole / normal;
      if (ratio > worst[1]) worst = [kind, ratio];
      const what = `${ratio.toFixed(1)} × normal text (${whole.toFixed(0)} ns/unit), growth ${growth.toFixed(2)}`;
      if (growth > LIMIT) {
        report.differs();
        report.tell({ title: `${name}, ${kind}`, what, arguments: ['--only', name] });
      } else if (ratio > LIMIT) console.log(`  ${name}, ${kind}: ${what}`);
    }
    console.log(`${name}: normal text ${normal.toFixed(1)} ns/unit; at worst ${worst[1].toFixed(1)} × (${worst[0]})`);
  }
}

export const adversarial: Comparison = {
  about: 'what tempting texts cost beside normal ones, ours alone: more than linear time is a difference',
  async run(context) {
    compareCosts(context);
  },
};
