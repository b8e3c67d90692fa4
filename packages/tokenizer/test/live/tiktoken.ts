import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TiktokenEncoding, Tokenizer, tiktokenTokenizer } from '../../src/index.js';
import { type Comparison, type Context, goesOn } from './comparison.js';
import { randomText } from './generator/text.js';
import { Rng } from './rng.js';

const FILES = new Map<TiktokenEncoding, string>([
  ['r50k_base', 'r50k_base'],
  ['p50k_base', 'p50k_base'],
  ['p50k_edit', 'p50k_base'],
  ['cl100k_base', 'cl100k_base'],
  ['o200k_base', 'o200k_base'],
  ['o200k_harmony', 'o200k_base'],
]);

/** Units of text in one question. */
const PIECE = 200_000;

const mended = new TextDecoder('utf-8', { ignoreBOM: true });

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (/\.(md|txt|json|tsv|csv|tokens|raw)$/.test(name)) yield path;
  }
}

/** Every code point between letters; a sample has few of the later ones. */
function* codePoints(seed: number, all: boolean): Generator<string> {
  const rng = new Rng(seed);
  for (let block = 0; block < 0x110000; block += 0x400) {
    if (!all && block >= 0x3000 && !rng.chance(0.03)) continue;
    let text = '';
    for (let code = block; code < block + 0x400; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const c = String.fromCodePoint(code);
      text += `${c}a${c} ${c}A${c}'${c}e1${c}\n${c}${c}`;
    }
    if (text !== '') yield text;
  }
}

function* randomTexts(seed: number, count: number): Generator<string> {
  const rng = new Rng(seed);
  const words = [
    '<|endoftext|>',
    '<|fim_prefix|>',
    "'s",
    "'LL",
    "don't",
    '  ',
    '\n\n',
    '\r\n',
    '123456',
    'HelloWorld',
    '!!!',
    '/\n',
  ];
  for (let i = 0; i < count; i++) {
    const text = rng.list(1, 12, () => (rng.chance(0.5) ? rng.pick(words) : randomText(rng, words))).join('');
    yield mended.decode(new TextEncoder().encode(text));
  }
}

/** Pieces of the corpora; of each some, or all of it. */
function* corpora(data: string, all: boolean): Generator<string> {
  for (const path of files(join(data, 'corpora'))) {
    const text = mended.decode(readFileSync(path));
    const length = all ? text.length : Math.min(text.length, 50_000);
    for (let at = 0; at < length; ) {
      let end = Math.min(length, at + PIECE);
      if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end--;
      yield text.slice(at, end);
      at = end;
    }
  }
}

/** An encoding here, in tiktoken, and as tokenizer.json in the Rust library. */
class Pairing {
  readonly #context: Context;
  readonly #encoding: TiktokenEncoding;
  readonly #path: string;
  readonly #ours: Tokenizer;
  readonly #again: Tokenizer;
  readonly #json: string;
  #loaded = false;

  constructor(context: Context, encoding: TiktokenEncoding) {
    this.#context = context;
    this.#encoding = encoding;
    this.#path = join(context.settings.data, 'vocab/tiktoken', `${FILES.get(encoding)}.tiktoken`);
    this.#ours = tiktokenTokenizer({ ranks: readFileSync(this.#path), encoding });
    this.#json = JSON.stringify(this.#ours);
    this.#again = Tokenizer.fromJSON(this.#json);
  }

  async compare(texts: readonly string[]): Promise<void> {
    const question = { ask: 'tiktoken.encode', name: this.#encoding, path: this.#path, texts };
    const { ids, decoded } = await this.#context.oracle.value<{ ids: number[][]; decoded: string[] }>(question);
    const rust = await this.#rust(texts);
    for (const [i, text] of texts.entries()) {
      const mine = [...this.#ours.encodeIds(text)];
      const expected = JSON.stringify(ids[i]);
      this.#check('encodeIds', text, JSON.stringify(mine), expected);
      this.#check('encode', text, JSON.stringify([...this.#ours.encode(text).ids]), expected);
      this.#check('from JSON', text, JSON.stringify([...this.#again.encodeIds(text)]), expected);
      this.#check('decode', text, this.#ours.decode(mine, { skipSpecialTokens: false }), decoded[i]);
      if (rust !== undefined) this.#check('tokenizers', text, JSON.stringify(rust[i]), expected);
    }
  }

  /** The Rust library sees the small texts only: it is slow on large ones, and its offsets fill memory. */
  async #rust(texts: readonly string[]): Promise<number[][] | undefined> {
    if (texts.some((text) => text.length >= PIECE)) return undefined;
    const name = `json ${this.#encoding}`;
    const load = this.#loaded ? { kept: name } : { config: this.#json, keep: name };
    const runs = texts.map((text) => ({ kind: 'ids', text, special: false }));
    const question = { ask: 'cases.run', ...load, runs };
    const { results } = await this.#context.oracle.value<{ results: { value: number[] }[] }>(question);
    this.#loaded = true;
    return results.map(({ value }) => value);
  }

  #check(what: string, text: string, ours: string, theirs: string): void {
    const { report, settings } = this.#context;
    if (ours === theirs) {
      report.compared();
      return;
    }
    report.differs();
    let at = 0;
    while (ours[at] === theirs[at]) at++;
    const [a, b] = [ours, theirs].map((each) => each.slice(Math.max(0, at - 50), at + 50));
    report.tell({
      title: `${this.#encoding} ${what} of ${JSON.stringify(text.slice(0, 200))}`,
      what: `ours …${a}…, theirs …${b}…`,
      arguments: ['--only', this.#encoding, '--seed', settings.seed, ...(settings.all ? ['--all'] : [])],
    });
  }
}

async function compareEncodings(context: Context): Promise<void> {
  const { seed, cases = 2000, all, only, data } = context.settings;
  for (const encoding of FILES.keys()) {
    if (!encoding.includes(only) || !goesOn(context)) continue;
    const pairing = new Pairing(context, encoding);
    let [batch, size] = [[] as string[], 0];
    for (const texts of [randomTexts(seed, cases), codePoints(seed, all), corpora(data, all)]) {
      for (const text of texts) {
        batch.push(text);
        size += text.length;
        if (size < PIECE) continue;
        if (!goesOn(context)) return;
        await pairing.compare(batch);
        [batch, size] = [[], 0];
      }
    }
    await pairing.compare(batch);
    console.log(`${encoding}: up to here ${context.report.comparisons} comparisons`);
  }
}

export const tiktoken: Comparison = {
  about:
    "tiktoken's encodings: ids, texts decoded again, and what the Rust library makes of them written as tokenizer.json",
  packages: ['tiktoken'],
  run: compareEncodings,
};
