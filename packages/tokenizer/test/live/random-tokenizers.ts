import type { JsonObject } from '../../src/index.js';
import { AlignedText } from '../../src/text/aligned-text.js';
import type { Case, Outcome } from './case.js';
import { inOutcomes } from './difference.js';
import { randomCase } from './generator/case.js';
import { type Oracle, OracleGone } from './oracle.js';
import { Crash, inconsistency, loadOurs, ourOutcome } from './ours.js';
import type { Report } from './report.js';
import { shrink } from './shrink.js';

export interface RandomOptions {
  seed: number;
  /** Stop after so many cases, or after so many milliseconds. */
  cases: number;
  milliseconds: number;
  /** Go on after a difference, and tell each kind of them once. */
  keepGoing: boolean;
  /** The case of a seed; whole random tokenizers by default. */
  make?: (seed: number) => Case;
}

/** What a case came to: nothing, a difference, or something that this package does not do yet. */
type Verdict = { difference: string } | { unsupported: string } | { gone: string } | undefined;

const UNSUPPORTED = /^\[TOKENIZER_COMPONENT_UNSUPPORTED\] ([^;]*)|^.*not yet.*/;

/**
 * Added tokens that normalize to nothing, or to the same: the library then panics, or takes one that changes from run to run.
 */
function ambiguous({ config, added }: Case): boolean {
  const { tokenizer } = loadOurs({ config, added: [] });
  const { normalizer } = tokenizer;
  if (normalizer === undefined) return false;
  const forms = new Map<string, string>();
  for (const { content, normalized } of added) {
    if (!normalized) continue;
    const form = normalizer.normalize(AlignedText.untracked(content)).text;
    if (form === '' || (forms.get(form) ?? content) !== content) return true;
    forms.set(form, content);
  }
  return false;
}

async function judge(oracle: Oracle, given: Case): Promise<Verdict> {
  try {
    const ours = ourOutcome(given);
    const unsupported = 'error' in ours ? UNSUPPORTED.exec(ours.error) : null;
    if (unsupported !== null) return { unsupported: unsupported[1] ?? unsupported[0] };
    if ('value' in ours && ambiguous(given))
      return { unsupported: 'added tokens that normalize to nothing or the same' };
    const question = {
      ask: 'case',
      config: JSON.stringify(given.config),
      added: given.added,
      runs: wellFormed(given.runs).map((run) => (run.kind === 'stream' ? { ...run, kind: 'decode' } : run)),
    };
    const theirs: Outcome = await oracle.ask(question);
    const found = inOutcomes(given.runs, ours, theirs);
    if (found !== undefined) return { difference: found.what };
    if ('error' in ours) return undefined;
    const inner = inconsistency(given);
    return inner === undefined ? undefined : { difference: `ours alone: ${inner}` };
  } catch (error) {
    if (error instanceof Crash) return { difference: `crash: ${error.message}` };
    if (error instanceof OracleGone) return { gone: error.message };
    throw error;
  }
}

function mended(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** Python refuses lone surrogates; ours has to take each as U+FFFD. */
function wellFormed<T>(runs: T): T {
  return JSON.parse(JSON.stringify(runs), (_, value) => (typeof value === 'string' ? mended(value) : value));
}

/** What a difference is about, without its particulars. */
function kindOf(difference: string): string {
  return difference
    .replace(/(overflowing\[\d+\]\.)+/, 'overflowing.')
    .replace(/batch\[\d+\]\./, '')
    .replace(/: (ours|theirs) .*|".*/s, '')
    .replace(/\d+/g, 'n')
    .slice(0, 100);
}

function typesIn(part: unknown): string {
  if (typeof part !== 'object' || part === null) return '';
  const own = (part as JsonObject).type;
  const inner = Object.values(part).flatMap((value) => (Array.isArray(value) ? value.map(typesIn) : []));
  return [own, ...inner].filter((type) => type !== '' && type !== undefined).join('+');
}

function componentsOf({ config, added }: Case): string {
  const parts = ['normalizer', 'pre_tokenizer', 'model', 'post_processor', 'decoder'].map((key) =>
    typesIn(config[key]),
  );
  const set = ['truncation', 'padding'].filter((key) => config[key] !== null);
  if (added.length > 0) set.push('added');
  return [...parts, ...set].filter((name) => name !== '').join(' ');
}

/** The tokenizers of seeds `seed`, `seed` + 1, … */
export async function compareRandomTokenizers(oracle: Oracle, options: RandomOptions, report: Report): Promise<void> {
  const until = Date.now() + options.milliseconds;
  const told = new Set<string>();
  for (let i = 0; i < options.cases && Date.now() < until; i++) {
    const seed = options.seed + i;
    const given = (options.make ?? randomCase)(seed);
    const verdict = await judge(oracle, given);
    if (verdict === undefined) {
      report.compared(given.runs.length);
    } else if ('unsupported' in verdict) {
      report.skipped(verdict.unsupported);
    } else if ('gone' in verdict) {
      report.skipped(`the oracle failed: ${verdict.gone}`);
    } else {
      await tell(oracle, given, { seed, what: verdict.difference }, told, report);
      if (!options.keepGoing) return;
    }
  }
}

async function tell(
  oracle: Oracle,
  given: Case,
  { seed, what }: { seed: number; what: string },
  told: Set<string>,
  report: Report,
): Promise<void> {
  const kind = kindOf(what);
  const rough = `${kind} of ${componentsOf(given)}`;
  report.differs();
  if (told.has(rough)) return;
  told.add(rough);
  const small = await shrink(given, async (smaller) => {
    const verdict = await judge(oracle, smaller);
    return verdict !== undefined && 'difference' in verdict && kindOf(verdict.difference) === kind;
  });
  const name = `${kind} of ${componentsOf(small)}`;
  if (told.has(name)) return;
  told.add(name);
  const verdict = await judge(oracle, small);
  report.tell({
    title: `seed ${seed}: ${name}`,
    what: verdict !== undefined && 'difference' in verdict ? verdict.difference : what,
    reproduction: JSON.stringify(small),
  });
}

/** One case from a file or the command line, to look at again. */
export async function compareCase(oracle: Oracle, given: Case, report: Report): Promise<void> {
  const verdict = await judge(oracle, given);
  if (verdict === undefined) return report.compared(given.runs.length);
  if ('difference' in verdict) {
    report.differs();
    report.tell({ title: componentsOf(given), what: verdict.difference, reproduction: JSON.stringify(given) });
  } else {
    report.skipped(Object.values(verdict)[0]);
  }
}
