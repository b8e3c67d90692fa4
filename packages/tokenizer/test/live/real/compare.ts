import { TextDecoder, TextEncoder } from 'node:util';
import type { JsonObject, Tokenizer } from '../../../src/index.js';
import type { Result, Run } from '../case.js';
import { type Comparison, type Context, goesOn } from '../comparison.js';
import { inRun } from '../difference.js';
import type { Oracle } from '../oracle.js';
import { Crash, describe, guarded, loadOurs, runOurs } from '../ours.js';
import type { Report } from '../report.js';
import { Rng } from '../rng.js';
import { simplerRuns } from '../shrink.js';
import { CURIOUS, codePointTexts, corpusTexts, ILL_FORMED, longTexts, normalizationTexts } from './texts.js';
import { type RealTokenizer, realTokenizers } from './tokenizers.js';

/** One thing to do again, with a published tokenizer that has other truncation and padding. */
interface Given {
  run: Run;
  setting: JsonObject;
}

function mended(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** One tokenizer on both sides, asked the same. */
class Pairing {
  readonly #oracle: Oracle;
  readonly #name: string;
  readonly #setting: JsonObject;
  readonly #ours: Tokenizer;
  readonly #report: Report;
  readonly #context: Context;

  private constructor(context: Context, name: string, setting: JsonObject, ours: Tokenizer) {
    this.#context = context;
    this.#oracle = context.oracle;
    this.#report = context.report;
    this.#name = name;
    this.#setting = setting;
    this.#ours = ours;
  }

  /** `setting`: truncation and padding in the place of the config's. */
  static async of(context: Context, name: string, config: string, ours: Tokenizer, setting: JsonObject = {}) {
    const changed = { ...(JSON.parse(config) as JsonObject), ...setting };
    const text = Object.keys(setting).length === 0 ? config : JSON.stringify(changed);
    await context.oracle.value({ ask: 'cases.run', config: text, keep: name, runs: [] });
    const other = text === config ? ours : loadOurs({ config: changed, added: [] }).tokenizer;
    return new Pairing(context, name, setting, other);
  }

  async forget(): Promise<void> {
    await this.#oracle.value({ ask: 'cases.forget', kept: this.#name });
  }

  async #theirs(runs: readonly Run[]): Promise<Result[]> {
    const question = { ask: 'cases.run', kept: this.#name, runs };
    return (await this.#oracle.value<{ results: Result[] }>(question)).results;
  }

  #differenceOf(run: Run, ours: Result, theirs: Result): string | undefined {
    const found = inRun(run, ours, theirs);
    if (found !== undefined || run.kind !== 'encode' || run.pair !== undefined || 'error' in ours) return found;
    const ids = JSON.stringify([...this.#ours.encodeIds(run.text)]);
    const plain = { addSpecialTokens: false, truncation: null, padding: null } as const;
    const expected = JSON.stringify([...this.#ours.encode(run.text, plain).ids]);
    return ids === expected ? undefined : `encodeIds: ${ids.slice(0, 300)}, but encode: ${expected.slice(0, 300)}`;
  }

  async compare(runs: readonly Run[]): Promise<void> {
    const ours = runOurs(this.#ours, runs);
    const theirs = await this.#theirs(runs);
    for (const [i, run] of runs.entries()) {
      this.#report.compared();
      const found = this.#differenceOf(run, ours[i], theirs[i]);
      if (found !== undefined) await this.#tell(run, found);
    }
  }

  async #tell(run: Run, what: string): Promise<void> {
    this.#report.differs();
    const kind = what.split(':')[0];
    let best = { run, what };
    let tries = 400;
    for (let progress = this.#report.differences <= 20; progress; ) {
      progress = false;
      for (const run of simplerRuns(best.run)) {
        if (tries-- <= 0) break;
        const [theirs] = await this.#theirs([run]);
        const found = this.#differenceOf(run, runOurs(this.#ours, [run])[0], theirs);
        if (found === undefined || found.split(':')[0] !== kind) continue;
        best = { run, what: found };
        progress = true;
        break;
      }
    }
    const given: Given = { run: best.run, setting: this.#setting };
    this.#report.tell({ title: this.#name, what: best.what, arguments: ['--only', this.#name, '--case', '-'], given });
  }

  /** Texts with and without special tokens, their ids decoded, and streamed. */
  async compareTexts(texts: Iterable<string>): Promise<void> {
    let runs: Run[] = [];
    let units = 0;
    for (const raw of texts) {
      if (!goesOn(this.#context)) return;
      const text = mended(raw);
      runs.push({ kind: 'encode', text, special: runs.length % 2 === 0 });
      const ids = [...this.#ours.encodeIds(text)];
      runs.push({ kind: 'decode', ids, skip: runs.length % 4 === 1 });
      if (runs.length % 7 === 0) runs.push({ kind: 'stream', ids: ids.slice(0, 300), skip: false });
      units += text.length + 60;
      if (units < 300_000) continue;
      await this.compare(runs);
      [runs, units] = [[], 0];
    }
    await this.compare(runs);
  }

  /** Ours alone: Python takes no lone surrogates. */
  compareIllFormed(): void {
    for (const text of ILL_FORMED) {
      this.#report.compared();
      const [found, expected] = [text, mended(text)].map((t) =>
        JSON.stringify(guarded(() => describe(this.#ours.encode(t)))),
      );
      if (found === expected) continue;
      this.#report.differs();
      this.#report.tell({
        title: this.#name,
        what: `${JSON.stringify(text)}: ${found}, but with U+FFFD ${expected}`,
        arguments: ['--only', this.#name],
      });
    }
  }
}

/** Truncation and padding in many ways, with and without pairs. */
function settings(rng: Rng): JsonObject[] {
  return Array.from({ length: 12 }, () => ({
    truncation: rng.chance(0.15)
      ? null
      : {
          direction: rng.pick(['Right', 'Left']),
          max_length: rng.pick([8, 16, 32, 128]),
          strategy: rng.pick(['LongestFirst', 'OnlyFirst', 'OnlySecond']),
          stride: rng.pick([0, 1, 4]),
        },
    padding: rng.chance(0.4)
      ? null
      : {
          strategy: rng.chance(0.5) ? 'BatchLongest' : { Fixed: rng.pick([16, 64]) },
          direction: rng.pick(['Right', 'Left']),
          pad_to_multiple_of: rng.pick([null, 8]),
          pad_id: 0,
          pad_type_id: rng.int(0, 1),
          pad_token: '[PAD]',
        },
  }));
}

async function compareSettings(context: Context, { name, config, ours }: Loaded, texts: string[]): Promise<void> {
  const rng = new Rng(context.settings.seed);
  for (const setting of settings(rng)) {
    const pairing = await Pairing.of(context, name, config, ours, setting);
    const short = () => mended(rng.pick(texts).slice(0, rng.int(0, 400)));
    const runs: Run[] = Array.from({ length: 12 }, () => ({
      kind: 'encode',
      text: short(),
      pair: short(),
      special: rng.chance(0.7),
    }));
    runs.push(...Array.from({ length: 6 }, (): Run => ({ kind: 'encode', text: short(), special: rng.chance(0.7) })));
    runs.push({ kind: 'batch', texts: [short(), short(), short()], special: true });
    await pairing.compare(runs);
  }
}

interface Loaded {
  name: string;
  config: string;
  ours: Tokenizer;
}

async function compareOne(context: Context, { name, ...real }: RealTokenizer): Promise<void> {
  const { settings } = context;
  const loaded: Loaded = { name, config: await real.oracle(), ours: await real.ours() };
  if (settings.given !== undefined) {
    const { run, setting } = settings.given as Given;
    return (await Pairing.of(context, name, loaded.config, loaded.ours, setting)).compare([run]);
  }
  const pairing = await Pairing.of(context, name, loaded.config, loaded.ours);
  await pairing.compare([{ kind: 'json' }]);
  await pairing.compareTexts(CURIOUS);
  pairing.compareIllFormed();
  await pairing.compareTexts(normalizationTexts(settings.data, settings));
  await pairing.compareTexts(codePointTexts(settings));
  await pairing.compareTexts(longTexts(new Rng(settings.seed), settings.all ? 1 << 20 : 1 << 17));
  const corpus = [...corpusTexts(settings.data, settings)];
  await pairing.compareTexts(corpus);
  await compareSettings(context, loaded, corpus);
  await pairing.forget();
}

/** Every tokenizer of the data folder on every kind of text. */
async function compareRealTokenizers(context: Context): Promise<void> {
  const { oracle, report, settings } = context;
  for (const each of realTokenizers(oracle, settings.data)) {
    if (!each.name.includes(settings.only) || !goesOn(context)) continue;
    const [{ comparisons, differences }, start] = [report, Date.now()];
    try {
      await compareOne(context, each);
    } catch (error) {
      if (!(error instanceof Crash) && (error as { code?: string }).code === undefined) throw error;
      report.differs();
      report.tell({ title: each.name, what: `${(error as Error).message}`, arguments: ['--only', each.name] });
    }
    const counts = `${report.comparisons - comparisons} comparisons, ${report.differences - differences} differences`;
    console.log(`${each.name}: ${counts}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
}

export const real: Comparison = {
  about: 'published tokenizers of the data folder on its corpora, code points, normalization tests and curious texts',
  takesCase: true,
  run: compareRealTokenizers,
};
