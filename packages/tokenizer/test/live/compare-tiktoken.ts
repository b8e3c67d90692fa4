import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TiktokenEncoding, Tokenizer, tiktokenTokenizer } from '../../src/index.js';
import { randomText } from './generator/text.js';
import { Oracle, oracleScript } from './oracle.js';
import { Report } from './report.js';
import { Rng } from './rng.js';

const HELP = `Compares tiktokenTokenizer with Python's tiktoken: ids, and texts decoded again.

  tsc -p test/live/tsconfig.json && node .cache/live/test/live/compare-tiktoken.js [encoding …]

Takes the rank files and all corpora of the data folder, which GERBERT_DATA names, every code point, and random texts. The
tokenizer is also written as tokenizer.json and read by Python's tokenizers, which must agree.`;

const FILES = new Map<TiktokenEncoding, string>([
  ['r50k_base', 'r50k_base'],
  ['p50k_base', 'p50k_base'],
  ['p50k_edit', 'p50k_base'],
  ['cl100k_base', 'cl100k_base'],
  ['o200k_base', 'o200k_base'],
  ['o200k_harmony', 'o200k_base'],
]);

const mended = new TextDecoder('utf-8', { ignoreBOM: true });

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (/\.(md|txt|json|tsv|csv|tokens|raw)$/.test(name)) yield path;
  }
}

function* codePoints(): Generator<string> {
  for (let block = 0; block < 0x110000; block += 0x400) {
    let text = '';
    for (let code = block; code < block + 0x400; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const c = String.fromCodePoint(code);
      text += `${c}a${c} ${c}A${c}'${c}e1${c}\n${c}${c}`;
    }
    if (text !== '') yield text;
  }
}

function* randomTexts(count: number): Generator<string> {
  const rng = new Rng(1);
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

function* texts(data: string): Generator<string> {
  yield* randomTexts(20_000);
  yield* codePoints();
  for (const path of files(join(data, 'corpora'))) {
    const text = mended.decode(readFileSync(path));
    for (let at = 0; at < text.length; ) {
      let end = Math.min(text.length, at + 200_000);
      if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end--;
      yield text.slice(at, end);
      at = end;
    }
  }
}

async function compare(encoding: TiktokenEncoding, data: string, oracle: Oracle, report: Report): Promise<void> {
  const path = join(data, 'vocab/tiktoken', `${FILES.get(encoding)}.tiktoken`);
  const tokenizer = tiktokenTokenizer({ ranks: readFileSync(path), encoding });
  const json = JSON.stringify(tokenizer);
  const again = Tokenizer.fromJSON(json);
  const batch: string[] = [];
  let size = 0;
  let first = true;
  const flush = async (): Promise<void> => {
    const answer = await oracle.ask<{ ids: number[][]; decoded: string[] }>({
      ask: 'tiktoken',
      name: encoding,
      path,
      texts: batch,
    });
    if ('error' in answer) throw new Error(answer.error);
    const runs = batch.map((text) => ({ kind: 'encode', text, special: false }));
    const load = first ? { config: json, keep: `json ${encoding}` } : { kept: `json ${encoding}` };
    // The second library sees the small texts only: it is slow on large ones, and its offsets fill memory.
    const rust =
      size < 400_000
        ? await oracle.ask<{ results: { value: { ids: number[] } }[] }>({ ask: 'case', ...load, runs })
        : undefined;
    if (rust !== undefined && 'error' in rust) throw new Error(rust.error);
    if (rust !== undefined) first = false;
    batch.forEach((text, i) => {
      const ids = [...tokenizer.encodeIds(text)];
      const expected = JSON.stringify(answer.value.ids[i]);
      const checks: [string, string, string][] = [
        ['encodeIds', JSON.stringify(ids), expected],
        ['encode', JSON.stringify([...tokenizer.encode(text).ids]), expected],
        ['from JSON', JSON.stringify([...again.encodeIds(text)]), expected],
        ['decode', tokenizer.decode(ids, { skipSpecialTokens: false }), answer.value.decoded[i]],
      ];
      if (rust !== undefined) {
        const theirs = (rust as { value: { results: { value: { ids: number[] } }[] } }).value.results[i].value.ids;
        checks.push(['tokenizers', JSON.stringify(theirs), expected]);
      }
      for (const [name, ours, wanted] of checks) {
        if (ours === wanted) report.compared();
        else {
          report.differs();
          if (report.differences < 10) {
            const short = text.slice(0, 200);
            report.tell({
              title: `${encoding} ${name}`,
              what: JSON.stringify(short),
              reproduction: JSON.stringify({ text: short }),
            });
          }
        }
      }
    });
    batch.length = 0;
    size = 0;
  };
  for (const text of texts(data)) {
    batch.push(text);
    size += text.length;
    if (size > 200_000) await flush();
  }
  await flush();
}

async function main(): Promise<number> {
  const data = process.env.GERBERT_DATA;
  const names = process.argv.slice(2) as TiktokenEncoding[];
  if (data === undefined || names.some((name) => !FILES.has(name))) {
    console.log(HELP);
    return 2;
  }
  const oracle = new Oracle(oracleScript(process.cwd()));
  const report = new Report();
  try {
    await oracle.start();
    for (const encoding of names.length > 0 ? names : FILES.keys()) {
      await compare(encoding, data, oracle, report);
      console.log(report.summary(`compare tiktoken, up to ${encoding}`));
    }
  } finally {
    oracle.stop();
  }
  return report.differences === 0 ? 0 : 1;
}

process.exitCode = await main();
