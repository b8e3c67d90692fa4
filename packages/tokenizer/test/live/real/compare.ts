import { TextDecoder, TextEncoder } from 'node:util';
import type { JsonObject, Tokenizer } from '../../../src/index.js';
import type { Outcome, Result, Run } from '../case.js';
import { inRun } from '../difference.js';
import type { Oracle } from '../oracle.js';
import { Crash, describe, guarded, loadOurs, runOurs } from '../ours.js';
import type { Report } from '../report.js';
import { Rng } from '../rng.js';
import { simplerRuns } from '../shrink.js';
import {
  CURIOUS,
  codePointTexts,
  corpusTexts,
  ILL_FORMED,
  longTexts,
  normalizationTexts,
  type TextOptions,
} from './texts.js';
import { type RealTokenizer, realTokenizers } from './tokenizers.js';

export interface RealOptions extends TextOptions {
  data: string;
  /** Only tokenizers whose name has this in it. */
  only: string;
}

function mended(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** One tokenizer on both sides, asked the same. */
class Pairing {
  readonly #oracle: Oracle;
  readonly #name: string;
  readonly #ours: Tokenizer;
  readonly #report: Report;

  constructor(oracle: Oracle, name: string, ours: Tokenizer, report: Report) {
    this.#oracle = oracle;
    this.#name = name;
    this.#ours = ours;
    this.#report = report;
  }

  async #theirs(runs: readonly Run[]): Promise<Result[]> {
    const outcome: Outcome = await this.#oracle.ask({ ask: 'case', kept: this.#name, runs });
    if ('error' in outcome) throw new Error(outcome.error);
    return outcome.value.results;
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
    this.#report.tell({ title: this.#name, what: best.what, reproduction: JSON.stringify(best.run).slice(0, 2000) });
  }

  /** Texts with and without special tokens, their ids decoded, and streamed. */
  async compareTexts(texts: Iterable<string>): Promise<void> {
    let runs: Run[] = [];
    let units = 0;
    for (const raw of texts) {
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
        what: `${found}, but with U+FFFD ${expected}`,
        reproduction: JSON.stringify(text),
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

async function compareSettings(
  oracle: Oracle,
  { name, config }: { name: string; config: string },
  texts: string[],
  seed: number,
  report: Report,
) {
  const rng = new Rng(seed);
  for (const [i, setting] of settings(rng).entries()) {
    const changed = { ...(JSON.parse(config) as JsonObject), ...setting };
    const title = `${name} ${JSON.stringify(setting)}`;
    const kept = `${name} ${i}`;
    await oracle.ask({ ask: 'case', config: JSON.stringify(changed), keep: kept, runs: [] });
    const pairing = new Pairing(oracle, kept, loadOurs({ config: changed, added: [] }).tokenizer, report);
    const before = report.differences;
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
    await oracle.ask({ ask: 'forget', kept });
    if (report.differences > before) console.log(`  (${title})`);
  }
}

async function compareOne(oracle: Oracle, real: RealTokenizer, options: RealOptions, report: Report): Promise<void> {
  const config = await real.oracle();
  const loaded: Outcome = await oracle.ask({ ask: 'case', config, keep: real.name, runs: [] });
  if ('error' in loaded) throw new Error(`${real.name}: ${loaded.error}`);
  const ours = await real.ours();
  const pairing = new Pairing(oracle, real.name, ours, report);
  await pairing.compare([{ kind: 'json' }]);
  await pairing.compareTexts(CURIOUS);
  pairing.compareIllFormed();
  const corpus = [...corpusTexts(options.data, options)];
  await pairing.compareTexts(corpus);
  await pairing.compareTexts(normalizationTexts(options.data, options));
  await pairing.compareTexts(codePointTexts(options));
  await pairing.compareTexts(longTexts(new Rng(options.seed), 1 << 20));
  await compareSettings(oracle, { name: real.name, config }, corpus, options.seed, report);
  await oracle.ask({ ask: 'forget', kept: real.name });
}

/** Every tokenizer of the data folder on every kind of text. */
export async function compareRealTokenizers(oracle: Oracle, options: RealOptions, report: Report): Promise<void> {
  for (const real of realTokenizers(oracle, options.data)) {
    if (!real.name.includes(options.only)) continue;
    const [before, start] = [{ ...report }, Date.now()];
    try {
      await compareOne(oracle, real, options, report);
    } catch (error) {
      if (!(error instanceof Crash) && (error as { code?: string }).code === undefined) throw error;
      report.differs();
      report.tell({ title: real.name, what: `${(error as Error).message}`, reproduction: real.name });
    }
    const counts = `${report.comparisons - before.comparisons} comparisons, ${report.differences - before.differences} differences`;
    console.log(`${real.name}: ${counts}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
}
