import { TokenizerError } from '../../src/errors.js';
import type { Json } from '../../src/json/fields.js';
import { readNormalizer } from '../../src/normalizers/from-json.js';
import type { Normalizer } from '../../src/normalizers/normalizer.js';
import { AlignedText } from '../../src/text/aligned-text.js';
import { type Comparison, type Context, goesOn, seeds } from './comparison.js';
import { Rng } from './rng.js';

type Result = { text: string; spans: number[] } | { panic: true };

/** What changes, by number of the text. */
type Changes = Record<number, Result>;

const BLOCKS = Array.from({ length: 0x1100 }, (_, block) => block).filter((block) => block < 0xd8 || block >= 0xe0);
/** Blocks, or texts, in one question. */
const TOGETHER = 50;

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

function theirs(changes: Changes, i: number, text: string): Result {
  return changes[i] ?? described({ text, start: (i) => i, end: (i) => i + 1 });
}

/** A normalizer on both sides. */
class Pairing {
  readonly spec: Json;
  readonly name: string;
  readonly #normalizer: Normalizer;
  readonly #context: Context;

  constructor(context: Context, spec: Json) {
    this.#context = context;
    this.spec = spec;
    this.name = JSON.stringify(spec).slice(0, 120);
    this.#normalizer = readNormalizer(spec)!;
  }

  compare(texts: readonly string[], changes: Changes, arguments_: readonly (string | number)[]): void {
    const { report } = this.#context;
    for (const [i, text] of texts.entries()) {
      const [got, want] = [ours(this.#normalizer, text), theirs(changes, i, text)].map((r) => JSON.stringify(r));
      report.compared();
      if (got === want) continue;
      report.differs();
      const what = `${JSON.stringify(text)}: ours ${got.slice(0, 200)}, theirs ${want.slice(0, 200)}`;
      report.tell({ title: this.name, what, arguments: arguments_ });
    }
  }

  /** Every character alone, and between letters. */
  async compareBlocks(blocks: readonly number[]): Promise<void> {
    const { oracle, settings } = this.#context;
    for (let at = 0; at < blocks.length && goesOn(this.#context); at += TOGETHER) {
      const some = blocks.slice(at, at + TOGETHER);
      const question = { ask: 'normalizers.blocks', normalizer: this.spec, blocks: some };
      const answers = await oracle.value<Changes[]>(question);
      const again = ['--seed', settings.seed, ...(settings.all ? ['--all'] : [])];
      for (const [i, changes] of answers.entries()) this.compare(blockTexts(some[i]), changes, again);
    }
  }

  /** The random texts of a seed. */
  async compareTexts(seed: number): Promise<void> {
    const question = { ask: 'normalizers.texts', normalizer: this.spec, seed, count: TOGETHER };
    const { texts, changed } = await this.#context.oracle.value<{ texts: string[]; changed: Changes }>(question);
    this.compare(texts, changed, ['--seed', seed, '--cases', 1]);
  }
}

/** The first blocks, where most happens, and a few of the others. */
function sampled(seed: number): number[] {
  const rng = new Rng(seed);
  return BLOCKS.filter((block) => block < 0x32 || rng.chance(block < 0x310 ? 0.05 : 0.01));
}

async function compareNormalizers(context: Context): Promise<void> {
  const { oracle, settings } = context;
  const specs = await oracle.value<{ characters: Json[]; texts: Json[] }>({ ask: 'normalizers.specs' });
  const pairings = (list: Json[]) =>
    list.map((spec) => new Pairing(context, spec)).filter(({ name }) => name.includes(settings.only));
  const [ofCharacters, ofTexts] = [pairings(specs.characters), pairings(specs.texts)];
  for (const pairing of ofCharacters) {
    await pairing.compareBlocks(settings.all ? BLOCKS : sampled(settings.seed));
  }
  for (const seed of seeds(context, 10)) {
    for (const pairing of [...ofCharacters, ...ofTexts]) await pairing.compareTexts(seed);
  }
}

export const normalizers: Comparison = {
  about: 'normalizers on code points alone and between letters, and on random texts (50 to a case)',
  packages: ['sentencepiece'],
  run: compareNormalizers,
};
