import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { TokenizerError } from '../../src/errors.js';
import type { Json } from '../../src/json/fields.js';
import { readNormalizer } from '../../src/normalizers/from-json.js';
import type { Normalizer } from '../../src/normalizers/normalizer.js';
import { AlignedText } from '../../src/text/aligned-text.js';
import { Report } from './report.js';

const HELP = `Compares the normalizers with Python's tokenizers, live: on every code point alone and between letters, and on random texts.

  npm run compare-normalizers -- [--seed S] [--texts N]

Environment: PYTHON, an interpreter with tokenizers==0.23.3 and sentencepiece. Takes some minutes.
Exits with 1 on a difference.`;

type Result = { text: string; spans: number[] } | { panic: true };

/** What normalizers.py says: a normalizer, of which the lines that follow are; a block's or some texts' changes by number. */
type Line =
  | { normalizer: Json }
  | { block: number; changed: Record<number, Result> }
  | { texts: string[]; changed: Record<number, Result> };

function blockTexts(block: number): string[] {
  const characters = Array.from({ length: 256 }, (_, k) => String.fromCodePoint(256 * block + k));
  return [...characters, characters.map((c) => `a${c}b${c} `).join('')];
}

function described({ text, start, end }: Described): Result {
  const spans: number[] = [];
  for (let i = 0; i < text.length; ) {
    const next = i + (text.codePointAt(i)! > 0xffff ? 2 : 1);
    spans.push(start(i), end(next - 1));
    i = next;
  }
  return { text, spans };
}

interface Described {
  text: string;
  start(i: number): number;
  end(i: number): number;
}

function ours(normalizer: Normalizer, text: string): Result {
  try {
    const normal = normalizer.normalize(AlignedText.of(text));
    return described({ text: normal.text, start: (i) => normal.start(i), end: (i) => normal.end(i) });
  } catch (error) {
    if (error instanceof TokenizerError && error.code === 'TOKENIZER_NORMALIZATION_IMPOSSIBLE') return { panic: true };
    throw error;
  }
}

function theirs(changed: Record<number, Result>, i: number, text: string): Result {
  return changed[i] ?? described({ text, start: (i) => i, end: (i) => i + 1 });
}

async function main(): Promise<number> {
  const options = {
    seed: { type: 'string', default: '1' },
    texts: { type: 'string', default: '5000' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const report = new Report();
  const arguments_ = ['test/live/normalizers.py', values.seed, values.texts];
  const child = spawn(process.env.PYTHON || 'python3', arguments_, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, RUST_BACKTRACE: '0' },
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
  let normalizer: Normalizer | undefined;
  let name = '';
  let told = 0;
  for await (const row of createInterface({ input: child.stdout })) {
    const line = JSON.parse(row) as Line;
    if ('normalizer' in line) {
      normalizer = readNormalizer(line.normalizer);
      name = JSON.stringify(line.normalizer).slice(0, 120);
      told = 0;
      continue;
    }
    const texts = 'block' in line ? blockTexts(line.block) : line.texts;
    texts.forEach((text, i) => {
      const [got, want] = [ours(normalizer!, text), theirs(line.changed, i, text)].map((r) => JSON.stringify(r));
      report.compared();
      if (got === want) return;
      report.differs();
      if (told++ > 3) return;
      const what = `ours ${got.slice(0, 200)}\n  theirs ${want.slice(0, 200)}`;
      report.tell({
        title: name,
        what,
        reproduction: `${'block' in line ? `block ${line.block}, ` : ''}${JSON.stringify(text)}`,
      });
    });
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${arguments_[0]} ended with ${code}; see --help for what it needs`);
  console.log(report.summary('normalizers'));
  return report.differences === 0 ? 0 : 1;
}

process.exitCode = await main();
